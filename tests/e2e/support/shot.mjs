// Screenshots, for people and for the README.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DIR = fileURLToPath(new URL("../../../target/screenshots", import.meta.url));

/**
 * Saves a screenshot as target/screenshots/<name>.png, then restores the page.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} name
 * @param {object} [options]
 * @param {number} [options.width]
 * @param {number} [options.height]
 * @param {"light" | "dark"} [options.scheme] the preferred colour scheme (Chromium only)
 * @param {boolean} [options.whole] the whole page instead of the visible part
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
