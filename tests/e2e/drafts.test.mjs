// A text that is written by hand: none of it is lost, whatever becomes of its session, its tab or the browser's storage.
import assert from "node:assert/strict";

import { ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { copyDraft, draftKept, fillDisk, holdFrames, holdStorage, letFramesGo, letGo, mend } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";
import { ID, TOPIC, mute, oneTab, twoTabs } from "./support/tabs.mjs";

const MINE = "Why Squid Dream";

const written = (text) => text.replace(TOPIC, MINE);
const field = (app) => app.page.$eval("#editor-field", (e) => e.value);

/** Waits until the text in the editor has these words. */
const isWritten = (app, words) => app.until((words) => document.querySelector("#editor-field")?.value.includes(words), words);

/** Continues the unfinished edit that is offered, and waits until its editor has these words. */
const resume = async (app, words = MINE) => {
  await app.find("region", "Unfinished edit");
  await app.click("button", "Continue");
  await isWritten(app, words);
};

suite("texts by hand", ({ test }) => {
  test("what is being written stays when another tab changes the session, and both are put together", async ({ open }) => {
    const { one, two, inFront, spend } = await twoTabs(open, "?tab=json");
    await inFront(two);
    await two.session.rewrite(written);
    await two.page.$eval("#editor-field", (e) => {
      e.focus();
      e.setSelectionRange(7, 9);
    });
    await spend(one, "1");
    await inFront(two);
    const region = await two.find("region", "Changed elsewhere");
    assert.match(await region.evaluate((e) => e.innerText), /What you wrote is kept/);
    const changed = await region.$$eval(".diff-come .diff-text", (lines) => lines.map((line) => line.innerText));
    assert.ok(changed.some((line) => /"writing": 1/.test(line)), changed.join("\n"));
    assert.match(await field(two), /Why Squid Dream/);
    // Who types goes on typing: a key is no command.
    await two.until(() => document.activeElement.id === "editor-field");
    assert.deepEqual(await two.page.$eval("#editor-field", (e) => [e.selectionStart, e.selectionEnd]), [7, 9]);
    await assertAccessible(two.page);
    await two.click("button", "Apply the edit");
    assert.match(await field(two), /Why Squid Dream/, "nothing is applied before someone has decided");
    await two.click("button", "Merge both");
    await two.until(() => document.querySelector("[aria-label='Changed elsewhere']") === null);
    await two.click("button", "Apply the edit");
    await two.says("The text was edited by hand.");
    await two.session.shown(MINE);
    await two.session.factIs("Cost / budget", "$1.00 / $9.00");
    await inFront(one);
    await one.session.shown(MINE);
  });

  test("what was selected stays selected in a tab that drew no frame while it was behind another", async ({ open }) => {
    const { one, two, inFront, spend } = await twoTabs(open, "?tab=json");
    await inFront(two);
    // Now and then a tab comes to lie behind another before it has drawn; here it always does.
    const button = await two.find("button", "Edit the text");
    await holdFrames(two.page);
    // Puppeteer's own click waits for a frame.
    await button.evaluate((e) => e.click());
    await two.session.write(written);
    await two.page.$eval("#editor-field", (e) => {
      e.focus();
      e.setSelectionRange(7, 9);
    });
    await spend(one, "1");
    await inFront(two);
    await two.find("region", "Changed elsewhere");
    await letFramesGo(two.page);
    await two.until(() => document.activeElement.id === "editor-field");
    assert.deepEqual(await two.page.$eval("#editor-field", (e) => [e.selectionStart, e.selectionEnd]), [7, 9]);
  });

  test("a text of megabytes that is being written outlives a reload", { firefox: true }, async ({ open }) => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `    "Line ${index} of what was said in the studio"`);
    const long = (await ep001()).toString().replace(/\}\s*$/, `,\n  "transcript": [\n${lines.join(",\n")}\n  ]\n}\n`);
    assert.ok(long.length > 1 << 20);
    const app = await oneTab(open, "?tab=json", long);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await draftKept(app.page, MINE);
    await app.reload();
    await resume(app);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply the edit");
    await app.session.shown(MINE);
    // What was applied is no draft any more.
    await app.reload();
    await app.find("button", "Edit the text");
  });

  test("what is written last is kept when the page is left before the keys have rested", { firefox: true }, async ({ open }) => {
    const app = await oneTab(open);
    await app.session.rewrite(written);
    await app.reload();
    await resume(app);
  });

  test("what is written last is kept when the page is left while an earlier write is going on", { firefox: true }, async ({ open }) => {
    const app = await oneTab(open, "?tab=json");
    await holdStorage(app.page, "drafts");
    await app.session.rewrite(written);
    await app.reload();
    await resume(app);
  });

  test("an edit is continued as it was when its tab was closed while it was being stored", { firefox: true }, async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(one);
    await one.click("button", "Edit the text");
    await draftKept(one.page, TOPIC);
    await holdStorage(one.page, "drafts");
    await one.session.write(written);
    // As a person closes it: without this, Firefox' page is not told.
    await one.page.close({ runBeforeUnload: true });
    await inFront(two);
    await resume(two);
  });

  test("a copy that is visible late is continued, and what was typed since stays beside it", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(one);
    await one.session.rewrite(written);
    await draftKept(one.page, MINE);
    await one.page.close({ runBeforeUnload: true });
    await inFront(two);
    await resume(two);
    const three = await App.open(open, `#/sessions/${ID}?tab=json`);
    await copyDraft(three.page, (text) => text.replace(MINE, "Late Squid"));
    await inFront(two);
    await isWritten(two, "Late Squid");
    await two.session.write((text) => text.replace("Late Squid", "Typed Squid"));
    await draftKept(two.page, "Typed Squid");
    await copyDraft(three.page, (text) => text.replace("Typed Squid", "Later Squid"));
    await inFront(three);
    await resume(three, "Later Squid");
    assert.match(await field(two), /Typed Squid/);
  });

  test("each tab keeps what it writes, and an edit whose tab is closed is offered to the others", { firefox: true }, async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(one);
    await one.session.rewrite(written);
    await draftKept(one.page, MINE);
    await inFront(two);
    await two.session.rewrite((text) => text.replace(TOPIC, "Why Cuttlefish Dream"));
    await draftKept(two.page, "Why Cuttlefish Dream");
    // A third tab is offered neither, as long as both are open.
    const three = await App.open(open, `#/sessions/${ID}?tab=json`);
    await three.find("button", "Edit the text");
    await inFront(one);
    await inFront(three);
    assert.equal(await three.has("region", "Unfinished edit"), false);
    // A tab that is loaded again is offered its own; none is taken over by itself.
    await inFront(two);
    await two.reload();
    await two.find("region", "Unfinished edit");
    await two.find("button", "Edit the text");
    await resume(two, "Why Cuttlefish Dream");
    await inFront(three);
    await three.until(() => document.querySelector("section[aria-label='Unfinished edit']") === null);
    // A closed tab's edit is offered without a reload, with all that was written.
    await one.page.close();
    await resume(three);
    await three.click("button", "Cancel the edit");
    await three.reload();
    await three.find("button", "Edit the text");
    assert.equal(await three.has("region", "Unfinished edit"), false);
    await inFront(two);
    assert.match(await field(two), /Why Cuttlefish Dream/);
  });

  test("of two tabs that are offered an edit, one continues it, and it can be discarded", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    const three = await App.open(open, `#/sessions/${ID}?tab=json`);
    await three.session.rewrite(written);
    await draftKept(three.page, MINE);
    await three.page.close();
    await inFront(two);
    await two.find("region", "Unfinished edit");
    await inFront(one);
    await resume(one);
    await inFront(two);
    await two.until(() => document.querySelector("section[aria-label='Unfinished edit']") === null);
    await one.page.close();
    await two.find("region", "Unfinished edit");
    await two.click("button", "Discard");
    await two.until(() => document.querySelector("section[aria-label='Unfinished edit']") === null);
    await two.reload();
    await two.find("button", "Edit the text");
    assert.equal(await two.has("region", "Unfinished edit"), false);
  });

  test("a text that is being written and cannot be kept says so", { firefox: true }, async ({ open }) => {
    const app = await oneTab(open);
    await fillDisk(app.page);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector(".editor [role=status]")?.innerText.includes("as long as this page is open"));
    await assertAccessible(app.page);
    await mend(app.page);
    await app.session.write((text) => `${text} `);
    await app.until(() => document.querySelector(".editor [role=status]") === null);
    // What could not be kept at its beginning is kept whole now.
    await app.reload();
    await resume(app);
  });

  test("what is written while an edit is applied is not lost", async ({ open }) => {
    const app = await oneTab(open);
    await app.session.rewrite(written);
    await draftKept(app.page, MINE);
    await holdStorage(app.page);
    await app.click("button", "Apply the edit");
    await app.session.write((text) => text.replace(MINE, "Why Cuttlefish Dream"));
    await letGo(app.page);
    await app.session.shown(MINE);
    await app.until(() => document.querySelector("#editor-field")?.value.includes("Why Cuttlefish Dream"));
    await app.reload();
    await app.session.shown(MINE);
    await resume(app, "Why Cuttlefish Dream");
    await app.click("button", "Apply the edit");
    await app.session.shown("Why Cuttlefish Dream");
    assert.equal(await app.has("textbox", "Text of the file"), false);
  });

  test("a text that is applied and not stored is in its field again after a reload", async ({ open }) => {
    const app = await oneTab(open);
    await app.session.rewrite(written);
    await draftKept(app.page, MINE);
    await fillDisk(app.page);
    await app.click("button", "Apply the edit");
    await app.session.shown(MINE);
    assert.equal(await app.has("textbox", "Text of the file"), false);
    // Another one that is begun and given up takes nothing from it.
    await app.session.rewrite((text) => text.replace(MINE, "Why Cuttlefish Dream"));
    await app.click("button", "Cancel the edit");
    await app.reload();
    await app.session.shown(TOPIC);
    await resume(app);
    // Once the change is stored, there is nothing left to write.
    await fillDisk(app.page);
    await app.click("button", "Apply the edit");
    await app.session.shown(MINE);
    await mend(app.page);
    await app.drop([session({ number: 9 })]);
    await app.until(() => document.querySelector("section[aria-label='Storage']") === null);
    await app.reload();
    await app.session.shown(MINE);
    assert.equal(await app.has("textbox", "Text of the file"), false);
  });

  test("an edit that is refused because another tab was quicker is offered again", async ({ open }) => {
    const { one, two, inFront, spend } = await twoTabs(open, "?tab=json");
    await mute(one);
    await inFront(two);
    await two.session.rewrite(written);
    await two.until(() => document.querySelector("#editor-verdict .tally"));
    await spend(one, "2");
    await inFront(two);
    await two.click("button", "Apply the edit");
    await two.says("The session was changed elsewhere while you were writing.");
    await two.find("region", "Changed elsewhere");
    await two.session.factIs("Cost / budget", "$2.00 / $9.00");
    assert.match(await field(two), /Why Squid Dream/);
    // After a reload, too.
    await two.reload();
    await resume(two, "Why Squid Dream");
    await two.find("region", "Changed elsewhere");
    assert.match(await field(two), /Why Squid Dream/);
    // What is typed is taken along, however soon the button follows the last key.
    await two.page.$eval("#editor-field", (field) => {
      field.value = field.value.replace("Squid", "Cuttlefish");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      const buttons = [...document.querySelectorAll("[aria-label='Changed elsewhere'] button")];
      buttons.find((button) => button.innerText === "Keep only mine").click();
    });
    await two.until(() => document.querySelector("[aria-label='Changed elsewhere']") === null);
    await two.click("button", "Apply the edit");
    await two.session.shown("Why Cuttlefish Dream");
    await two.session.factIs("Cost / budget", "$0.00 / $9.00");
    await two.session.undo();
    await two.session.factIs("Cost / budget", "$2.00 / $9.00");
  });

  test("what both have changed differently is said, and left to whoever writes", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(two);
    await two.session.rewrite(written);
    await inFront(one);
    await one.session.rewrite((text) => text.replace(TOPIC, "Why Cuttlefish Dream"));
    await one.until(() => document.querySelector("#editor-verdict .tally"));
    await one.click("button", "Apply the edit");
    await one.session.shown("Why Cuttlefish Dream");
    await inFront(two);
    const region = await two.find("region", "Changed elsewhere");
    assert.match(await region.evaluate((e) => e.innerText), /Both changed episode\.topic/);
    assert.equal(await two.has("button", "Merge both"), false);
    await two.click("button", "Cancel the edit");
    await two.session.shown("Why Cuttlefish Dream");
    assert.equal(await two.has("textbox", "Text of the file"), false);
  });

  test("a text that is being written outlives its session", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(two);
    await two.session.rewrite(written);
    await inFront(one);
    await one.goTo("Settings");
    await one.click("button", "Clear…");
    await one.click("button", "Clear the workspace");
    await one.says("The workspace is empty.");
    await inFront(two);
    await two.find("region", "Unfinished edit");
    assert.match(await two.page.$eval("[aria-label='Unfinished edit'] textarea", (e) => e.value), /Why Squid Dream/);
    await two.click("button", "Discard");
    await two.until(() => document.querySelector("[aria-label='Unfinished edit']") === null);
  });

  test("a text whose lines end in several ways is edited to the byte", { firefox: true }, async ({ open, downloads }) => {
    const ends = ["\n", "\r\n", "\r"];
    const lines = String(await ep001()).split("\n");
    const mixed = lines.map((line, at) => line + (at < lines.length - 1 ? ends[at % 3] : "")).join("");
    const app = await oneTab(open, "?tab=json", `\ufeff${mixed}`);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply the edit");
    await app.session.shown(MINE);
    const file = await downloads.one(() => app.session.export());
    assert.deepEqual(file.bytes, Buffer.from(`\ufeff${mixed.replace(TOPIC, MINE)}`));
  });
});
