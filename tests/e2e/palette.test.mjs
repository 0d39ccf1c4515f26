// The command palette: filters, views, files, and typing errors.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

const octopuses = session({ number: 1, topic: "Why octopuses dream", done: 2, minutesAgo: 3 });
const telegram = session({ number: 2, topic: "The last telegram", done: 1, status: "failed", minutesAgo: 9 });
telegram.bytes = telegram.bytes.replace(/\n}\n$/, ',\n  "planning": {"owner": "Mira", "labels": ["season 2"]}\n}\n');

async function withFiles(open, path = "#/sessions") {
  const app = await App.open(open, path);
  await app.drop([octopuses, telegram]);
  await app.click("button", "Close the import report");
  return app;
}

suite("the command palette", ({ test }) => {
  test("finds sessions and commands despite typing errors", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open);
    const { palette } = app;
    const { keyboard } = app.page;
    for (const typed of ["octopsus", "otcopuses", "octopuse dreem"]) {
      await palette.open();
      await palette.type(typed, "ep 1 \u00b7 Why octopuses dream");
      await keyboard.press("Escape");
      await palette.closed();
    }
    await palette.open();
    await palette.type("telegarm", "ep 2 \u00b7 The last telegram");
    await assertAccessible(app.page);
    await keyboard.press("Escape");
    await palette.open();
    await palette.type("dashbaord", "Go to dashboard");
    await keyboard.press("Enter");
    await app.find("heading", "Dashboard");
  });

  test("applies filters, clears them, and opens saved views", async ({ open }) => {
    const app = await withFiles(open, "#/sessions?sort=topic");
    const { palette } = app;
    const { keyboard } = app.page;
    const run = async (typed, title, hash) => {
      await palette.open();
      await palette.type(typed, title);
      await keyboard.press("Enter");
      await palette.closed();
      await app.until((hash) => location.hash === hash, hash);
    };
    await run("show failed", "Show failed", "#/sessions?state=FAILED&sort=topic");
    await app.sessions.ids(1);
    await run("owner mira", "Owner: Mira", "#/sessions?owner=Mira&sort=topic");
    await app.sessions.ids(1);
    await run("label season", "Label: season 2", "#/sessions?label=season%202&sort=topic");
    await app.sessions.menu("Views");
    await app.fill("textbox", "View name", "Season two");
    await app.click("button", "Save");
    await run("clear filters", "Clear filters", "#/sessions?sort=topic");
    await app.sessions.ids(2);
    await run("due today", "Due today", "#/sessions?due=today&sort=topic");
    await app.goTo("Dashboard");
    await app.find("heading", "Dashboard");
    await run("season two", "View: Season two", "#/sessions?label=season%202&sort=topic");
  });

  test("opens session files and output files by their paths", async ({ open }) => {
    const app = await withFiles(open);
    const { palette } = app;
    await palette.open();
    await palette.type(octopuses.name, octopuses.name);
    await app.page.keyboard.press("Enter");
    await app.until((id) => location.hash === `#/sessions/${id}?tab=json`, octopuses.id);
    await palette.open();
    await palette.type("ep001_writing.md", "projects/nobody-knows/output/writing/ep001_writing.md");
    assert.deepEqual((await palette.answers()).filter((title) => title.includes("ep002")), []);
    await app.page.keyboard.press("Enter");
    await app.until((id) => location.hash.startsWith(`#/sessions/${id}?output=`), octopuses.id);
  });
});
