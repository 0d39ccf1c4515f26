// Edits are never lost: during imports and restores, with a full disk, between tabs.
import assert from "node:assert/strict";

import { session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { dropFiles } from "./support/files.mjs";
import { fillDisk, holdStorage, mend, releaseStorage, stored, writeHeld } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const mine = session({ number: 700, topic: "Mine" });
const theirs = { ...mine, bytes: mine.bytes.replace("Mine", "Theirs") };
const spentBefore = Number(/"total": ([\d.]+)/.exec(mine.bytes)[1]);
const cost = (more) => `$${(spentBefore + more).toFixed(2)} / $9.00`;

/** Opens an app on this session's page, with other sessions loaded. */
async function withMine(open, others = []) {
  const app = await App.open(open);
  await app.drop([mine, ...others]);
  await app.click("button", "Close the import report");
  await app.visit(`#/sessions/${mine.id}`);
  await app.session.shown("Mine");
  return app;
}

async function fillIn(app, amount) {
  await app.session.fillIn("Progress", { Cost: String(amount) });
  await app.session.preview();
}

async function spend(app, amount) {
  await fillIn(app, amount);
  await app.session.apply();
}

/** Waits for the report on the import page, as the status line may report the edit by then. */
async function reported(app, words) {
  const here = await app.page.evaluate(() => location.hash);
  await app.visit("#/import");
  await app.until((words) => document.querySelector(".import-headline")?.innerText.includes(words), words);
  await app.visit(here);
}
const warned = (app) => app.find("region", "Storage");
const calm = (app) => app.until(() => document.querySelector("section[aria-label='Storage']") === null);
const atSession = (app, hash = `#/sessions/${mine.id}`) => app.visit(hash);

suite("edits are never lost", ({ test }) => {
  test("an edit during an import is queued, reported and then made", async ({ open }) => {
    const app = await withMine(open);
    await fillIn(app, 1);
    await holdStorage(app.page);
    await dropFiles(app.page, [theirs, ...sessions(80)]);
    await app.find("region", "Import");
    await writeHeld(app.page);
    await app.session.apply();
    await app.says("your change is queued");
    await releaseStorage(app.page);
    await reported(app, "81 sessions, 1 updated, in 81 files");
    await app.session.factIs("Cost / budget", cost(1));
    await app.session.shown("Theirs");
    await app.reload();
    await app.session.factIs("Cost / budget", cost(1));
    await app.session.shown("Theirs");
    await app.session.undo();
    await app.session.factIs("Cost / budget", cost(0));
  });

  test("an edit during a restore is queued, reported and then made", async ({ open, downloads }) => {
    // Made once: their ids name the minute.
    const others = sessions(120);
    const app = await withMine(open, others);
    await spend(app, 1);
    await app.session.factIs("Cost / budget", cost(1));
    await app.goTo("Settings");
    const file = await downloads.one(() => app.click("button", "Download backup"));
    // The workspace does not know the backup's version afterwards.
    await app.click("button", "Clear\u2026");
    await app.click("button", "Clear workspace");
    await app.says("The workspace is empty.");
    await app.drop([mine, ...others]);
    await atSession(app);
    await spend(app, 2);
    await app.session.factIs("Cost / budget", cost(2));
    await fillIn(app, 4);
    await holdStorage(app.page);
    await dropFiles(app.page, [{ name: file.name, bytes: file.bytes }]);
    await app.find("region", "Import");
    await writeHeld(app.page);
    await app.session.apply();
    await app.says("your change is queued");
    await releaseStorage(app.page);
    // The backup's version differs from the loaded one: both are kept.
    await reported(app, "121 sessions, 120 unchanged, 1 in conflict with the backup, in a backup of 121 sessions");
    await app.session.factIs("Cost / budget", cost(6));
    await app.find("region", "Conflict with a backup");
    await app.reload();
    await app.session.factIs("Cost / budget", cost(6));
    await app.find("region", "Conflict with a backup");
    for (const left of [2, 0]) {
      await app.session.undo();
      await app.session.factIs("Cost / budget", cost(left));
    }
  });

  test("edits on a full disk are stored once it has space", { firefox: true }, async ({ open }) => {
    const app = await withMine(open);
    await fillDisk(app.page);
    await spend(app, 1);
    await warned(app);
    // Files imported meanwhile are loaded and wait to be stored too.
    await app.drop(sessions(3));
    await warned(app);
    assert.equal((await stored(app.page)).length, 1);
    await mend(app.page);
    // The next import is stored, with everything that waited.
    await app.drop([session({ number: 701 })]);
    await calm(app);
    assert.equal((await stored(app.page)).length, 5);
    await app.reload();
    await app.session.factIs("Cost / budget", cost(1));
    await app.goTo("Sessions");
    await app.sessions.rows(5);
  });

  test("edits that one tab could not store survive another tab's clearing", async ({ open }) => {
    const one = await withMine(open, sessions(2));
    const two = await App.open(open, "#/settings");
    const inFront = async (app) => {
      await app.page.bringToFront();
      return app;
    };
    await inFront(one);
    await fillDisk(one.page);
    await spend(one, 1);
    await warned(one);
    await inFront(two);
    await two.click("button", "Clear…");
    await two.click("button", "Clear workspace");
    await two.says("The workspace is empty.");
    await inFront(one);
    await one.session.factIs("Cost / budget", cost(1));
    await warned(one);
    await mend(one.page);
    await spend(one, 2);
    await one.session.factIs("Cost / budget", cost(3));
    await calm(one);
    await (await inFront(two)).goTo("Sessions");
    await two.sessions.rows(1);
  });

  test("an import does not overwrite another tab's newer edit", { firefox: true }, async ({ open }) => {
    const one = await withMine(open);
    const two = await App.open(open, `#/sessions/${mine.id}`);
    await two.page.bringToFront();
    await two.session.shown("Mine");
    // The first tab misses the message.
    await two.page.evaluate(() => {
      BroadcastChannel.prototype.postMessage = () => {};
    });
    await spend(two, 1);
    await two.session.factIs("Cost / budget", cost(1));
    await one.page.bringToFront();
    await one.session.factIs("Cost / budget", cost(0));
    await dropFiles(one.page, [theirs]);
    await one.find("region", "Conflict with the file");
    await one.session.factIs("Cost / budget", cost(1));
    await two.page.bringToFront();
    await two.find("region", "Conflict with the file");
    await two.session.factIs("Cost / budget", cost(1));
  });

  test("creating a session asks for persistent storage", { firefox: true }, async ({ open }) => {
    const app = await App.open(open, "#/new");
    await app.page.evaluate(() => {
      globalThis.asked = 0;
      StorageManager.prototype.persist = async () => {
        globalThis.asked += 1;
        return true;
      };
    });
    await app.fill("textbox", "Topic", "Tides");
    await app.find("region", "The new file");
    await app.click("button", "Create session");
    await app.session.shown("Tides");
    assert.equal(await app.page.evaluate(() => globalThis.asked), 1);
  });

  test("the first edit asks for persistent storage", async ({ open }) => {
    const app = await withMine(open);
    await app.page.evaluate(() => {
      globalThis.asked = 0;
      StorageManager.prototype.persist = async () => {
        globalThis.asked += 1;
        return true;
      };
    });
    await app.drop([session({ number: 701 })]);
    assert.equal(await app.page.evaluate(() => globalThis.asked), 0);
    await spend(app, 1);
    await app.session.factIs("Cost / budget", cost(1));
    await spend(app, 1);
    await app.session.factIs("Cost / budget", cost(2));
    assert.equal(await app.page.evaluate(() => globalThis.asked), 1);
  });
});
