// One state of the app at both widths and in both themes.
import assert from "node:assert/strict";

import { shot } from "./shot.mjs";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** Whether pictures are kept in target/screenshots: they are for people, and nothing is asserted of them. */
const PICTURES = Boolean(process.env.CALLBOARD_PICTURES);

/**
 * Fails where the page is wider than its window. With CALLBOARD_PICTURES=1, keeps a screenshot for each width and each
 * theme.
 *
 * @param {import("../pages/app.mjs").App} app
 * @param {string} name
 * @param {object} [options]
 * @param {boolean} [options.whole] pictures of the whole page, too
 * @param {string} [options.show] what is scrolled to the top of the view
 */
export async function everywhere(app, name, { whole = false, show } = {}) {
  for (const [width, size] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    for (const theme of ["light", "dark"]) {
      await app.page.evaluate((theme) => {
        document.documentElement.dataset.theme = theme;
      }, theme);
      await app.page.setViewport(size);
      if (show) await app.page.$eval(show, (element) => element.scrollIntoView());
      assert.deepEqual(await app.page.evaluate(tooWide), [], `${name}, ${width}, ${theme}`);
      if (!PICTURES) continue;
      await shot(app.page, `${name}-${width}-${theme}`);
      if (!whole) continue;
      // The page scrolls inside the window: all of it is seen in a window as high as it.
      const height = await app.page.$eval("main", (main) => main.scrollHeight + 48 + 96);
      await app.page.setViewport({ ...size, height });
      await shot(app.page, `${name}-whole-${width}-${theme}`);
    }
  }
  await app.page.setViewport(WIDE);
}

/** What would have to be scrolled sideways to be read, though the page is to fit its window. Runs in the page. */
const tooWide = () =>
  [document.documentElement, document.querySelector("main")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => `${element.localName} is ${element.scrollWidth} wide in ${element.clientWidth}`);
