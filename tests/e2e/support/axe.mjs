// Automatic checks of accessibility.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { inBothThemes } from "./everywhere.mjs";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Fails if axe finds a violation on the page in its current state.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {object} [options]
 * @param {boolean} [options.coloursOnly] checks only what another theme may change
 * @param {string} [options.within] selector of the only part to check
 */
export async function assertAccessible(page, { coloursOnly = false, within = "html" } = {}) {
  // Axe's half megabyte of source is parsed once per document instead of once per check.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
  const violations = await page.evaluate(async (coloursOnly, within) => {
    // Every rule runs; only descriptions of passing elements are left out.
    const colours = coloursOnly ? { runOnly: ["color-contrast", "link-in-text-block"] } : {};
    const { violations } = await globalThis.axe.run(within, { resultTypes: ["violations"], ...colours });
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.target.join(" ")).join(", ")}`,
    );
  }, coloursOnly, within);
  assert.deepEqual(violations, [], "axe finds no violation");
}

/**
 * Fails if axe finds a violation in one of the themes, which differ in their colours only. Leaves the page in the light
 * one.
 *
 * @param {import("../pages/app.mjs").App} app
 * @param {string} [within] selector of the only part to check
 */
export const assertAccessibleInBothThemes = (app, within = undefined) =>
  inBothThemes(app, (theme) => assertAccessible(app.page, { coloursOnly: theme === "dark", within }));
