// Browsers that block storage: the app starts, works, and says that nothing is saved.
import assert from "node:assert/strict";

import { EP001, ep001 } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { BLOCKED_STORAGE, BROWSERS } from "./support/browsers.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { suite } from "./support/suite.mjs";

const TOPIC = "Why Octopuses Dream";
const SENTENCE = "Changes are not being saved (the browser blocks storage). They last until you close this tab.";

/** Returns the page's notice about its storage. */
const notices = (app) =>
  app.page.$$eval("section[aria-label=Storage] p", (all) => all.map((one) => one.innerText.trim()));

/** Ways to block storage that leave the sessions stored. */
const KEEPS_SESSIONS = ["local storage is switched off"];

for (const browser of BROWSERS) {
  for (const [how, settings] of Object.entries(BLOCKED_STORAGE[browser])) {
    suite(`where ${how}`, ({ test }) => {
      const isKept = KEEPS_SESSIONS.includes(how);
      const expected = isKept ? [] : [SENTENCE];
      test("everything works, and the page says that changes are not saved", async ({ open, downloads }) => {
        const app = await App.open(open);
        if (!isKept) {
          await app.find("region", "Storage");
          assert.doesNotMatch(await app.page.$eval("main", (main) => main.innerText), /Nothing is lost|after a reload/);
          await assertAccessible(app.page);
          await everywhere(app, `storage-blocked-${browser}`);
        }
        assert.deepEqual(await notices(app), expected);
        // Import, apply, undo, redo, export.
        await app.drop([{ name: EP001, bytes: await ep001() }]);
        await app.click("button", "Close the import report");
        await app.sessions.open(TOPIC);
        await app.session.shown(TOPIC);
        await app.session.fillIn("Complete", { Cost: "1.2" });
        await app.session.apply();
        await app.session.factIs("State", "EVALUATING");
        await app.session.undo();
        await app.session.factIs("State", "WRITING");
        await app.session.fillIn("Progress", { Cost: "0.5" });
        await app.session.apply();
        await app.session.factIs("Cost / budget", "$0.50 / $9.00");
        assert.deepEqual(await notices(app), expected);
        const file = await downloads.one(() => app.session.export());
        assert.match(String(file.bytes), /"writing": 0\.50/);
        // A manual edit, and a new session.
        await app.session.tab("JSON");
        await app.session.rewrite((text) => text.replace("Octopuses", "Squid"));
        assert.equal(await app.page.$(".editor .refusal-loud"), null);
        await app.click("button", "Apply edit");
        await app.session.shown("Why Squid Dream");
        // Settings last while the page is open, on every page.
        await app.goTo("Settings");
        await app.find("heading", "Settings");
        await app.page.$eval("input[type=radio][value=dark]", (radio) => radio.click());
        await app.settings.chooseZone("Asia/Tokyo");
        await app.goTo("Changes");
        await app.changes.layout("Split");
        await app.goTo("Settings");
        await app.find("heading", "Settings");
        assert.match(await app.page.$eval("main", (main) => main.innerText), /settings last until you close this tab/);
        assert.equal(await app.page.evaluate(() => document.documentElement.dataset.theme), "dark");
        assert.equal(await app.page.$eval("#zone", (zone) => zone.value), "Asia/Tokyo");
        await app.goTo("Changes");
        await app.page.waitForSelector("main .diff-split");
        assert.deepEqual(await notices(app), expected);
        if (isKept) return;
        // Leaving now asks for confirmation.
        const asked = new Promise((resolve) => app.page.once("dialog", resolve));
        await app.page.evaluate(() => void setTimeout(() => location.reload()));
        const dialog = await asked;
        assert.equal(dialog.type(), "beforeunload");
        await dialog.dismiss();
        await app.find("heading", "Changes");
      });
    }, { browsers: [browser], firefox: true, settings });
  }
}

/** Makes one kind of storage throw on every access. */
const block = (what) => {
  const refuse = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  const [object, name] = {
    localStorage: [globalThis, "localStorage"],
    sessionStorage: [globalThis, "sessionStorage"],
    indexedDB: [globalThis, "indexedDB"],
    BroadcastChannel: [globalThis, "BroadcastChannel"],
    locks: [Navigator.prototype, "locks"],
    storage: [Navigator.prototype, "storage"],
  }[what];
  Object.defineProperty(object, name, { get: refuse, configurable: true });
};

suite("one kind of storage that is blocked", ({ test }) => {
  test("does not affect the other kinds", async ({ open }) => {
    for (const what of ["localStorage", "sessionStorage", "indexedDB", "BroadcastChannel", "locks", "storage"]) {
      const app = new App(await open("#/sessions", (page) => page.evaluateOnNewDocument(block, what)));
      await app.find("main");
      await app.drop([{ name: EP001, bytes: await ep001() }]);
      await app.click("button", "Close the import report");
      await app.sessions.open(TOPIC);
      await app.session.fillIn("Progress", { Cost: "0.5" });
      await app.session.apply();
      await app.session.factIs("Cost / budget", "$0.50 / $9.00");
      await app.session.undo();
      await app.session.factIs("Cost / budget", "$0.00 / $9.00");
      assert.deepEqual(await notices(app), what === "indexedDB" ? [SENTENCE] : [], what);
      await app.page.close();
    }
  });
});
