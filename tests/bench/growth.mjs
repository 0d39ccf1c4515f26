// Fourth part of `cargo xtask bench web`: a user's actions on a session's page with increasingly long histories, up to a
// file of 77 MB, in Chromium. Reveals costs that grow faster than the text.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launch } from "../e2e/support/browsers.mjs";
import { dropPaths } from "../e2e/support/files.mjs";
import { longSession } from "../e2e/support/long.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { load, ms, print } from "./figures.mjs";

const ENTRIES = (process.env.CALLBOARD_ENTRIES || "1000,10000,100000,400000").split(",").map(Number);
const TIMEOUT = 300_000;

/** Returns a session whose history repeats one line. */
function repeated(entries) {
  const { id, name, bytes } = longSession(entries);
  const line = bytes.split("\n").find((line) => line.includes('"event": "fail"'));
  const head = bytes.slice(0, bytes.indexOf('"history"'));
  return { id, name, bytes: `${head}"history": [\n${Array(entries).fill(line.replace(/,$/, "")).join(",\n")}\n  ]\n}\n` };
}

/** Runs an action in the page. Returns the time until its result was painted and the page was idle. */
function until(deed, done) {
  return new Promise((resolve) => {
    const from = performance.now();
    const channel = new MessageChannel();
    const rest = () =>
      requestIdleCallback(() => {
        resolve(performance.now() - from);
      });
    const look = () => {
      if (!done()) return requestAnimationFrame(look);
      // The frame after the one that contains it: by then it has been painted.
      channel.port1.onmessage = rest;
      requestAnimationFrame(() => channel.port2.postMessage(null));
    };
    deed();
    requestAnimationFrame(look);
  });
}

const button = (name) =>
  `[...document.querySelectorAll("button")].find((button) => button.innerText.trim() === ${JSON.stringify(name)})`;

async function measure(make, entries, server, folder) {
  const { id, name, bytes } = make(entries);
  const path = join(folder, name);
  await writeFile(path, bytes);
  const browser = await launch("chromium");
  const figures = {};
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT);
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(server.url);
    await page.waitForSelector("main");
    const from = Date.now();
    await dropPaths(page, [path]);
    await page.waitForFunction(() => document.querySelector(".import-outcome"));
    figures.import = Date.now() - from;
    const step = async (step, deed, done) => {
      // One script, because the page's policy forbids creating a function from text.
      figures[step] = await page.evaluate(`(${until})(() => { ${deed} }, () => ${done})`);
    };
    await step("open the session", `location.hash = "#/sessions/${id}"`, `document.querySelector(".timeline-svg .bar")`);
    await step("open a form", `${button("Start")}.click()`, `document.querySelector(".preview .diff-come")`);
    await step("close it", `${button("Cancel")}.click()`, `!document.querySelector(".action-form")`);
    await step("open it again", `${button("Start")}.click()`, `document.querySelector(".preview .diff-come")`);
    // The status line reports an action once it is stored and shown.
    const says = (words) => `document.querySelector("footer [role=status]")?.innerText.includes("${words}")`;
    await step("apply", `${button("Apply")}.click()`, `${says("in progress")} && document.querySelector(".timeline-svg .bar")`);
    await step("undo", `document.querySelector(".session-actions button").click()`, `${says("Undid")} && document.querySelector(".timeline-svg .bar")`);
    for (const tab of ["History", "JSON", "Diagnostics"]) {
      const choose = `[...document.querySelectorAll("[role=tab]")].find((tab) => tab.innerText.startsWith("${tab}"))`;
      await step(`the tab ${tab}`, `${choose}.click()`, `${choose}.ariaSelected === "true"`);
    }
  } finally {
    await browser.close();
    await rm(path);
  }
  return figures;
}

const server = await startServer({ dir: process.env.CALLBOARD_DIST });
const folder = await mkdtemp(join(tmpdir(), "callboard-growth-"));
try {
  for (const [title, make] of [["distinct entries", longSession], ["one entry repeated", repeated]]) {
    for (const entries of ENTRIES) {
      console.log(`\nA history of ${entries} entries, ${title}, chromium (${load()})`);
      const figures = await measure(make, entries, server, folder);
      for (const [step, time] of Object.entries(figures)) print(step, ms(time), entries >= 400_000 ? "bar: 2000 ms" : "");
    }
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
