// Manual edits: no text is lost, whatever happens to its session, its tab or the browser's storage.
import assert from "node:assert/strict";

import { ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import {
  copyDraft,
  draftGone,
  draftKept,
  fillDisk,
  holdFrames,
  holdStorage,
  holdWaits,
  mend,
  releaseFrames,
  releaseStorage,
} from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";
import { ID, TOPIC, mute, oneTab, twoTabs } from "./support/tabs.mjs";

const MINE = "Why Squid Dream";

const written = (text) => text.replace(TOPIC, MINE);
const field = (app) => app.page.$eval("#editor-field", (e) => e.value);

/** Waits until the editor's text contains these words. */
const isWritten = (app, words) => app.until((words) => document.querySelector("#editor-field")?.value.includes(words), words);

/** Resumes the offered draft, and waits until its editor contains these words. */
const resume = async (app, words = MINE) => {
  await app.find("region", "Unfinished edit");
  await app.click("button", "Continue");
  await isWritten(app, words);
};

/** Edits the session's text in a tab, and closes that tab. */
async function closeWithDraft(open) {
  const app = await App.open(open, `#/sessions/${ID}?tab=json`);
  await app.session.rewrite(written);
  await draftKept(app.page, MINE);
  await app.page.close();
}

suite("manual edits", ({ test }) => {
  test("a draft survives a change by another tab, and both can be merged", async ({ open }) => {
    const { one, two, inFront, spend } = await twoTabs(open, "?tab=json");
    await inFront(two);
    await two.session.rewrite(written);
    await two.page.$eval("#editor-field", (e) => {
      e.focus();
      e.setSelectionRange(7, 9);
    });
    await spend(one, "1");
    await inFront(two);
    const region = await two.find("region", "Session changed");
    assert.match(await region.evaluate((e) => e.innerText), /Your edit is kept/);
    const changed = await region.$$eval(".diff-come .diff-text", (lines) => lines.map((line) => line.innerText));
    assert.ok(changed.some((line) => /"writing": 1/.test(line)), changed.join("\n"));
    assert.match(await field(two), /Why Squid Dream/);
    // Keys typed in the editor are no shortcuts.
    await two.until(() => document.activeElement.id === "editor-field");
    assert.deepEqual(await two.page.$eval("#editor-field", (e) => [e.selectionStart, e.selectionEnd]), [7, 9]);
    await assertAccessible(two.page);
    await two.click("button", "Apply edit");
    assert.match(await field(two), /Why Squid Dream/, "nothing is applied before someone has decided");
    await two.click("button", "Merge both");
    await two.until(() => document.querySelector("[aria-label='Session changed']") === null);
    await two.click("button", "Apply edit");
    await two.says("Text edited by hand.");
    await two.session.shown(MINE);
    await two.session.factIs("Cost / budget", "$1.00 / $9.00");
    await inFront(one);
    await one.session.shown(MINE);
  });

  test("the selection survives in a background tab without frames", async ({ open }) => {
    const { one, two, inFront, spend } = await twoTabs(open, "?tab=json");
    await inFront(two);
    // Sometimes a tab moves to the background before its first frame; here it always does.
    const button = await two.find("button", "Edit text");
    await holdFrames(two.page);
    // Puppeteer's click waits for a frame.
    await button.evaluate((e) => e.click());
    await two.session.write(written);
    await two.page.$eval("#editor-field", (e) => {
      e.focus();
      e.setSelectionRange(7, 9);
    });
    await spend(one, "1");
    await inFront(two);
    await two.find("region", "Session changed");
    await releaseFrames(two.page);
    await two.until(() => document.activeElement.id === "editor-field");
    assert.deepEqual(await two.page.$eval("#editor-field", (e) => [e.selectionStart, e.selectionEnd]), [7, 9]);
  });

  test("a draft of megabytes survives a reload", { firefox: true }, async ({ open }) => {
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
    await app.click("button", "Apply edit");
    await app.session.shown(MINE);
    // An applied edit is no longer a draft.
    await app.reload();
    await app.find("button", "Edit text");
  });

  test("the last keystrokes are kept when the page is left", { firefox: true }, async ({ open }) => {
    const app = await oneTab(open);
    await app.session.rewrite(written);
    await app.reload();
    await resume(app);
  });

  test("the last keystrokes are kept when the page is left during an earlier write", { firefox: true }, async ({ open }) => {
    const app = await oneTab(open, "?tab=json");
    await holdStorage(app.page, "drafts");
    await app.session.rewrite(written);
    await app.reload();
    await resume(app);
  });

  test("a draft is resumed with its last text when its tab was closed during a write", { firefox: true }, async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(one);
    await one.click("button", "Edit text");
    await draftKept(one.page, TOPIC);
    await holdStorage(one.page, "drafts");
    await one.session.write(written);
    // Closed like a user does: otherwise Firefox does not notify the page.
    await one.page.close({ runBeforeUnload: true });
    await inFront(two);
    await resume(two);
  });

  test("a late copy is resumed, and text typed since stays a draft of its own", async ({ open }) => {
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

  test("each tab keeps its draft, and a closed tab's draft is offered to the others", { firefox: true }, async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(one);
    await one.session.rewrite(written);
    await draftKept(one.page, MINE);
    await inFront(two);
    await two.session.rewrite((text) => text.replace(TOPIC, "Why Cuttlefish Dream"));
    await draftKept(two.page, "Why Cuttlefish Dream");
    // A third tab is offered neither while both are open.
    const three = await App.open(open, `#/sessions/${ID}?tab=json`);
    await three.find("button", "Edit text");
    await inFront(one);
    await inFront(three);
    assert.equal(await three.has("region", "Unfinished edit"), false);
    // A reloaded tab is offered its own draft; none is resumed automatically.
    await inFront(two);
    await two.reload();
    await two.find("region", "Unfinished edit");
    await two.find("button", "Edit text");
    await resume(two, "Why Cuttlefish Dream");
    await inFront(three);
    await three.until(() => document.querySelector("section[aria-label='Unfinished edit']") === null);
    // A closed tab's draft is offered without a reload, with all its text.
    await one.page.close();
    await resume(three);
    await three.click("button", "Cancel edit");
    await draftGone(three.page, MINE);
    await three.reload();
    await three.find("button", "Edit text");
    assert.equal(await three.has("region", "Unfinished edit"), false);
    await inFront(two);
    assert.match(await field(two), /Why Cuttlefish Dream/);
  });

  test("only one of two tabs can resume an offered draft, and it can be discarded", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await closeWithDraft(open);
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
    await draftGone(two.page, MINE);
    await two.reload();
    await two.find("button", "Edit text");
    assert.equal(await two.has("region", "Unfinished edit"), false);
  });

  test("a tab that waits for a draft, however slow, keeps no other from resuming it", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await holdWaits(two.page);
    await closeWithDraft(open);
    await inFront(one);
    await resume(one);
  });

  test("an edit that another tab was first to resume is offered again once that tab closes", { firefox: true }, async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await closeWithDraft(open);
    await inFront(two);
    await two.find("region", "Unfinished edit");
    await inFront(one);
    // The other tab does not learn of it.
    await mute(one);
    await resume(one);
    await inFront(two);
    await two.click("button", "Continue");
    await two.says("This edit is open in another tab.");
    assert.equal(await two.has("region", "Unfinished edit"), false);
    await one.page.close();
    await resume(two);
  });

  test("a draft that cannot be stored is reported", { firefox: true }, async ({ open }) => {
    const app = await oneTab(open);
    await fillDisk(app.page);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector(".editor [role=status]")?.innerText.includes("lasts until you close this page"));
    await assertAccessible(app.page);
    await mend(app.page);
    await app.session.write((text) => `${text} `);
    await app.until(() => document.querySelector(".editor [role=status]") === null);
    // A draft that could not be stored at first is stored completely now.
    await app.reload();
    await resume(app);
  });

  test("text typed while an edit is applied is not lost", async ({ open }) => {
    const app = await oneTab(open);
    await app.session.rewrite(written);
    await draftKept(app.page, MINE);
    await holdStorage(app.page);
    await app.click("button", "Apply edit");
    await app.session.write((text) => text.replace(MINE, "Why Cuttlefish Dream"));
    await releaseStorage(app.page);
    await app.session.shown(MINE);
    await app.until(() => document.querySelector("#editor-field")?.value.includes("Why Cuttlefish Dream"));
    await app.reload();
    await app.session.shown(MINE);
    await resume(app, "Why Cuttlefish Dream");
    await app.click("button", "Apply edit");
    await app.session.shown("Why Cuttlefish Dream");
    assert.equal(await app.has("textbox", "Text of the file"), false);
  });

  test("an applied edit that was not stored is a draft again after a reload", async ({ open }) => {
    const app = await oneTab(open);
    await app.session.rewrite(written);
    await draftKept(app.page, MINE);
    await fillDisk(app.page);
    await app.click("button", "Apply edit");
    await app.session.shown(MINE);
    assert.equal(await app.has("textbox", "Text of the file"), false);
    // Beginning and cancelling another draft leaves it alone.
    await app.session.rewrite((text) => text.replace(MINE, "Why Cuttlefish Dream"));
    await app.click("button", "Cancel edit");
    await app.reload();
    await app.session.shown(TOPIC);
    await resume(app);
    // Once the change is stored, no draft is left.
    await fillDisk(app.page);
    await app.click("button", "Apply edit");
    await app.session.shown(MINE);
    await mend(app.page);
    await app.drop([session({ number: 9 })]);
    await app.until(() => document.querySelector("section[aria-label='Storage']") === null);
    await app.reload();
    await app.session.shown(MINE);
    assert.equal(await app.has("textbox", "Text of the file"), false);
  });

  test("an edit refused because of another tab is offered again", async ({ open }) => {
    const { one, two, inFront, spend } = await twoTabs(open, "?tab=json");
    await mute(one);
    await inFront(two);
    await two.session.rewrite(written);
    await two.until(() => document.querySelector("#editor-verdict .tally"));
    await spend(one, "2");
    await inFront(two);
    await two.click("button", "Apply edit");
    await two.says("The session was changed elsewhere while you were writing.");
    await two.find("region", "Session changed");
    await two.session.factIs("Cost / budget", "$2.00 / $9.00");
    assert.match(await field(two), /Why Squid Dream/);
    // Also after a reload.
    await two.reload();
    await resume(two, "Why Squid Dream");
    await two.find("region", "Session changed");
    assert.match(await field(two), /Why Squid Dream/);
    // Text typed just before the click is included.
    await two.page.$eval("#editor-field", (field) => {
      field.value = field.value.replace("Squid", "Cuttlefish");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      const buttons = [...document.querySelectorAll("[aria-label='Session changed'] button")];
      buttons.find((button) => button.innerText === "Keep my edit").click();
    });
    await two.until(() => document.querySelector("[aria-label='Session changed']") === null);
    await two.click("button", "Apply edit");
    await two.session.shown("Why Cuttlefish Dream");
    await two.session.factIs("Cost / budget", "$0.00 / $9.00");
    await two.session.undo();
    await two.session.factIs("Cost / budget", "$2.00 / $9.00");
  });

  test("differing changes of the same value are left to the user", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(two);
    await two.session.rewrite(written);
    await inFront(one);
    await one.session.rewrite((text) => text.replace(TOPIC, "Why Cuttlefish Dream"));
    await one.until(() => document.querySelector("#editor-verdict .tally"));
    await one.click("button", "Apply edit");
    await one.session.shown("Why Cuttlefish Dream");
    await inFront(two);
    const region = await two.find("region", "Session changed");
    assert.match(await region.evaluate((e) => e.innerText), /Both versions changed episode\.topic/);
    assert.equal(await two.has("button", "Merge both"), false);
    await two.click("button", "Cancel edit");
    await two.session.shown("Why Cuttlefish Dream");
    assert.equal(await two.has("textbox", "Text of the file"), false);
  });

  test("a draft survives its session", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(two);
    await two.session.rewrite(written);
    await inFront(one);
    await one.goTo("Settings");
    await one.click("button", "Clear…");
    await one.click("button", "Clear workspace");
    await one.says("The workspace is empty.");
    await inFront(two);
    await two.find("region", "Unfinished edit");
    assert.match(await two.page.$eval("[aria-label='Unfinished edit'] textarea", (e) => e.value), /Why Squid Dream/);
    await two.click("button", "Discard");
    await two.until(() => document.querySelector("[aria-label='Unfinished edit']") === null);
  });

  test("a text with mixed line endings is edited byte for byte", { firefox: true }, async ({ open, downloads }) => {
    const ends = ["\n", "\r\n", "\r"];
    const lines = String(await ep001()).split("\n");
    const mixed = lines.map((line, at) => line + (at < lines.length - 1 ? ends[at % 3] : "")).join("");
    const app = await oneTab(open, "?tab=json", `\ufeff${mixed}`);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply edit");
    await app.session.shown(MINE);
    const file = await downloads.one(() => app.session.export());
    assert.deepEqual(file.bytes, Buffer.from(`\ufeff${mixed.replace(TOPIC, MINE)}`));
  });
});
