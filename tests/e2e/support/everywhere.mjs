// One state of the app in windows of all sizes and in both themes.
import assert from "node:assert/strict";

import { shot } from "./shot.mjs";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** True if screenshots are kept in target/screenshots. They are for people; no test reads them. */
const PICTURES = Boolean(process.env.CALLBOARD_PICTURES);

/** Windows by the names that pictures have. */
const SIZES = {
  wide: WIDE,
  narrow: NARROW,
  large: { width: 1920, height: 1080 },
  // 1440 × 900 at 200 %. More pixels make a sharper picture, and no other layout.
  zoomed: { width: 720, height: 450, ...(PICTURES && { deviceScaleFactor: 2 }) },
};

/** Milliseconds within which a page fits into a resized window. */
const SETTLED = 20_000;

/**
 * Fails if the page is wider than its window. With CALLBOARD_PICTURES=1, keeps a screenshot for each size and each
 * theme.
 *
 * @param {import("../pages/app.mjs").App} app
 * @param {string} name
 * @param {object} [options]
 * @param {boolean} [options.whole] also keeps screenshots of the whole page
 * @param {string} [options.show] selector of the element to scroll to the top
 */
export async function everywhere(app, name, { whole = false, show } = {}) {
  for (const [width, size] of Object.entries(SIZES)) {
    await resize(app.page, size);
    if (show) await app.page.$eval(show, (element) => element.scrollIntoView());
    // No theme changes the layout. Charts follow the window after a frame or two.
    const fits = app.page.waitForFunction(`(${tooWide})().length === 0`, { timeout: SETTLED });
    await fits.catch(async (error) => {
      assert.deepEqual(await app.page.evaluate(tooWide), [], `${name}, ${width}`);
      throw error;
    });
    if (PICTURES) await inBothThemes(app, (theme) => pictures(app.page, `${name}-${width}-${theme}`, `${name}-whole-${width}-${theme}`, size, whole));
  }
  await resize(app.page, WIDE);
}

/** Keeps a screenshot of the window, and of the whole page if asked. */
async function pictures(page, name, wholeName, size, whole) {
  await shot(page, name);
  if (!whole) return;
  // The page scrolls inside the window, so all of it is visible in a window of its height.
  const height = await page.$eval("main", (main) => main.scrollHeight + 48 + 96);
  await page.setViewport({ ...size, height });
  await shot(page, wholeName);
  await resize(page, size);
}

/**
 * Does something in both themes, and leaves the page in the first.
 *
 * @param {import("../pages/app.mjs").App} app
 * @param {(theme: "light" | "dark") => Promise<unknown>} action
 */
export async function inBothThemes(app, action) {
  const set = (theme) =>
    app.page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, theme);
  for (const theme of ["light", "dark"]) {
    await set(theme);
    await action(theme);
  }
  await set("light");
}

/** Sets the window's size, and waits until the page has it. */
export async function resize(page, size) {
  await page.setViewport(size);
  await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, {}, size);
}

/** Finds elements that overflow the window horizontally. Runs in the page. */
const tooWide = () =>
  [document.documentElement, document.querySelector("main")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => `${element.localName} is ${element.scrollWidth} wide in ${element.clientWidth}`);
