// Accessibility, as far as a program can tell.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Fails when axe finds a violation on the page as it is.
 *
 * @param {import("puppeteer-core").Page} page
 */
export async function assertAccessible(page) {
  // Half a megabyte of source is parsed once for each document, not once for each look at it.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    // Every rule runs; only the elements that pass one are not described.
    const { violations } = await globalThis.axe.run({ resultTypes: ["violations"] });
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.target.join(" ")).join(", ")}`,
    );
  });
  assert.deepEqual(violations, [], "axe finds no violation");
}
