// Part of `cargo xtask bench web`: the import of ten thousand files of other pipelines, compared with the import of ten
// thousand session files in the same browser. Bar: no less than half as fast.
import { launch } from "../e2e/support/browsers.mjs";
import { dropPaths } from "../e2e/support/files.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { load, median, ms, print } from "./figures.mjs";

const { CALLBOARD_DIST, CALLBOARD_SESSIONS, CALLBOARD_FOREIGN, CALLBOARD_SESSIONS_FILES } = process.env;
const FILES = Number(CALLBOARD_SESSIONS_FILES);
const LONG = 10 * 60_000;
const ROUNDS = 3;

/** Drops a folder on the app of a new origin. Returns the time until all of its sessions are listed, in milliseconds. */
async function once(browser, folder, row) {
  const server = await startServer({ dir: CALLBOARD_DIST });
  const page = await browser.newPage();
  try {
    page.setDefaultTimeout(LONG);
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(`${server.url}#/sessions`);
    await page.waitForSelector(".welcome");
    const began = performance.now();
    await dropPaths(page, [folder]);
    const isDone = (row) => document.querySelector(".import-running") === null && document.querySelector(`tbody tr[${row}]`) !== null && document.querySelector(".import-outcome") !== null;
    await page.waitForFunction(isDone, { polling: 20 }, row);
    const time = performance.now() - began;
    const listed = await page.$eval(".page-count", (element) => Number(element.innerText.replaceAll(/[^\d]/g, "")));
    if (listed < FILES * 0.99) throw new Error(`${listed} sessions are listed instead of ${FILES}.`);
    return time;
  } finally {
    await page.close();
    await server.close();
  }
}

const browser = await launch("chromium");
try {
  console.log(`\nImport of ${FILES} files of other pipelines beside as many session files (${load()})`);
  const times = { own: [], foreign: [] };
  const order = [
    ["own", CALLBOARD_SESSIONS, "data-session"],
    ["foreign", CALLBOARD_FOREIGN, "data-imported"],
  ];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, folder, row] of round % 2 === 0 ? order : order.toReversed()) {
      times[name].push(await once(browser, folder, row));
    }
    print(`round ${round + 1}`, `${ms(times.foreign[round])} / ${ms(times.own[round])}`);
  }
  const ratio = median(times.own) / median(times.foreign);
  print("foreign / session files, medians", `${ms(median(times.foreign))} / ${ms(median(times.own))}`);
  print("speed", `${ratio.toFixed(2)} \u00d7`, "bar: \u2265 0.5");
} finally {
  await browser.close();
}
