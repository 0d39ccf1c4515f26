// Automatic checks of accessibility.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Fails if axe finds a violation on the page in its current state.
 *
 * @param {import("puppeteer-core").Page} page
 */
export async function assertAccessible(page) {
  // Axe's half megabyte of source is parsed once per document instead of once per check.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    // Every rule runs; only descriptions of passing elements are left out.
    const { violations } = await globalThis.axe.run({ resultTypes: ["violations"] });
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.target.join(" ")).join(", ")}`,
    );
  });
  assert.deepEqual(violations, [], "axe finds no violation");
}
