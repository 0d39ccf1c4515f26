// Every page and what opens on it, for axe, in both themes and in both browsers.
import { assertAccessibleInBothThemes } from "./support/axe.mjs";
import { resize, WIDE } from "./support/everywhere.mjs";
import { leave, openFilled, PAGES, show } from "./support/pages.mjs";
import { suite } from "./support/suite.mjs";

/** The pages in parts, so that no test takes long. */
const PARTS = 3;

suite("accessibility", ({ test }) => {
  const names = Object.keys(PAGES);
  const size = Math.ceil(names.length / PARTS);
  for (let from = 0; from < names.length; from += size) {
    const part = names.slice(from, from + size);
    test(`axe finds no violations: ${part.join(", ")}`, async ({ open }) => {
      const app = await openFilled(open);
      for (const name of part) {
        await resize(app.page, WIDE);
        await show(app, PAGES[name]);
        await assertAccessibleInBothThemes(app).catch((error) => {
          error.message = `${name}: ${error.message}`;
          throw error;
        });
        await leave(app, PAGES[name]);
      }
    });
  }
}, { firefox: true });
