// The review of changes: viewed and folded files, and the commit message before and after the export.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { suite } from "./support/suite.mjs";

const made = (count) =>
  Array.from({ length: count }, (_, at) =>
    session({ number: at + 1, topic: `Topic ${at + 1}`, done: 1, status: "failed", minutesAgo: 20 + at }),
  );

/** Retries failed sessions at once, and opens the changes. */
async function changed(open, count) {
  const files = made(count);
  const app = await App.open(open, "#/sessions");
  await app.drop(files);
  await app.click("button", "Close the import report");
  await app.sessions.ids(count);
  await app.click("checkbox", "Select all shown");
  await app.click("button", "Retry\u2026");
  await app.click("button", count === 1 ? "Retry 1 session" : `Retry ${count} sessions`);
  await app.until((count) => document.querySelector(".nav-item[href='#/changes']").innerText.includes(count), String(count));
  await app.visit("#/changes");
  await app.changes.files(count);
  return { app, files };
}

/** Applies an event to a session. */
async function start(app, { id }) {
  await app.visit(`#/sessions/${id}`);
  await app.session.fillIn("Start");
  await app.session.preview();
  await app.session.apply();
  await app.session.factIs("State", "WRITING");
}

suite("the review of changes", ({ test }) => {
  test("a file is viewed until it changes again", { firefox: true }, async ({ open }) => {
    const { app, files } = await changed(open, 3);
    await app.changes.viewed("0 of 3 viewed");
    await app.changes.open(3);
    await app.click("checkbox", `Viewed: ${files[0].name}`);
    await app.changes.viewed("1 of 3 viewed");
    assert.deepEqual(await app.changes.open(2), [files[1].name, files[2].name]);
    await app.click("button", `Lines of ${files[1].name}`);
    await app.changes.open(1);
    await assertAccessibleInBothThemes(app);
    await everywhere(app, "review");
    await app.reload();
    await app.changes.files(3);
    await app.changes.viewed("1 of 3 viewed");
    await start(app, files[0]);
    await app.visit("#/changes");
    await app.changes.files(3);
    await app.changes.viewed("0 of 3 viewed");
    await app.changes.open(3);
  });

  test("files are viewed and folded by keys, which the list of keys names", { firefox: true }, async ({ open }) => {
    const { app, files } = await changed(open, 3);
    await app.page.evaluate(() => document.activeElement.blur());
    await app.page.keyboard.press("j");
    await app.until((name) => document.activeElement.ariaLabel === name, files[0].name);
    await app.page.keyboard.press("v");
    await app.changes.viewed("1 of 3 viewed");
    assert.deepEqual(await app.changes.open(2), [files[1].name, files[2].name]);
    await app.until((name) => document.activeElement.ariaLabel === name, files[0].name);
    await app.page.keyboard.press("f");
    await app.changes.open(3);
    await app.page.keyboard.press("v");
    await app.changes.viewed("0 of 3 viewed");
    await app.page.keyboard.press("F");
    await app.changes.open(0);
    await app.page.keyboard.press("F");
    await app.changes.open(3);
    await app.click("button", "Fold all");
    await app.changes.open(0);
    await app.click("button", "Unfold all");
    await app.changes.open(3);
    await app.page.keyboard.press("?");
    const keys = await app.text("region", "Help");
    assert.match(keys, /mark the file as viewed/);
  });

  test("the head of a file stays in view while its lines scroll", async ({ open }) => {
    const { app } = await changed(open, 2);
    for (const size of [{ width: 1440, height: 700 }, { width: 390, height: 700 }]) {
      await app.page.setViewport(size);
      await app.until((width) => innerWidth === width, size.width);
      // The first file is half gone.
      await app.until(() => {
        const main = document.querySelector("main");
        const file = document.querySelector("main section[data-session]");
        const place = file.getBoundingClientRect();
        main.scrollBy(0, place.top - main.getBoundingClientRect().top + place.height / 2);
        const top = main.getBoundingClientRect().top;
        const isHalfGone = file.getBoundingClientRect().top < top;
        const gap = file.querySelector("h2").getBoundingClientRect().top - top;
        return isHalfGone && gap >= 0 && gap < 40;
      });
    }
    await assertAccessible(app.page);
  });

  test("the commit message is edited, and is still there after the export", { firefox: true }, async ({ open, downloads }) => {
    const { app, files } = await changed(open, 2);
    assert.match(await app.changes.message(), /^ep 001, ep 002: retry writing\n\n- ep_001_.+\n- ep_002_/);
    const field = await app.find("textbox", "Commit message");
    await field.evaluate((field) => field.setSelectionRange(0, field.value.length));
    await field.type("Retry after the outage");
    await app.reload();
    await app.changes.files(2);
    assert.equal(await app.changes.message(), "Retry after the outage");
    await app.find("button", "Use suggestion");
    await downloads.one(() => app.click("button", "Export ZIP"));
    await app.changes.files(0);
    const after = await app.changes.exported();
    assert.match(after.sentence, /^Exported 2 files as callboard-.+\.zip\./);
    assert.deepEqual([after.message, after.isOpen, after.paths], ["Retry after the outage", true, files.map(({ name }) => name)]);
    await assertAccessible(app.page);
    await everywhere(app, "exported");
    await app.reload();
    await app.changes.files(0);
    assert.equal((await app.changes.exported()).message, "Retry after the outage");
    // A new change has a message of its own; the old one folds.
    await start(app, files[0]);
    await app.visit("#/changes");
    await app.changes.files(1);
    assert.match(await app.changes.message(), /^ep 001: start writing \(Topic 1\)\n/);
    await app.until(() => document.querySelector(".exported details").open === false);
    await app.click("button", "Dismiss");
    await app.until(() => document.querySelector(".exported") === null);
    await app.reload();
    await app.changes.files(1);
    assert.equal(await app.has("region", "Exported"), false);
  });

  test("an export that is undone takes its note along", async ({ open, downloads }) => {
    const { app } = await changed(open, 1);
    await downloads.one(() => app.click("button", "Export file"));
    await app.changes.files(0);
    assert.match((await app.changes.exported()).message, /^ep 001: retry writing \(Topic 1\)\n/);
    await app.click("button", "Undo export");
    await app.changes.files(1);
    assert.equal(await app.has("region", "Exported"), false);
  });
});
