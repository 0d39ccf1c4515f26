// The bundle starts in both browsers, at the root and below another path, and does not reveal where it was built.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PageObject } from "./pages/page.mjs";
import { assertNamesNoFolder, isShipped } from "./support/folders.mjs";
import { DIST, suite } from "./support/suite.mjs";

test("no file of the bundle names a folder of the machine it was built on", async (context) => {
  if (!(await isShipped(DIST))) return context.skip("the bundle is one for development, which is not shipped");
  await assertNamesNoFolder(DIST);
});

for (const base of ["/", "/a/path/below/"]) {
  suite(
    `the app at ${base}`,
    ({ test }) => {
      test("shows its main heading", async ({ open }) => {
        const page = new PageObject(await open());
        assert.notEqual(await page.text("heading"), "");
      });
    },
    { base, firefox: true },
  );
}
