// Third part of `cargo xtask bench web`: the speed of a session's page with a long history, from the click to the painted
// timeline, and the smoothness of panning and zooming, in both browsers.
import { BROWSERS, launch } from "../e2e/support/browsers.mjs";
import { dropFiles } from "../e2e/support/files.mjs";
import { longSession } from "../e2e/support/long.mjs";
import { startServer } from "../e2e/support/server.mjs";
import { BEGUN, DONE, load, median, ms, print, traced } from "./figures.mjs";

const ENTRIES = [2_000, 20];
const OPENINGS = 9;
const FRAMES = 180;

const part = (numbers, share) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];

/** Opens the session. Returns the time until its timeline was painted, in milliseconds. */
function openOnce(id, begun, done) {
  return new Promise((resolve) => {
    const from = performance.now();
    performance.mark(begun);
    location.hash = `#/sessions/${id}`;
    const look = () => {
      if (document.querySelector(".timeline-svg .bar")) {
        // The frame after the one that contains it: by then it has been painted.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          performance.mark(done);
          resolve(performance.now() - from);
        };
        requestAnimationFrame(() => channel.port2.postMessage(null));
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
}

/** Moves the timeline a little in each frame. Returns each frame's duration and work. */
function moveFrames(frames, kind) {
  const track = document.querySelector(".timeline-track");
  const box = track.getBoundingClientRect();
  const wheel = (init) =>
    track.dispatchEvent(
      new WheelEvent("wheel", { bubbles: true, cancelable: true, clientX: box.left + box.width / 2, clientY: box.top + 60, ...init }),
    );
  // Zoomed in, so that there is something to pan.
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
        // Forces layout, so that its cost is included.
        track.getBoundingClientRect();
        work.push(performance.now() - begun);
      });
    };
    requestAnimationFrame(frame);
  });
}

async function measure(name, entries, server) {
  const browser = await launch(name);
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(server.url);
    await page.waitForSelector("main");
    const { id, name: file, bytes } = longSession(entries);
    await dropFiles(page, [{ name: file, bytes }]);
    await page.waitForFunction(() => document.querySelector(".import-outcome"));
    console.log(`\nA session with ${entries} history entries, ${name} (${load()})`);
    const openings = [];
    const open = async () => {
      for (let i = 0; i < OPENINGS; i += 1) {
        await page.evaluate(() => {
          location.hash = "#/settings";
        });
        await page.waitForFunction(() => !document.querySelector(".timeline-svg"));
        // Excludes work that remains from leaving the previous page.
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
        openings.push(await page.evaluate(openOnce, id, BEGUN, DONE));
      }
    };
    // Only Chromium reports its thread's time.
    const cpu = name === "chromium" ? await traced(page, open) : await open();
    const bar = entries >= 2_000 ? "bar: 100 ms" : "";
    print("from the press to the painted timeline", `${ms(median(openings))} / ${ms(Math.max(...openings))}`, bar);
    if (cpu) {
      print("  by the processor's time", `${ms(median(cpu.spans))} / ${ms(Math.max(...cpu.spans))}`, bar);
      print("  longest task by the processor's time", ms(cpu.longest));
    }
    print("bars drawn", await page.$$eval(".timeline-svg .bar", (bars) => bars.length));
    for (const kind of ["pan", "zoom"]) {
      const { between, work } = await page.evaluate(moveFrames, FRAMES, kind);
      const perSecond = 1000 / (between.reduce((sum, time) => sum + time, 0) / between.length);
      const late = between.filter((time) => time > 25).length;
      print(`${kind}: frames a second`, perSecond.toFixed(1), `bar: 60 (${late} of ${between.length} late)`);
      print("  work in a frame, median and 99 of 100", `${ms(median(work))} / ${ms(part(work, 0.99))}`);
    }
  } finally {
    await browser.close();
  }
}

const server = await startServer({ dir: process.env.CALLBOARD_DIST });
try {
  for (const entries of ENTRIES) for (const name of BROWSERS) await measure(name, entries, server);
} finally {
  await server.close();
}
