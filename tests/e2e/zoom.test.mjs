// Every page at 200 % and 400 % zoom, on phones, and for a finger: nothing cut, nothing covered, no page wider than its
// window.
import assert from "node:assert/strict";

import { EP001, ep001, session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { tooSmall, unreachable } from "./support/reach.mjs";
import { suite } from "./support/suite.mjs";

/** Zoom in a window of 1440 × 900, and phones. */
const SIZES = {
  "200 %": { width: 720, height: 450 },
  "400 %": { width: 360, height: 225 },
  phone: { width: 390, height: 844 },
  "small phone": { width: 320, height: 640 },
};

const ID = "ep_001_20240811_1430";
const failed = session({ number: 90, done: 1, status: "failed", minutesAgo: 25, topic: "A bell for every harbour" });

/** Pages by name: address, and a heading or an element that shows that the page is there. */
const PAGES = {
  dashboard: ["#/", ".needs-attention"],
  list: ["#/sessions", "table.sessions tbody tr"],
  session: [`#/sessions/${ID}`, "#tab-panel > *"],
  "session diagram": [`#/sessions/${ID}?tab=diagram`, "#tab-diagram[aria-selected=true]"],
  "session quality": [`#/sessions/${ID}?tab=quality`, "#tab-quality[aria-selected=true]"],
  "session handoffs": [`#/sessions/${ID}?tab=handoffs`, "#tab-handoffs[aria-selected=true]"],
  "session history": [`#/sessions/${ID}?tab=history`, "#tab-history[aria-selected=true]"],
  "session JSON": [`#/sessions/${ID}?tab=json`, "#tab-json[aria-selected=true]"],
  timeline: ["#/timeline", "main h1", "Timeline"],
  schedule: ["#/schedule", "main h1", "Schedule"],
  report: ["#/report", "main h1", "Production report"],
  "new session": ["#/new", "main h1", "New session"],
  changes: ["#/changes", "main h1", "Changes"],
  import: ["#/import", "main h1", "Import"],
  settings: ["#/settings", "#zone"],
  unknown: ["#/nowhere", "main h1"],
};

async function filled(open) {
  const app = await App.open(open);
  const files = [{ name: EP001, bytes: await ep001() }, failed, ...sessions(12), { name: "broken.json", bytes: "{" }];
  await app.drop(files);
  await app.click("button", "Close the import report");
  // A change, so that Changes and the status line have something to show.
  await app.visit("#/");
  await app.dashboard.act(failed.id);
  await app.says("will be retried");
  return app;
}

async function resize(app, size) {
  await app.page.setViewport(size);
  await app.until(({ width, height }) => innerWidth === width && innerHeight === height, size);
}

async function show(app, [hash, selector, heading]) {
  await app.visit(hash);
  await app.page.waitForSelector(selector, { visible: true });
  // The page before may have such an element too.
  if (heading) await app.find("heading", heading);
}

suite("zoom and touch", ({ test }) => {
  for (const [name, size] of Object.entries(SIZES)) {
    test(`at ${name} every control of every page is in view and uncovered when focused`, async ({ open }) => {
      const app = await filled(open);
      await resize(app, size);
      const found = {};
      for (const [page, place] of Object.entries(PAGES)) {
        await show(app, place);
        const problems = await app.page.evaluate(unreachable);
        if (problems.length > 0) found[page] = problems;
      }
      assert.deepEqual(found, {});
    });

    test(`at ${name} the welcome page, the help, the undo history and the tour are in view`, async ({ open }) => {
      const app = await App.open(open, "#/");
      await resize(app, size);
      await app.find("button", "Try it with sample sessions");
      assert.deepEqual(await app.page.evaluate(unreachable), []);
      await app.click("button", "Try it with sample sessions");
      await app.help.step(1, "This one is escalated");
      await app.dashboard.figures(8);
      assert.deepEqual(await app.page.evaluate(unreachable), []);
      await app.click("button", "Close the tour");
      const inView = (selector) =>
        app.until((selector) => {
          const box = document.querySelector(selector)?.getBoundingClientRect();
          return box && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
        }, selector);
      await app.page.keyboard.press("?");
      await inView(".keys-panel");
      await app.page.keyboard.press("Escape");
      await app.page.keyboard.press("h");
      await inView(".side-panel");
    });
  }

  test("controls are large enough for a finger", async ({ open }) => {
    const app = await filled(open);
    await app.page.setViewport({ ...SIZES.phone, hasTouch: true, isMobile: true });
    await app.until(() => matchMedia("(pointer: coarse)").matches);
    const found = {};
    for (const [page, place] of Object.entries(PAGES)) {
      await show(app, place);
      const small = await app.page.evaluate(tooSmall);
      if (small.length > 0) found[page] = small;
    }
    assert.deepEqual(found, {});
  });
});
