// One state of the app at both widths and in both themes.
import assert from "node:assert/strict";

import { shot } from "./shot.mjs";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** True if screenshots are kept in target/screenshots. They are for people; no test reads them. */
const PICTURES = Boolean(process.env.CALLBOARD_PICTURES);

/**
 * Fails if the page is wider than its window. With CALLBOARD_PICTURES=1, keeps a screenshot for each width and each
 * theme.
 *
 * @param {import("../pages/app.mjs").App} app
 * @param {string} name
 * @param {object} [options]
 * @param {boolean} [options.whole] also keeps screenshots of the whole page
 * @param {string} [options.show] selector of the element to scroll to the top
 */
export async function everywhere(app, name, { whole = false, show } = {}) {
  for (const [width, size] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    for (const theme of ["light", "dark"]) {
      await app.page.evaluate((theme) => {
        document.documentElement.dataset.theme = theme;
      }, theme);
      await resize(app.page, size);
      if (show) await app.page.$eval(show, (element) => element.scrollIntoView());
      assert.deepEqual(await app.page.evaluate(tooWide), [], `${name}, ${width}, ${theme}`);
      if (!PICTURES) continue;
      await shot(app.page, `${name}-${width}-${theme}`);
      if (!whole) continue;
      // The page scrolls inside the window, so all of it is visible in a window of its height.
      const height = await app.page.$eval("main", (main) => main.scrollHeight + 48 + 96);
      await app.page.setViewport({ ...size, height });
      await shot(app.page, `${name}-whole-${width}-${theme}`);
    }
  }
  await resize(app.page, WIDE);
}

/** Sets the window's size, and waits until the page has it. */
async function resize(page, size) {
  await page.setViewport(size);
  await page.waitForFunction((width) => innerWidth === width, {}, size.width);
}

/** Finds elements that overflow the window horizontally. Runs in the page. */
const tooWide = () =>
  [document.documentElement, document.querySelector("main")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => `${element.localName} is ${element.scrollWidth} wide in ${element.clientWidth}`);
