// First part of `cargo xtask bench web`: the import of ten thousand files, compared with an empty page that reads and
// parses the same files in the same browser and stores nothing.
import { launch } from "../e2e/support/browsers.mjs";
import { dropPaths } from "../e2e/support/files.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { load, median, ms, print } from "./figures.mjs";

const { CALLBOARD_DIST, CALLBOARD_SESSIONS, CALLBOARD_SESSIONS_FILES } = process.env;
const FILES = Number(CALLBOARD_SESSIONS_FILES);
const LONG = 10 * 60_000;
const ROUNDS = 5;

const APP = {
  dir: CALLBOARD_DIST,
  hash: "#/sessions",
  ready: ".welcome",
  isDone: () =>
    document.querySelector(".import-outcome") !== null && document.querySelector("tbody tr[data-session]") !== null,
  read: () => Number(/ in ([\d,]+) files/.exec(document.querySelector(".import-outcome").innerText)[1].replaceAll(",", "")),
};

const BARE = {
  dir: new URL("bare/", import.meta.url).pathname,
  hash: "",
  ready: "p",
  isDone: () => globalThis.outcome !== undefined,
  read: () => globalThis.outcome.parsed + globalThis.outcome.broken,
};

/** Drops the files on a page of a new origin without stored data. Returns the time in milliseconds. */
async function once(browser, { dir, hash, ready, isDone, read }) {
  const server = await startServer({ dir });
  const page = await browser.newPage();
  try {
    page.setDefaultTimeout(LONG);
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(server.url + hash);
    await page.waitForSelector(ready);
    const began = performance.now();
    await dropPaths(page, [CALLBOARD_SESSIONS]);
    await page.waitForFunction(isDone, { polling: 20 });
    const time = performance.now() - began;
    const files = await page.evaluate(read);
    if (files !== FILES) throw new Error(`${files} files were read instead of ${FILES}.`);
    return time;
  } finally {
    await page.close();
    await server.close();
  }
}

const browser = await launch("chromium");
try {
  console.log(`\nImport of ${FILES} files beside a bare page that reads and parses them (${load()})`);
  const times = { app: [], bare: [] };
  // Warms the system's file cache, which the first page would otherwise fill.
  await once(browser, BARE);
  for (let round = 0; round < ROUNDS; round++) {
    const order = [
      ["app", APP],
      ["bare", BARE],
    ];
    if (round % 2 === 1) order.reverse();
    for (const [name, side] of order) times[name].push(await once(browser, side));
    print(`round ${round + 1}`, `${ms(times.app[round])} / ${ms(times.bare[round])}`, `ratio ${(times.app[round] / times.bare[round]).toFixed(2)}`);
  }
  const ratio = median(times.app) / median(times.bare);
  print("import / bare page, medians", `${ms(median(times.app))} / ${ms(median(times.bare))}`);
  print("ratio", `${ratio.toFixed(2)} \u00d7`, "bar: \u2264 1.3");
} finally {
  await browser.close();
}
