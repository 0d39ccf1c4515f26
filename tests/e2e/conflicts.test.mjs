// Conflicts: each version is kept until the user decides, whatever its source.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { dropFiles } from "./support/files.mjs";
import { fillDisk, mend, stored } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const mine = session({ number: 700, topic: "Mine" });
const theirs = { ...mine, bytes: mine.bytes.replace("Mine", "Theirs") };
const spentBefore = Number(/"total": ([\d.]+)/.exec(mine.bytes)[1]);
const cost = (more) => `$${(spentBefore + more).toFixed(2)} / $9.00`;
const costIs = (app, more) => app.session.factIs("Cost / budget", cost(more));

const DROPPED = "Conflict with the file";
const BACKUP = "Conflict with a backup";
const TAB = "Conflict with another tab";

async function withMine(open) {
  const app = await App.open(open);
  await app.drop([mine]);
  await app.click("button", "Close the import report");
  await app.visit(`#/sessions/${mine.id}`);
  await app.session.shown("Mine");
  return app;
}

async function spend(app, amount) {
  await app.session.fillIn("Progress", { Cost: String(amount) });
  await app.session.preview();
  await app.session.apply();
}

/** Waits for exactly these notices. */
const waits = (app, titles) =>
  app.until(
    (titles) => {
      const notices = [...document.querySelectorAll(".notice-loud")].map((notice) => notice.ariaLabel);
      return JSON.stringify(notices.filter((title) => title.startsWith("Conflict"))) === JSON.stringify(titles);
    },
    titles,
  );
const calm = (app) => app.until(() => document.querySelector("section[aria-label='Storage']") === null);

/** Opens a session in two tabs with costs spent in each; the browser could not store those of the first tab. */
async function atOdds(open) {
  const one = await withMine(open);
  const two = await App.open(open, `#/sessions/${mine.id}`);
  const inFront = async (app) => {
    await app.page.bringToFront();
    return app;
  };
  await inFront(one);
  await fillDisk(one.page);
  await spend(one, 1);
  await one.find("region", "Storage");
  await spend(await inFront(two), 2);
  await costIs(two, 2);
  await inFront(one);
  await costIs(one, 1);
  await mend(one.page);
  return { one, two, inFront };
}

async function clear(app) {
  await app.goTo("Settings");
  await app.click("button", "Clear…");
  await app.click("button", "Clear workspace");
  await app.says("The workspace is empty.");
}

/** Returns a backup of the session after a cost was spent, which this workspace does not know: its file was loaded again. */
async function backupOf(app, downloads, amount) {
  await spend(app, amount);
  await costIs(app, amount);
  await app.goTo("Settings");
  const { name, bytes } = await downloads.one(() => app.click("button", "Download backup"));
  await clear(app);
  await app.drop([mine]);
  await app.visit(`#/sessions/${mine.id}`);
  await costIs(app, 0);
  return { name, bytes };
}

/** Goes to the newest of the replaced versions. */
async function restore(app) {
  await app.visit(`#/sessions/${mine.id}?tab=history`);
  await app.until(() => document.querySelector(".history details.fold > summary")?.innerText === "Replaced versions");
  await app.press(".history details.fold > summary");
  await app.click("button", "Restore");
}

// The rules are tested natively (core/workspace/tests/model); here it is the way through the page, the same in every
// browser.
suite("conflicts", ({ test }) => {
  test("edits of two tabs are all kept when one cannot store", async ({ open }) => {
    const { one, two, inFront } = await atOdds(open);
    // Storing something else also stores the waiting edit.
    await one.drop([session({ number: 701 })]);
    await calm(one);
    await waits(one, [TAB]);
    await costIs(one, 1);
    await one.reload();
    await waits(one, [TAB]);
    await costIs(one, 1);
    await one.find("tablist", "About this session");
    await assertAccessible(one.page);
    await inFront(two);
    await waits(two, [TAB]);
    await costIs(two, 1);
    await two.click("button", "Use the other tab");
    await costIs(two, 2);
    await waits(two, []);
    // Undoing the resolution restores the conflict.
    await two.session.undo();
    await costIs(two, 1);
    await waits(two, [TAB]);
    await spend(two, 5);
    await costIs(two, 6);
    await two.reload();
    await costIs(two, 6);
    await waits(two, [TAB]);
  });

  test("a change in the tab that could not store keeps the other tab's version", async ({ open }) => {
    const { one, two, inFront } = await atOdds(open);
    await spend(one, 4);
    await costIs(one, 5);
    await calm(one);
    await waits(one, [TAB]);
    await inFront(two);
    await costIs(two, 5);
    await two.click("button", "Use the other tab");
    await costIs(two, 2);
  });

  test("a file dropped on an unstored edit keeps the edit", async ({ open }) => {
    const { one, two, inFront } = await atOdds(open);
    await dropFiles(one.page, [theirs]);
    await waits(one, [TAB, DROPPED]);
    await costIs(one, 1);
    await calm(one);
    await one.reload();
    await waits(one, [TAB, DROPPED]);
    await inFront(two);
    await waits(two, [TAB, DROPPED]);
    await inFront(one);
    await one.session.undo();
    await costIs(one, 0);
  });

  test("a backup's version stays a conflict of its own after later drops", async ({ open, downloads }) => {
    const app = await withMine(open);
    const backup = await backupOf(app, downloads, 3);
    await spend(app, 1);
    await costIs(app, 1);
    await dropFiles(app.page, [backup]);
    await waits(app, [BACKUP]);
    await dropFiles(app.page, [theirs]);
    await waits(app, [BACKUP, DROPPED]);
    await app.reload();
    await waits(app, [BACKUP, DROPPED]);
    await app.find("tablist", "About this session");
    await assertAccessible(app.page);
    await app.page.$eval(`section[aria-label="${DROPPED}"]`, (notice) => {
      [...notice.querySelectorAll("button")].find((button) => button.innerText === "Merge both").click();
    });
    await app.session.shown("Theirs");
    await waits(app, [BACKUP]);
    await app.click("button", "Use the backup");
    await costIs(app, 3);
    await waits(app, []);
    for (const back of [1, 1, 0]) {
      await app.session.undo();
      await costIs(app, back);
    }
  });

  test("a backup's version stays a conflict after an export and an import", async ({ open, downloads }) => {
    const app = await withMine(open);
    const backup = await backupOf(app, downloads, 3);
    await spend(app, 1);
    await costIs(app, 1);
    await dropFiles(app.page, [backup]);
    await waits(app, [BACKUP]);
    await downloads.one(() => app.session.export());
    await app.drop([theirs]);
    assert.match((await app.report()).headline, /1 updated, in 1 file/);
    await app.session.shown("Theirs");
    await waits(app, [BACKUP]);
    const [record] = await stored(app.page);
    assert.deepEqual(record.inbox.map(({ source }) => source), ["backup"]);
  });

  test("an old backup does not hide a newer file", async ({ open, downloads }) => {
    const app = await withMine(open);
    const backup = await backupOf(app, downloads, 3);
    await clear(app);
    await app.drop([theirs]);
    await dropFiles(app.page, [backup]);
    await app.visit(`#/sessions/${mine.id}`);
    await app.session.shown("Theirs");
    await waits(app, [BACKUP]);
    await app.click("button", "Merge both");
    await costIs(app, 3);
    await app.session.shown("Theirs");
    await waits(app, []);
    // Undoing restores the conflict, and the backup's version can be used again.
    await app.session.undo();
    await costIs(app, 0);
    await waits(app, [BACKUP]);
    await app.click("button", "Use the backup");
    await app.session.shown("Mine");
    await costIs(app, 3);
  });

  test("a backup of an exported session restores its steps, and the newer file stays", async ({ open, downloads }) => {
    const app = await withMine(open);
    await spend(app, 3);
    await costIs(app, 3);
    await downloads.one(() => app.session.export());
    await app.says("Exported");
    await app.goTo("Settings");
    const backup = await downloads.one(() => app.click("button", "Download backup"));
    await clear(app);
    await app.drop([theirs]);
    await dropFiles(app.page, [backup]);
    await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("1 unchanged"));
    await app.visit(`#/sessions/${mine.id}`);
    await app.session.shown("Theirs");
    await waits(app, []);
    await restore(app);
    await app.session.shown("Mine");
    await costIs(app, 3);
    await app.session.undo();
    await costIs(app, 0);
  });

  test("exporting an unchanged session overwrites a conflicting file, with a warning", async ({ open, downloads }) => {
    const app = await withMine(open);
    await spend(app, 1);
    await costIs(app, 1);
    await app.drop([theirs]);
    await waits(app, [DROPPED]);
    await app.session.undo();
    await costIs(app, 0);
    const file = await downloads.one(() => app.session.export());
    assert.equal(String(file.bytes), String(mine.bytes));
    await app.says("Exported");
    // The version exists nowhere else now, so the next drop must not replace it.
    await app.drop([{ ...mine, bytes: mine.bytes.replace("Mine", "Others") }]);
    await app.session.shown("Others");
    await waits(app, [DROPPED]);
    const [{ inbox, texts }] = await stored(app.page);
    assert.deepEqual(inbox.map(({ source, text }) => [source, texts[text].includes("Theirs")]), [["file", true]]);
  });

  test("undone versions can be restored after an import", async ({ open }) => {
    const app = await withMine(open);
    await spend(app, 1);
    await costIs(app, 1);
    await app.session.undo();
    await costIs(app, 0);
    await app.drop([theirs]);
    await app.session.shown("Theirs");
    await app.session.undo();
    await app.session.shown("Mine");
    await restore(app);
    await costIs(app, 1);
  });
}, { browsers: ["chromium"] });
