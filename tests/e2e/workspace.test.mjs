// Persistence: in several tabs, in a backup, with blocked storage, under another policy.
import assert from "node:assert/strict";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { dropFiles } from "./support/files.mjs";
import { damage, fillDisk, mend, stored } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const TOPIC = "Why Octopuses Dream";

async function openEp001(open) {
  const app = await App.open(open);
  await app.drop([{ name: EP001, bytes: await ep001() }]);
  await app.sessions.open(TOPIC);
  await app.session.shown(TOPIC);
  return app;
}

async function spend(app, cost) {
  await app.session.fillIn("Progress", { Cost: cost });
  await app.session.preview();
  await app.session.apply();
}

suite("the workspace", ({ test }) => {
  test("tabs follow each other, and no tab's edit is lost", { firefox: true }, async ({ open }) => {
    const one = await openEp001(open);
    const two = await App.open(open, await one.page.evaluate(() => location.hash));
    // A background tab renders nothing, so each is brought to the front.
    const inFront = async (app) => {
      await app.page.bringToFront();
      return app;
    };
    const costs = async (app, words) => (await inFront(app)).session.factIs("Cost / budget", words);
    await two.session.shown(TOPIC);
    await spend(await inFront(one), "1");
    await costs(one, "$1.00 / $9.00");
    await costs(two, "$1.00 / $9.00");
    // The second tab misses the next message, and changes its own version.
    await one.page.evaluate(() => {
      BroadcastChannel.prototype.postMessage = () => {};
    });
    await spend(await inFront(one), "2");
    await costs(one, "$3.00 / $9.00");
    await costs(two, "$1.00 / $9.00");
    await spend(two, "0.50");
    await costs(two, "$3.50 / $9.00");
    await costs(one, "$3.50 / $9.00");
    // Files loaded in one tab appear in the other.
    await (await inFront(two)).drop([session({ number: 9, topic: "Nine" })]);
    await (await inFront(one)).goTo("Sessions");
    await one.sessions.rows(2);
    await (await inFront(two)).goTo("Settings");
    await two.click("button", "Clear…");
    await two.find("button", "Clear workspace");
    const words = await two.page.$eval(".ask p", (p) => p.innerText);
    assert.match(words, /^Removes 2 sessions \(1 with unexported edits/);
    await two.click("button", "Clear workspace");
    await two.says("The workspace is empty.");
    await (await inFront(one)).find("button", "Try it with sample sessions");
  });

  test("the status line undoes only its own action", async ({ open }) => {
    const one = await openEp001(open);
    const two = await App.open(open, new URL(one.page.url()).hash);
    await one.page.bringToFront();
    await spend(one, "1");
    await one.goTo("Sessions");
    await one.find("button", "Undo");
    await two.page.bringToFront();
    await two.session.factIs("Cost / budget", "$1.00 / $9.00");
    await spend(two, "2");
    await two.session.factIs("Cost / budget", "$3.00 / $9.00");
    await one.page.bringToFront();
    await one.click("button", "Undo");
    await one.says("The session was changed since.");
    await one.sessions.open(TOPIC);
    await one.session.factIs("Cost / budget", "$3.00 / $9.00");
    await spend(one, "0.50");
    await one.goTo("Sessions");
    await one.click("button", "Undo");
    await one.says("Undid: ");
    await one.sessions.open(TOPIC);
    await one.session.factIs("Cost / budget", "$3.00 / $9.00");
  });

  test("unreadable stored sessions are not overwritten", async ({ open }) => {
    const app = await openEp001(open);
    const [{ id }] = await stored(app.page);
    await damage(app.page, id, { id, root: 7, edits: "of another version" });
    await app.reload();
    await app.says("1 of 1 stored sessions could not be read. They were not modified.");
    await app.goTo("Sessions");
    await app.drop([{ name: EP001, bytes: await ep001() }]);
    await app.sessions.open(TOPIC);
    await spend(app, "1");
    await app.session.factIs("Cost / budget", "$1.00 / $9.00");
    const kept = await stored(app.page);
    assert.deepEqual(kept.map((record) => record.versions?.length ?? record.edits), [2, "of another version"]);
    await app.reload();
    await app.says("1 of 2 stored sessions could not be read. They were not modified.");
    await app.session.factIs("Cost / budget", "$1.00 / $9.00");
  });

  test("blocked storage is reported while it lasts", async ({ open, downloads }) => {
    const app = await openEp001(open);
    await fillDisk(app.page);
    await spend(app, "1");
    await app.session.factIs("Cost / budget", "$1.00 / $9.00");
    const region = await app.find("region", "Storage");
    assert.match(await region.evaluate((e) => e.innerText), /Changes are not being saved: the browser's storage is full\. They last until you close this tab\..*save again/s);
    await assertAccessible(app.page);
    const file = await downloads.one(() => app.click("button", "Download all edits"));
    assert.match(file.name, /^callboard-edits-\d{4}-\d\d-\d\d\.json$/);
    const backup = JSON.parse(Buffer.from(file.bytes));
    assert.deepEqual([backup.callboard, backup.version, backup.sessions.length], ["workspace", 3, 1]);
    assert.equal(backup.sessions[0].versions.length, 2);
    // A new session has nothing but its text.
    await app.visit("#/new");
    await app.fill("textbox", "Topic", "Tides");
    await app.fill("textbox", "Episode", "7");
    await app.until(() => document.querySelector(".preview").innerText.includes("ep007_session"));
    await app.click("button", "Create session");
    await app.session.shown("Tides");
    const again = await downloads.one(() => app.click("button", "Download all edits"));
    const { sessions } = JSON.parse(Buffer.from(again.bytes));
    assert.deepEqual(sessions.map((session) => /"topic": "(.*?)"/.exec(session.texts[0])[1]), [TOPIC, "Tides"]);
    await app.visit("#/sessions/ep_001_20240811_1430");
    await app.session.shown(TOPIC);
    // Once storage works again, everything is stored and the warning disappears.
    await mend(app.page);
    await spend(app, "0.25");
    await app.until(() => document.querySelector("section[aria-label='Storage']") === null);
    await app.reload();
    await app.session.factIs("Cost / budget", "$1.25 / $9.00");
  });

  test("a backup restores everything, and overwrites no edit", async ({ open, downloads }) => {
    const app = await openEp001(open);
    await spend(app, "1");
    await app.session.factIs("Cost / budget", "$1.00 / $9.00");
    await app.drop([session({ number: 9, topic: "Nine" })]);
    await app.goTo("Settings");
    const file = await downloads.one(() => app.click("button", "Download backup"));
    await app.click("button", "Clear…");
    await app.click("button", "Clear workspace");
    await app.says("The workspace is empty.");
    const drop = () => dropFiles(app.page, [{ name: file.name, bytes: file.bytes }]);
    await drop();
    await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("2 sessions in a backup of 2 sessions"));
    await app.goTo("Sessions");
    await app.sessions.open(TOPIC);
    await app.session.factIs("Cost / budget", "$1.00 / $9.00");
    // With its undo history.
    await app.session.undo();
    await app.session.factIs("Cost / budget", "$0.00 / $9.00");
    await spend(app, "4");
    await app.session.factIs("Cost / budget", "$4.00 / $9.00");
    await drop();
    await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("2 unchanged"));
    // The backup's version is known here, as one that can be restored.
    await app.session.factIs("Cost / budget", "$4.00 / $9.00");
    await app.visit("#/sessions/ep_001_20240811_1430?tab=history");
    await app.until(() => document.querySelector(".history details.fold > summary")?.innerText === "Replaced versions");
    await app.press(".history details.fold > summary");
    await app.click("button", "Restore");
    await app.session.factIs("Cost / budget", "$1.00 / $9.00");
  });

  test("the policy and the zone are kept", async ({ open }) => {
    const app = await openEp001(open);
    await app.goTo("Settings");
    await app.settings.chooseZone("Asia/Tokyo");
    await app.fill("textbox", "Retries per stage", "0");
    await app.page.keyboard.press("Tab");
    await app.fill("textbox", "Overall", "7");
    await app.page.keyboard.press("Tab");
    await app.until(() => document.querySelector(".limits [role=alert]")?.innerText.startsWith("Enter a score from 0 to 1"));
    await assertAccessibleInBothThemes(app);
    // Figures are read as people type them.
    await app.fill("textbox", "Overall", "80 %");
    await app.page.keyboard.press("Tab");
    await app.until(() => document.querySelector("#policy-overall").value === "0.8");
    await app.fill("textbox", "Default budget", "$1.20");
    await app.page.keyboard.press("Tab");
    await app.until(() => document.querySelector("#policy-default-budget").value === "1.20");
    await app.until(() => document.querySelector(".limits [role=alert]") === null);
    await app.reload();
    await app.until(() => document.querySelector("#policy-retries-per-stage")?.value === "0");
    await app.settings.zoneIs("Asia/Tokyo");
    await app.goTo("Sessions");
    // A focused row shows its exact time.
    await app.focus("tbody .row-link");
    await app.until(() => /GMT\+9|JST/.test(document.querySelector("#tip")?.innerText ?? ""));
    await app.sessions.open(TOPIC);
    await app.session.fillIn("Fail", { Error: "No answer" });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "FAILED");
    // Without retries the first failure escalates.
    await app.until(() => {
      const retry = [...document.querySelectorAll(".transition button")].find((button) => button.innerText.trim() === "Retry");
      return retry?.ariaDisabled === "true";
    });
  });

  test("a setting of one tab leaves the fields of another alone", async ({ open }) => {
    const one = await App.open(open, "#/new");
    await one.fill("textbox", "Topic", "Half a thought");
    const two = await App.open(open, "#/settings");
    await two.page.bringToFront();
    await two.find("heading", "Settings");
    const dark = (app) => app.until(() => document.documentElement.dataset.theme === "dark");
    await two.press("label:has(> input[name=theme][value=dark])");
    await dark(two);
    await one.page.bringToFront();
    await dark(one);
    const topic = await one.find("textbox", "Topic");
    assert.equal(await topic.evaluate((field) => field.value), "Half a thought");
    // Times use another zone, and nothing else changes.
    await two.page.bringToFront();
    await two.settings.chooseZone("Asia/Tokyo");
    await one.page.bringToFront();
    await one.until(() => localStorage.getItem("callboard.zone")?.includes("Tokyo"));
    await one.until(() => document.querySelector("#new-topic")?.value === "Half a thought");
    assert.ok(await topic.evaluate((field) => field.isConnected), "it is the same field");
    // It also stays when the page is left.
    await one.goTo("Settings");
    await one.find("heading", "Settings");
    await one.settings.zoneIs("Asia/Tokyo");
    // A visible setting follows the other tab, too.
    await two.page.bringToFront();
    await two.settings.chooseZone("UTC");
    await one.page.bringToFront();
    await one.settings.zoneIs("UTC");
    await one.visit("#/new");
    await one.until(() => document.querySelector("#new-topic")?.value === "Half a thought");
    await one.click("link", "Cancel");
    await one.until(() => location.hash === "#/sessions" && document.querySelector(".new-session") === null);
    await one.visit("#/new");
    await one.until(() => document.querySelector("#new-topic")?.value === "");
  });

  test("a form's input is restored with its page", async ({ open }) => {
    const app = await openEp001(open);
    await app.session.fillIn("Fail", { Error: "No answer from the" });
    await app.goTo("Sessions");
    await app.sessions.open(TOPIC);
    await app.session.shown(TOPIC);
    await app.until(() => document.querySelector("#field-error")?.value === "No answer from the");
    await app.click("button", "Cancel");
    await app.session.fillIn("Fail");
    await app.until(() => document.querySelector("#field-error")?.value === "");
  });

  test("a zone that the browser does not list is in the field", { firefox: true }, async ({ open }) => {
    const app = await App.open(open, "#/settings");
    const unlisted = await app.page.evaluate(() => {
      const listed = Intl.supportedValuesOf("timeZone");
      return ["US/Pacific", "US/Eastern"].find((zone) => !listed.includes(zone));
    });
    await app.page.evaluate((zone) => localStorage.setItem("callboard.zone", JSON.stringify(zone)), unlisted);
    await app.reload();
    await app.settings.zoneIs(unlisted);
    await app.settings.chooseZone("UTC");
    await app.reload();
    await app.settings.zoneIs("UTC");
  });

  test("a time zone is found by any part of today's name and of the name before", { firefox: true }, async ({ open }) => {
    const app = await App.open(open, "#/settings");
    const search = async (text, name) => (await app.settings.searchZones(text, name))[0];
    assert.deepEqual(await search("kolk", "Asia/Kolkata"), ["Asia/Kolkata", "UTC+5:30"]);
    assert.deepEqual(await search("calcutta", "Asia/Kolkata"), ["Asia/Kolkata", "UTC+5:30"]);
    assert.equal((await search("new york", "America/New_York"))[0], "America/New_York");
    assert.equal((await search("berl", "Europe/Berlin"))[0], "Europe/Berlin");
    await search("kiev", "Europe/Kyiv");
    await search("Berlni", "Europe/Berlin");
    assert.match(await app.page.$eval(".zone [role=status]", (e) => e.innerText), /^No time zone matches \u201cBerlni\u201d/);
    await assertAccessible(app.page);
    // Escape keeps the zone; Enter chooses another.
    await app.page.keyboard.press("Escape");
    await app.until(() => document.querySelector("#zone").value.startsWith("This machine"));
    await app.settings.chooseZone("Asia/Kolkata");
    await app.until(() => document.querySelector(".zone .field-unit").innerText === "UTC+5:30");
    await app.reload();
    await app.settings.zoneIs("Asia/Kolkata");
  });
});
