// How fast a session's page is with a long history: from the press to the drawn page, and how even a pan
// and a zoom are. It prints its figures as JSON, one object a browser.
//
//   CALLBOARD_DIST=dist CALLBOARD_CHROMIUM=… CALLBOARD_FIREFOX=… node tests/bench/session.mjs [entries]
import { BROWSERS, launch } from "../e2e/support/browsers.mjs";
import { dropFiles } from "../e2e/support/files.mjs";
import { longSession } from "../e2e/support/long.mjs";
import { startServer } from "../e2e/support/server.mjs";

const ENTRIES = Number(process.argv[2] ?? 2_000);
const OPENINGS = 7;
const FRAMES = 180;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const part = (numbers, share) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
const short = (number) => Math.round(number * 10) / 10;

/** Goes to the session and says how long it took until its timeline was painted, in milliseconds. */
function openOnce(id) {
  return new Promise((resolve) => {
    const begun = performance.now();
    location.hash = `#/sessions/${id}`;
    const look = () => {
      if (document.querySelector(".timeline-svg .bar")) {
        // The frame after the one in which it stands has been painted.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - begun);
        requestAnimationFrame(() => channel.port2.postMessage(null));
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
}

/** Moves the timeline a little in each frame; says how long each frame took and the work in it. */
function moveFrames(frames, kind) {
  const track = document.querySelector(".timeline-track");
  const box = track.getBoundingClientRect();
  const wheel = (init) =>
    track.dispatchEvent(
      new WheelEvent("wheel", { bubbles: true, cancelable: true, clientX: box.left + box.width / 2, clientY: box.top + 60, ...init }),
    );
  // Near enough that there is something to pan through.
  if (kind === "pan") for (let i = 0; i < 12; i += 1) wheel({ deltaY: -120, ctrlKey: true });
  return new Promise((resolve) => {
    const between = [];
    const work = [];
    let last = null;
    let left = frames;
    const frame = (time) => {
      if (last !== null) between.push(time - last);
      last = time;
      if (left === 0) return resolve({ between, work });
      left -= 1;
      const begun = performance.now();
      const way = left > frames / 2 ? 1 : -1;
      if (kind === "pan") wheel({ deltaX: way * 14 });
      else wheel({ deltaY: way * -6, ctrlKey: true });
      requestAnimationFrame(frame);
      Promise.resolve().then(() => {
        // Layout is asked for, so that its cost counts too.
        track.getBoundingClientRect();
        work.push(performance.now() - begun);
      });
    };
    requestAnimationFrame(frame);
  });
}

async function measure(name, server) {
  const browser = await launch(name);
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(server.url);
    await page.waitForSelector("main");
    const { id, name: file, bytes } = longSession(ENTRIES);
    await dropFiles(page, [{ name: file, bytes }]);
    await page.waitForFunction(() => document.querySelector("[aria-label='Import report']"));
    const openings = [];
    for (let i = 0; i < OPENINGS; i += 1) {
      await page.evaluate(() => {
        location.hash = "#/settings";
      });
      await page.waitForFunction(() => !document.querySelector(".timeline-svg"));
      openings.push(await page.evaluate(openOnce, id));
    }
    const figures = { browser: name, entries: ENTRIES, openMs: short(median(openings)), openWorstMs: short(Math.max(...openings)) };
    figures.bars = await page.$$eval(".timeline-svg .bar", (bars) => bars.length);
    for (const kind of ["pan", "zoom"]) {
      const { between, work } = await page.evaluate(moveFrames, FRAMES, kind);
      const late = between.filter((time) => time > 25).length;
      figures[kind] = {
        framesPerSecond: short(1000 / (between.reduce((sum, time) => sum + time, 0) / between.length)),
        framesLate: late,
        of: between.length,
        workMedianMs: short(median(work)),
        work99Ms: short(part(work, 0.99)),
      };
    }
    return figures;
  } finally {
    await browser.close();
  }
}

const server = await startServer({ dir: process.env.CALLBOARD_DIST ?? "dist" });
try {
  for (const name of BROWSERS) console.log(JSON.stringify(await measure(name, server)));
} finally {
  await server.close();
}
