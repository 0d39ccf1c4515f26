// Every page at 200 % and 400 % zoom, on phones, and for a finger: nothing cut, nothing covered, no page wider than its
// window.
import assert from "node:assert/strict";

import { App } from "./pages/app.mjs";
import { resize } from "./support/everywhere.mjs";
import { leave, openFilled, PAGES, show } from "./support/pages.mjs";
import { tooSmall, unreachable } from "./support/reach.mjs";
import { suite } from "./support/suite.mjs";

/** Zoom in a window of 1440 × 900, and phones. */
const SIZES = {
  "200 %": { width: 720, height: 450 },
  "400 %": { width: 360, height: 225 },
  phone: { width: 390, height: 844 },
  "small phone": { width: 320, height: 640 },
};

/** Returns what is found on each page that exists in a window of this size. */
async function look(app, { width }, search) {
  const found = {};
  for (const [page, place] of Object.entries(PAGES)) {
    if (place.size && place.size.width !== width) continue;
    await show(app, { ...place, size: undefined });
    const problems = await app.page.evaluate(search, place.within);
    if (problems.length > 0) found[page] = problems;
    await leave(app, place);
  }
  return found;
}

suite("zoom and touch", ({ test }) => {
  for (const [name, size] of Object.entries(SIZES)) {
    test(`at ${name} every control of every page is in view and uncovered when focused`, async ({ open }) => {
      const app = await openFilled(open);
      await resize(app.page, size);
      assert.deepEqual(await look(app, size, unreachable), {});
    });

    test(`at ${name} the welcome page, the help, the undo history and the tour are in view`, async ({ open }) => {
      const app = await App.open(open, "#/");
      await resize(app.page, size);
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
    const app = await openFilled(open);
    await app.page.setViewport({ ...SIZES.phone, hasTouch: true, isMobile: true });
    await app.until(() => matchMedia("(pointer: coarse)").matches);
    assert.deepEqual(await look(app, SIZES.phone, tooSmall), {});
  });
});
