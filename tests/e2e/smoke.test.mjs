// The bundle starts: in both browsers, at the root and below another path.
import assert from "node:assert/strict";

import { PageObject } from "./pages/page.mjs";
import { suite } from "./support/suite.mjs";

for (const base of ["/", "/a/path/below/"]) {
  suite(
    `the app at ${base}`,
    ({ test }) => {
      test("shows its main heading", async ({ open }) => {
        const page = new PageObject(await open());
        assert.notEqual(await page.text("heading"), "");
      });
    },
    { base },
  );
}
