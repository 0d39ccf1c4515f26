// A database that cannot be opened or is deleted: the page reports it within seconds with a remedy, keeps working, and
// deletes nothing.
import assert from "node:assert/strict";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { holdApp, stored } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";
import { ID, TOPIC, oneTab } from "./support/tabs.mjs";

/** Makes the build a version newer than the stored database. Runs in the page, before the app. */
const newer = () => {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (name, version) {
    return open.call(this, name, name === "callboard" && version ? version + 1 : version);
  };
};

/** Opens the database in this version, and keeps it open. Runs in the page. */
const holdOpen = (version) =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open("callboard", version);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      globalThis.held = opening.result;
      resolve();
    };
  });

/** Holds requests to open the sessions' database, until `answer`. Runs in the page, before the app. */
const silence = () => {
  const { open } = IDBFactory.prototype;
  const waiting = [];
  IDBFactory.prototype.open = function (...args) {
    if (args[0] !== "callboard") return open.apply(this, args);
    const asked = Object.create(IDBOpenDBRequest.prototype, Object.fromEntries(
      ["onsuccess", "onerror", "onblocked", "onupgradeneeded"].map((name) => [name, { writable: true, value: null }]),
    ));
    waiting.push(() => {
      const request = open.apply(this, args);
      for (const name of ["onsuccess", "onerror", "onblocked", "onupgradeneeded"]) request[name] = (event) => asked[name]?.(event);
    });
    return asked;
  };
  globalThis.answer = () => {
    IDBFactory.prototype.open = open;
    for (const one of waiting.splice(0)) one();
  };
};

/** Leaves no space for the sessions' database, until `mend`. Runs in the page, before the app. */
const fill = () => {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...args) {
    if (args[0] === "callboard") throw new DOMException("No room.", "QuotaExceededError");
    return open.apply(this, args);
  };
  globalThis.mend = () => {
    IDBFactory.prototype.open = open;
  };
};

const seven = session({ number: 7, done: 2, status: "failed", topic: "What a forest hears" });

/** Opens a tab in which the app does not start, to use the storage alone. */
const bare = (open) => open("", (page) => holdApp(page));

/** Waits for a notice about the storage. */
const told = (app, words) =>
  app.until((words) => document.querySelector("section[aria-label=Storage]")?.innerText.replace(/\s+/g, " ").includes(words), words);

/** Waits until there is no notice about the storage. */
const untold = (app) => app.until(() => document.querySelector("section[aria-label=Storage]") === null);

/** The same, in a new tab prepared by `prepare`. */
async function opened(open, prepare, path = "#/sessions") {
  const app = new App(await open(path, (page) => page.evaluateOnNewDocument(prepare)));
  await app.find("main");
  return app;
}

/** Stores a session, with no tab of the app open. */
async function kept(open) {
  const app = await oneTab(open, "");
  await app.page.close();
}

/** Loads another session and changes it. */
async function work(app) {
  await app.drop([seven]);
  await app.click("button", "Close the import report");
  await app.visit(`#/sessions/${seven.id}`);
  await app.click("button", "Retry");
  await app.session.apply();
  await app.session.factIs("State", "RETRY");
  await app.visit("#/sessions");
}

suite("the database", ({ browser, test }) => {
  const shots = async (app, name) => {
    if (browser === "chromium") await everywhere(app, name);
  };

  test("an old tab that blocks an upgrade is reported and waited for", { firefox: true }, async ({ open }) => {
    await kept(open);
    const old = await bare(open);
    await old.evaluate(holdOpen);
    const app = await opened(open, newer);
    await told(app, "another tab runs an older version of Callboard. Close or reload that tab");
    await shots(app, "storage-old-tab");
    await work(app);
    await app.sessions.rows(1);
    await old.close();
    await untold(app);
    const rows = await app.sessions.rows(2);
    assert.ok(rows.some(({ id, changed }) => id === seven.id && changed));
    assert.equal(await app.reload(), false);
    await app.sessions.rows(2);
    await app.visit(`#/sessions/${seven.id}`);
    await app.session.factIs("State", "RETRY");
  });

  test("a session changed meanwhile does not replace the stored one", async ({ open }) => {
    const before = await oneTab(open, "");
    await before.session.fillIn("Progress", { Cost: "0.5" });
    await before.session.apply();
    await before.session.factIs("Cost / budget", "$0.50 / $9.00");
    await before.page.close();
    const old = await bare(open);
    await old.evaluate(holdOpen);
    const app = await opened(open, newer);
    await told(app, "older version");
    // Loaded again without changes, it is the stored version; with changes, both versions are kept.
    await app.drop([{ name: EP001, bytes: await ep001() }]);
    await app.click("button", "Close the import report");
    await app.visit(`#/sessions/${ID}`);
    await app.session.factIs("Cost / budget", "$0.00 / $9.00");
    await app.session.fillIn("Progress", { Cost: "0.25" });
    await app.session.apply();
    await app.session.factIs("Cost / budget", "$0.25 / $9.00");
    await old.close();
    await untold(app);
    await app.session.factIs("Cost / budget", "$0.25 / $9.00");
    const [record] = await stored(app.page);
    assert.ok(record.inbox.some(({ text }) => record.texts[text].includes('"writing": 0.50')));
  });

  test("a database of a newer version is left alone, and the page says to reload", async ({ open }) => {
    await kept(open);
    const raw = await bare(open);
    await raw.evaluate(holdOpen, 7);
    await raw.evaluate(() => globalThis.held.close());
    const app = await App.open(open);
    await told(app, "this browser's data is from a newer version of Callboard. Reload the page");
    await app.find("button", "Reload");
    await shots(app, "storage-newer");
    await work(app);
    await app.sessions.rows(1);
    await raw.evaluate(holdOpen, 7);
    const ids = await raw.evaluate(
      () =>
        new Promise((resolve) => {
          globalThis.held.transaction("sessions").objectStore("sessions").getAllKeys().onsuccess = (event) => resolve(event.target.result);
        }),
    );
    assert.deepEqual(ids, [ID]);
  });

  test("a tab lets a newer one upgrade, and says that it must be reloaded", { firefox: true }, async ({ open }) => {
    const one = await oneTab(open, "");
    const two = await opened(open, newer);
    await two.sessions.rows(1);
    await untold(two);
    await one.page.bringToFront();
    await told(one, "another tab runs a newer version of Callboard. Reload this tab");
    await shots(one, "storage-outdated");
    await one.session.fillIn("Progress", { Cost: "0.5" });
    await one.session.apply();
    await one.session.factIs("Cost / budget", "$0.50 / $9.00");
    await one.find("button", "Download all edits");
    // Reloading warns that this is not saved.
    const asked = new Promise((resolve) => one.page.once("dialog", resolve));
    await one.page.evaluate(() => void setTimeout(() => location.reload()));
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await dialog.dismiss();
    await one.session.factIs("Cost / budget", "$0.50 / $9.00");
  });

  test("deleting the database keeps the tab's data, which can be saved again", { firefox: true }, async ({ open }) => {
    const app = await oneTab(open, "");
    await app.session.fillIn("Progress", { Cost: "0.5" });
    await app.session.apply();
    await app.session.factIs("Cost / budget", "$0.50 / $9.00");
    const raw = await bare(open);
    await raw.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase("callboard");
          deleting.onsuccess = resolve;
          deleting.onerror = () => reject(deleting.error);
        }),
    );
    await app.page.bringToFront();
    await told(app, "The data stored in this browser was deleted.");
    await shots(app, "storage-deleted");
    assert.deepEqual(await stored(app.page), []);
    await app.click("button", "Save again");
    await untold(app);
    await app.says("Everything is saved in this browser.");
    assert.equal(await app.reload(), false);
    await app.session.factIs("Cost / budget", "$0.50 / $9.00");
  });

  test("an unresponsive database is asked again", async ({ open }) => {
    await kept(open);
    const app = await opened(open, silence);
    await told(app, "the browser's storage does not respond. Your stored sessions are safe");
    await shots(app, "storage-silent");
    await work(app);
    await app.sessions.rows(1);
    await app.page.evaluate(() => globalThis.answer());
    await untold(app);
    const rows = await app.sessions.rows(2);
    assert.ok(rows.some(({ cells }) => cells.includes(TOPIC)));
  });

  test("with a full disk the page works, and saves once there is space", { firefox: true }, async ({ open }) => {
    await kept(open);
    const app = await opened(open, fill);
    await told(app, "the browser's storage is full");
    await work(app);
    await app.page.evaluate(() => globalThis.mend());
    await app.click("button", "Save again");
    await untold(app);
    await app.sessions.rows(2);
    const records = await stored(app.page);
    assert.deepEqual(records.map(({ id, versions }) => [id, versions.length]).sort(), [[ID, 1], [seven.id, 2]].sort());
  });
});
