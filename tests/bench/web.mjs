// Second part of `cargo xtask bench web`: the app with ten thousand sessions in headless Chromium. It prints figures and
// asserts nothing, because machines and their load differ.
import { setTimeout as pause } from "node:timers/promises";

import { launch } from "../e2e/support/browsers.mjs";
import { dropPaths } from "../e2e/support/files.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { BEGUN, DONE, load, median, ms, print, sayCpu, traced } from "./figures.mjs";

const { CALLBOARD_DIST, CALLBOARD_SESSIONS, CALLBOARD_SESSIONS_BYTES, CALLBOARD_SESSIONS_FILES } = process.env;
const FILES = Number(CALLBOARD_SESSIONS_FILES);
const TEXT = Number(CALLBOARD_SESSIONS_BYTES);
const LONG = 10 * 60_000;
const MB = 1024 * 1024;

const mb = (value) => `${(value / MB).toFixed(1)} MB`;

/** Records long tasks from before the page's first script. Runs in the page. */
function watch(begun, done) {
  const memories = [];
  const { instantiateStreaming, instantiate } = WebAssembly;
  const keep = (result) => {
    const exports = (result.instance ?? result).exports;
    if (exports.memory) memories.push(exports.memory);
    return result;
  };
  WebAssembly.instantiateStreaming = async (...args) => keep(await instantiateStreaming(...args));
  WebAssembly.instantiate = async (...args) => keep(await instantiate(...args));
  const seen = { tasks: [] };
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries()) seen.tasks.push({ duration, startTime });
  }).observe({ type: "longtask", buffered: true });
  globalThis.bench = {
    seen,
    wasm: () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
    /** Runs an action. Returns the time until the frame after the one that shows its result begins. */
    frame: (deed) =>
      new Promise((resolve) => {
        const began = performance.now();
        performance.mark(begun);
        deed();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => {
            performance.mark(done);
            resolve(performance.now() - began);
          };
          channel.port2.postMessage(0);
        });
      }),
  };
}

/** Returns the longest task since `since`, and the number of tasks over 50 ms; the browser records no shorter ones. */
const tasks = async (page, since = 0) => {
  // The observer reports tasks with a short delay.
  await pause(300);
  return page.evaluate((since) => {
    const tasks = globalThis.bench.seen.tasks.filter((task) => task.startTime >= since);
    return { over: tasks.length, longest: Math.max(0, ...tasks.map((task) => task.duration)), at: tasks.map((t) => [Math.round(t.startTime), Math.round(t.duration)]) };
  }, since);
};
const now = (page) => page.evaluate(() => performance.now());
const say = ({ over, longest }) => (over === 0 ? "none" : `${over}, longest ${ms(longest)}`);

const memory = async (page) => {
  const session = await page.createCDPSession();
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  const wasm = await page.evaluate(() => globalThis.bench.wasm());
  return { js: usedSize, wasm, backing: backingStorageSize };
};

const server = await startServer({ dir: CALLBOARD_DIST });
const browser = await launch("chromium");
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(LONG);
  await page.setViewport({ width: 1440, height: 900 });
  await page.evaluateOnNewDocument(watch, BEGUN, DONE);
  await page.goto(`${server.url}#/sessions`);
  await page.waitForSelector(".welcome");
  const before = await memory(page);

  console.log(`\n${FILES} session files, ${mb(TEXT)} of text\n\nImport (${load()})`);
  const began = await now(page);
  let ended = began;
  const imported = await traced(page, async () => {
    await dropPaths(page, [CALLBOARD_SESSIONS]);
    await page.waitForFunction(
      () => document.querySelector(".import-outcome") !== null,
      { polling: 100 },
    );
    await page.waitForSelector("tbody tr[data-session]");
    ended = await now(page);
  });
  print("drop to complete list", ms(ended - began));
  console.log(`    ${await page.$eval(".import-outcome", (e) => e.innerText.trim())}`);
  const importing = await tasks(page, began);
  print("main-thread tasks over 50 ms", say(importing), "bar: none");
  print("of them by the processor's time", sayCpu(imported), "bar: 0");
  if (process.env.BENCH_DEBUG) console.log(importing.at.map(([at, d]) => `${at - Math.round(began)}:${d}`).join(" "));
  const after = await memory(page);
  const sum = after.js + after.wasm;
  print("JavaScript heap", mb(after.js));
  print("WebAssembly memory", mb(after.wasm));
  print("memory against the text (before: empty app)", `${(sum / TEXT).toFixed(2)} \u00d7`, `bar: < 5 (empty app: ${mb(before.js + before.wasm)})`);

  console.log("\nFirst again, from what is stored (" + load() + ")");
  const restoring = 0;
  const started = await traced(page, async () => {
    await page.reload();
    await page.waitForSelector("tbody tr[data-session]");
    print("start to complete list", ms(await now(page)));
  });
  const restored = await tasks(page, restoring);
  print("main-thread tasks over 50 ms", say(restored), "bar: none");
  print("of them by the processor's time", sayCpu(started), "bar: 0");
  if (process.env.BENCH_DEBUG) console.log(restored.at.join(" "));

  console.log("\nThe list: from the input to the frame that shows it (median and worst of 7; " + load() + ")");
  const RUNS = 7;
  const measure = async (name, deeds) => {
    const times = [];
    const since = await now(page);
    const cpu = await traced(page, async () => {
      for (let run = 0; run < RUNS; run++) {
        for (const deed of deeds) times.push(await page.evaluate(deed));
        await pause(50);
      }
    });
    times.sort((a, b) => a - b);
    print(name, `${ms(times[times.length >> 1])} / ${ms(times.at(-1))}`, `bar: 50 ms (long tasks: ${say(await tasks(page, since))})`);
    print(
      "  by the processor's time",
      `${ms(median(cpu.spans))} / ${ms(Math.max(...cpu.spans))}`,
      `bar: 50 ms (tasks over 50 ms: ${sayCpu(cpu)})`,
    );
  };
  const ask = (query) => `globalThis.bench.frame(() => { location.hash = "#/sessions${query}"; dispatchEvent(new HashChangeEvent("hashchange")); })`;
  const type = (text) =>
    `globalThis.bench.frame(() => { const field = document.querySelector("#search"); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new InputEvent("input", { bubbles: true })); })`;
  await measure("search", [type("octopuses"), type("rate limit"), type("")]);
  await measure("filter by state", [ask("?state=FAILED"), ask("")]);
  await measure("filter by health", [ask("?health=stalled"), ask("")]);
  await measure("filter by stage, date and cost", [ask("?stage=writing&from=2024-03-01&min=1"), ask("")]);
  await measure("sort by cost", [ask("?sort=-cost"), ask("?sort=cost")]);
  await measure("sort by topic", [ask("?sort=topic"), ask("?sort=-topic")]);
  await measure("sort by health", [ask("?sort=-health"), ask("?sort=health")]);
  await measure("group by episode", [ask("?group=episode"), ask("")]);

  console.log("\nScrolling the list (3,000 px/s for 4 s; " + load() + ")");
  const since = await now(page);
  let frames = [];
  const scroll = async () => {
    frames = await page.evaluate(async () => {
    const main = document.querySelector("main");
    const frames = [];
    let last = performance.now();
    const until = last + 4_000;
    await new Promise((resolve) => {
      const step = (now) => {
        frames.push(now - last);
        main.scrollTop += (now - last) * 3;
        last = now;
        if (now < until) requestAnimationFrame(step);
        else resolve();
      };
      requestAnimationFrame(step);
    });
    return frames.slice(1);
    });
  };
  const scrolled = await traced(page, scroll);
  frames.sort((a, b) => a - b);
  print("frames", frames.length);
  print("median frame", `${frames[frames.length >> 1].toFixed(1)} ms`, "60 fps: 16.7");
  print("frames over 25 ms", frames.filter((frame) => frame > 25).length);
  print("longest frame", ms(frames.at(-1)));
  print("main-thread tasks over 50 ms", say(await tasks(page, since)), "bar: none");
  print("by the processor's time, a frame", `${(scrolled.sum / frames.length).toFixed(1)} ms`, `60 fps: 16.7; tasks over 50 ms: ${sayCpu(scrolled)}`);
  const rows = await page.$$eval("tbody tr[data-session]", (rows) => rows.length);
  print("rows on the page", rows);

  console.log(`\nThe palette (${load()})`);
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.waitForSelector(".palette-field");
  const find = (text) => type(text).replace("#search", ".palette-field");
  await measure("type in the palette", [find("o"), find("octo"), find("octopuses 12"), find("octopsus"), find("writing.md"), find("")]);
  await page.keyboard.press("Escape");

  console.log(`\nThe dashboard (${load()})`);
  const complete = async () => {
    await page.waitForSelector(".chart-duration");
    await page.waitForFunction((all) => document.querySelector(".figure-of")?.innerText === `of ${all} loaded`, {}, sessions);
  };
  const sessions = await page.$eval(".nav-number", (element) => Number(element.innerText));
  const opening = await now(page);
  const opened = await traced(page, async () => {
    await page.evaluate(() => { location.hash = "#/"; });
    await complete();
  });
  print("from the list to the dashboard", ms((await now(page)) - opening));
  print("main-thread tasks over 50 ms", say(await tasks(page, opening)), "bar: none");
  print("of them by the processor's time", sayCpu(opened), "bar: 0");

  const context = await browser.createBrowserContext();
  const fresh = await context.newPage();
  fresh.setDefaultTimeout(LONG);
  await page.close();
  await fresh.setViewport({ width: 1440, height: 900 });
  await fresh.evaluateOnNewDocument(watch, BEGUN, DONE);
  await fresh.goto(server.url);
  await fresh.waitForSelector(".welcome");
  console.log(`\nImport with the dashboard open (${load()})`);
  const dropped = await now(fresh);
  const cpu = await traced(fresh, async () => {
    await dropPaths(fresh, [CALLBOARD_SESSIONS]);
    await fresh.waitForFunction(
      (all) =>
        document.querySelector(".import-outcome") !== null &&
        document.querySelector(".figure-of")?.innerText === `of ${all} loaded` &&
        document.querySelector(".chart-duration") !== null,
      { polling: 100 },
      sessions,
    );
  });
  print("drop to complete dashboard", ms((await now(fresh)) - dropped));
  print("main-thread tasks over 50 ms", say(await tasks(fresh, dropped)), "bar: none");
  print("of them by the processor's time", sayCpu(cpu), "bar: 0");
} finally {
  await browser.close();
  await server.close();
}
