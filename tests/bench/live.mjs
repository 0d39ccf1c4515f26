// Last part of `cargo xtask bench web`: ten thousand sessions opened from Callboard's server and from a folder, each in
// comparison with dropping the same files; the time until a change is shown; the work while nothing happens. It prints
// figures and asserts nothing.
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { launch } from "../e2e/support/browsers.mjs";
import { dropPaths } from "../e2e/support/files.mjs";
import { startCallboard } from "../e2e/support/live.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { load, median, ms, print } from "./figures.mjs";

const { CALLBOARD_DIST, CALLBOARD_SESSIONS, CALLBOARD_SESSIONS_FILES } = process.env;
const FILES = Number(CALLBOARD_SESSIONS_FILES);
const LONG = 10 * 60_000;

/** Seconds for which the work of an idle page and server is measured. */
const IDLE = 20;

/** Waits until a drop is reported; returns the number of sessions. A few of the files are damaged. */
async function dropped(page) {
  await page.waitForFunction(() => document.querySelector(".import-outcome") !== null, { polling: 50 });
  return page.$eval(".nav-exact", (number) => number.innerText);
}

/** Waits until the dashboard counts all sessions, and the source is followed. */
const followed = (page, sessions) =>
  page.waitForFunction(
    (sessions) => {
      const isWhole = document.querySelector(".nav-exact")?.innerText === sessions;
      return isWhole && document.querySelector(".source-lamp")?.dataset.state === "on";
    },
    { polling: 50 },
    sessions,
  );

/** Opens a page of its own, with empty storage. */
async function visit(browser, address, work) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(LONG);
  await page.setViewport({ width: 1440, height: 900 });
  try {
    if (address) await page.goto(address);
    return await work(page);
  } finally {
    await context.close();
  }
}

/** Processor time of a process so far, in seconds; undefined where the system does not tell. */
async function processorTime(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Processor time of all of the browser's processes so far, in seconds. */
async function browserTime(browser) {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

const share = (seconds) => (seconds === undefined ? "not known" : `${((100 * seconds) / IDLE).toFixed(2)} % of a core`);

const folder = await mkdtemp(join(tmpdir(), "callboard-bench-"));
const sessions = join(folder, "sessions");
await cp(CALLBOARD_SESSIONS, sessions, { recursive: true });
const entries = await readdir(sessions, { recursive: true, withFileTypes: true });
const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const names = paths.map((path) => relative(sessions, path)).sort();
const files = await startServer({ dir: CALLBOARD_DIST });
const server = await startCallboard(folder);
const browser = await launch("chromium");
try {
  console.log(`\n${FILES} sessions in a folder (${load()})\n`);
  const times = { drop: [], server: [], folder: [] };
  const changes = [];
  let count;
  for (let round = 0; round < 3; round++) {
    times.drop.push(
      await visit(browser, files.url, async (page) => {
        await page.waitForSelector(".welcome");
        const began = performance.now();
        await dropPaths(page, [sessions]);
        count = await dropped(page);
        return performance.now() - began;
      }),
    );
    times.server.push(
      await visit(browser, undefined, async (page) => {
        const began = performance.now();
        await page.goto(server.url);
        await followed(page, count);
        const time = performance.now() - began;
        if (round === 2) {
          await pause(3000);
          const [pageBefore, serverBefore] = [await browserTime(browser), await processorTime(server.pid)];
          await pause(IDLE * 1000);
          print("idle page", share((await browserTime(browser)) - pageBefore));
          const serverAfter = await processorTime(server.pid);
          print("idle server", share(serverAfter === undefined ? undefined : serverAfter - serverBefore), "bar: 2 %");
          const path = join(sessions, names[0]);
          await page.goto(`${new URL(server.url).origin}/#/sessions/${JSON.parse(await readFile(path, "utf8")).session_id}`);
          await page.waitForSelector(".page.session h1");
          for (let change = 0; change < 10; change++) {
            const text = await readFile(path, "utf8");
            const topic = `Changed ${change}`;
            const shown = page.waitForFunction((topic) => document.querySelector("h1")?.innerText === topic, { polling: 10 }, topic);
            const began = performance.now();
            await writeFile(path, text.replace(/"topic": "[^"]*"/u, `"topic": "${topic}"`));
            await shown;
            changes.push(performance.now() - began);
          }
        }
        return time;
      }),
    );
    times.folder.push(
      await visit(browser, files.url, async (page) => {
        await page.waitForSelector(".welcome");
        // The picker cannot be driven: the folder is one of the browser's own, with the same files.
        for (let at = 0; at < names.length; at += 500) {
          const some = await Promise.all(names.slice(at, at + 500).map(async (name) => [name, await readFile(join(sessions, name), "utf8")]));
          await page.evaluate(async (some) => {
            const root = await navigator.storage.getDirectory();
            const folder = await root.getDirectoryHandle("production", { create: true });
            for (const [name, text] of some) {
              const parts = name.split("/");
              const last = parts.pop();
              let place = folder;
              for (const part of parts) place = await place.getDirectoryHandle(part, { create: true });
              const file = await place.getFileHandle(last, { create: true });
              const stream = await file.createWritable();
              await stream.write(text);
              await stream.close();
            }
            globalThis.showDirectoryPicker = async () => folder;
          }, some);
        }
        const began = performance.now();
        await page.locator("::-p-text(Open folder)").click();
        await followed(page, count);
        return performance.now() - began;
      }),
    );
  }
  const drop = median(times.drop);
  print("drop to complete dashboard", ms(drop));
  print("server: start of the page to complete dashboard", ms(median(times.server)), `${(median(times.server) / drop).toFixed(2)} \u00d7 of a drop (bar: 1.5)`);
  print("folder: click to complete dashboard", ms(median(times.folder)), `${(median(times.folder) / drop).toFixed(2)} \u00d7 of a drop (bar: 1.5)`);
  print("changed file to the page", ms(median(changes)), `longest ${ms(Math.max(...changes))} (bar: 500 ms)`);
} finally {
  await browser.close();
  await server.kill();
  await files.close();
  await rm(folder, { recursive: true, force: true });
}
