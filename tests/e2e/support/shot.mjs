// Screenshots, for people and for the README.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DIR = fileURLToPath(new URL("../../../target/screenshots", import.meta.url));

/**
 * Takes a screenshot into target/screenshots/<name>.png and puts the page back as it was.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} name
 * @param {object} [options]
 * @param {number} [options.width]
 * @param {number} [options.height]
 * @param {"light" | "dark"} [options.scheme] the colours the person prefers (Chromium only)
 * @param {boolean} [options.whole] the whole page, not only what is in view
 * @returns {Promise<string>} the file
 */
export async function shot(page, name, { width, height, scheme, whole = false } = {}) {
  await mkdir(DIR, { recursive: true });
  const path = join(DIR, `${name.replace(/[^\w.-]+/g, "-")}.png`);
  const before = page.viewport();
  if (width || height) {
    await page.setViewport({ ...before, ...(width && { width }), ...(height && { height }) });
  }
  if (scheme) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  try {
    await page.screenshot({ path, fullPage: whole });
  } finally {
    if (scheme) await page.emulateMediaFeatures([]);
    if (width || height) await page.setViewport(before);
  }
  return path;
}

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

/**
 * Takes one screenshot for each width and each theme.
 *
 * @param {{page: import("puppeteer-core").Page}} app
 * @param {string} name
 * @param {object} [options]
 * @param {boolean} [options.whole] also in a window as high as the page
 */
export async function everywhere(app, name, { whole = false } = {}) {
  for (const theme of ["light", "dark"]) {
    await app.page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, theme);
    for (const [width, size] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      await app.page.setViewport(size);
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
