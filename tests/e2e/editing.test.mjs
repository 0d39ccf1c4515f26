// No edit is lost: what is typed or looked at stays when the session changes below it.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { draftKept, fillDisk, holdApp, holdFrames, holdStorage, letFramesGo, letGo, mend } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const TOPIC = "Why Octopuses Dream";
const MINE = "Why Squid Dream";
const ID = "ep_001_20240811_1430";

const written = (text) => text.replace(TOPIC, MINE);
const field = (app) => app.page.$eval("#editor-field", (e) => e.value);

async function fixture(open, query = "?tab=json", bytes = undefined) {
  const app = await App.open(open);
  await app.drop([{ name: EP001, bytes: bytes ?? (await ep001()) }]);
  await app.page.evaluate((hash) => {
    location.hash = hash;
  }, `#/sessions/${ID}${query}`);
  await app.session.shown(TOPIC);
  return app;
}

/** The same session in two tabs; a tab that is behind another draws nothing. */
async function twoTabs(open, query) {
  const one = await fixture(open, query);
  const two = await App.open(open, `#/sessions/${ID}${query}`);
  await two.session.shown(TOPIC);
  const inFront = async (app) => {
    await app.page.bringToFront();
    return app;
  };
  const spend = async (app, cost) => {
    await inFront(app);
    await app.session.fillIn("Progress", { Cost: cost });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("Cost / budget", `$${Number(cost).toFixed(2)} / $9.00`);
  };
  return { one, two, inFront, spend };
}

/** Waits until the text of a tab that is gone is in this one; it has ten seconds to come back. */
const takenOver = (app) =>
  app.page.waitForFunction((mine) => document.querySelector("#editor-field")?.value.includes(mine), { timeout: 60_000 }, MINE);

const mute = (app) =>
  app.page.evaluate(() => {
    BroadcastChannel.prototype.postMessage = () => {};
  });

suite("editing", ({ test }) => {
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
    await two.click("button", "Put both together");
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

  test("a text of megabytes that is being written outlives a reload", async ({ open }) => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `    "Line ${index} of what was said in the studio"`);
    const long = (await ep001()).toString().replace(/\}\s*$/, `,\n  "transcript": [\n${lines.join(",\n")}\n  ]\n}\n`);
    assert.ok(long.length > 1 << 20);
    const app = await fixture(open, "?tab=json", long);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await draftKept(app.page, MINE);
    await app.reload();
    await app.until((mine) => document.querySelector("#editor-field")?.value.includes(mine), MINE);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply the edit");
    await app.session.shown(MINE);
    // What was applied is no draft any more.
    await app.reload();
    await app.find("button", "Edit the text");
  });

  test("what is written last is kept when the page is left before the keys have rested", async ({ open }) => {
    const app = await fixture(open);
    await app.session.rewrite(written);
    await app.reload();
    await app.until((mine) => document.querySelector("#editor-field")?.value.includes(mine), MINE);
  });

  test("each tab keeps what it writes, and a text of which the tab is gone is taken over", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(one);
    await one.session.rewrite(written);
    await draftKept(one.page, MINE);
    await inFront(two);
    await two.session.rewrite((text) => text.replace(TOPIC, "Why Cuttlefish Dream"));
    await draftKept(two.page, "Why Cuttlefish Dream");
    await two.reload();
    await two.until(() => document.querySelector("#editor-field")?.value.includes("Why Cuttlefish Dream"));
    await inFront(one);
    await one.reload();
    await one.until((mine) => document.querySelector("#editor-field")?.value.includes(mine), MINE);
    // A third one writes nothing yet, and takes nothing from those that are open.
    const three = await App.open(open, `#/sessions/${ID}?tab=json`);
    await three.find("button", "Edit the text");
    await one.page.close();
    await inFront(three);
    await three.reload();
    await takenOver(three);
    await three.click("button", "Cancel the edit");
    await three.reload();
    await three.find("button", "Edit the text");
    await inFront(two);
    assert.match(await field(two), /Why Cuttlefish Dream/);
  });

  test("a text of which the tab is closed comes to the tab that is looked at then", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=json");
    await inFront(two);
    await two.session.rewrite(written);
    await draftKept(two.page, MINE);
    // A tab that is loaded anew is not gone, long as that may take: its text stays its own, though another is looked at.
    await inFront(one);
    await inFront(two);
    const { asked } = await holdApp(two.page);
    const reloaded = two.reload();
    const app = await asked;
    await inFront(one);
    await pause(4000);
    app.continue();
    await reloaded;
    await inFront(two);
    await two.until((mine) => document.querySelector("#editor-field")?.value.includes(mine), MINE);
    await inFront(one);
    await one.find("button", "Edit the text");
    await two.page.close();
    await takenOver(one);
    await one.click("button", "Apply the edit");
    await one.session.shown(MINE);
  });

  test("a text that is being written and cannot be kept says so", async ({ open }) => {
    const app = await fixture(open);
    await fillDisk(app.page);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector(".editor [role=status]")?.innerText.includes("as long as this page is open"));
    await assertAccessible(app.page);
    await mend(app.page);
    await app.session.write((text) => `${text} `);
    await app.until(() => document.querySelector(".editor [role=status]") === null);
    // What could not be kept at its beginning is kept whole now.
    await app.reload();
    await app.until((mine) => document.querySelector("#editor-field")?.value.includes(mine), MINE);
  });

  test("what is written while an edit is applied is not lost", async ({ open }) => {
    const app = await fixture(open);
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
    await app.until(() => document.querySelector("#editor-field")?.value.includes("Why Cuttlefish Dream"));
    await app.click("button", "Apply the edit");
    await app.session.shown("Why Cuttlefish Dream");
    assert.equal(await app.has("textbox", "Text of the file"), false);
  });

  test("a text that is applied and not stored is in its field again after a reload", async ({ open }) => {
    const app = await fixture(open);
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
    await app.until((mine) => document.querySelector("#editor-field")?.value.includes(mine), MINE);
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
    assert.equal(await two.has("button", "Put both together"), false);
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
    await two.find("region", "What you were writing");
    assert.match(await two.page.$eval("[aria-label='What you were writing'] textarea", (e) => e.value), /Why Squid Dream/);
    await two.click("button", "Give it up");
    await two.until(() => document.querySelector("[aria-label='What you were writing']") === null);
  });

  test("a form keeps what is typed when another tab changes the session", async ({ open }) => {
    const { one, two, inFront, spend } = await twoTabs(open, "?tab=history");
    await inFront(two);
    await two.session.fillIn("Complete", { Cost: "1.2", "Output file": "scripts/mine.md" });
    await two.click("checkbox", "Hand over to quality_evaluator");
    await two.click("checkbox", "Format valid");
    await two.page.focus("#field-output_file");
    await spend(one, "1");
    await inFront(two);
    await two.session.factIs("Cost / budget", "$1.00 / $9.00");
    await two.find("textbox", "Word count");
    assert.equal(await two.page.$eval("#field-cost", (e) => e.value), "1.2");
    assert.equal(await two.page.$eval("#field-output_file", (e) => e.value), "scripts/mine.md");
    assert.equal(await two.page.$eval("#handoff-format_valid", (e) => e.checked), true);
    await two.until(() => document.activeElement.id === "field-output_file");
  });

  test("a form that another tab was quicker than has again what was typed", async ({ open }) => {
    const { one, two, inFront } = await twoTabs(open, "?tab=history");
    await mute(one);
    await inFront(two);
    await two.session.fillIn("Complete", { Cost: "1.2", "Output file": "scripts/mine.md" });
    await inFront(one);
    await one.session.fillIn("Fail", { Error: "The studio is flooded." });
    await one.session.preview();
    await one.session.apply();
    await one.session.factIs("State", "FAILED");
    await inFront(two);
    await two.session.preview();
    await two.session.apply();
    await two.session.factIs("State", "FAILED");
    await two.until(() => document.querySelector("#field-output_file")?.value === "scripts/mine.md");
    assert.equal(await two.page.$eval("#field-cost", (e) => e.value), "1.2");
    await two.find("heading", "No longer possible");
    await two.until(() => document.querySelector(".action-form .refusal")?.innerText.includes("cannot"));
    await assertAccessible(two.page);
    // It is possible again once it is.
    await two.session.undo();
    await two.session.factIs("State", "WRITING");
    await two.until(() => document.querySelector("#field-output_file")?.value === "scripts/mine.md");
    await two.until(() => ![...document.querySelectorAll("h3")].some((head) => head.innerText === "No longer possible"));
    await two.session.apply();
    await two.session.factIs("State", "EVALUATING");
  });

  test("a form that is refused says what the core advises", async ({ open }) => {
    const evaluated = session({ number: 32, done: 2, topic: "Judged" });
    const app = await App.open(open);
    await app.drop([evaluated]);
    await app.visit(`#/sessions/${evaluated.id}`);
    await app.session.shown("Judged");
    await app.session.fillIn("Quality failure");
    await app.until(() => document.querySelector(".preview .refusal-hint")?.innerText.includes("Report success with complete."));
    // And a start says what is written where nothing is typed.
    const pending = session({ number: 33, done: 2, status: "pending", topic: "To be judged" });
    await app.drop([pending]);
    await app.visit(`#/sessions/${pending.id}`);
    await app.session.shown("To be judged");
    await app.session.fillIn("Start");
    await app.until(() => document.querySelector("#field-estimated_completion-usual")?.innerText === "Left empty: 10 min");
  });

  test("the timeline is looked at in the same way after an event", async ({ open }) => {
    const running = session({ number: 31, done: 1, minutesAgo: 9 });
    const app = await App.open(open);
    await app.drop([running]);
    await app.page.evaluate((hash) => {
      location.hash = hash;
    }, `#/sessions/${running.id}`);
    await app.session.bars();
    await app.session.focusTimeline();
    await app.page.keyboard.press(".");
    await app.until(() => document.querySelector(".timeline-details").innerText.includes("research_coordinator"));
    const first = (await app.session.bars())[0];
    await app.page.keyboard.press("+");
    await app.page.keyboard.press("ArrowRight");
    await app.until((width) => document.querySelector(".bar-body").getBoundingClientRect().width > width * 1.3, first.width);
    const zoomed = (await app.session.bars())[0];
    await app.session.fillIn("Progress", { Cost: "1" });
    await app.session.preview();
    await app.session.apply();
    await app.says("script_writer");
    await app.until((x, width) => {
      const bar = document.querySelector(".bar-body")?.getBoundingClientRect();
      return bar && Math.abs(bar.x - x) < 2 && Math.abs(bar.width - width) < 2;
    }, zoomed.x, zoomed.width);
    await app.until(() => document.querySelector(".bar-chosen") !== null);
    assert.match(await app.page.$eval(".timeline-details", (e) => e.innerText), /research_coordinator/);
    await app.session.undo();
    await app.says("Undone:");
    await app.until((x) => Math.abs(document.querySelector(".bar-body").getBoundingClientRect().x - x) < 2, zoomed.x);
  });

  test("a text whose lines end in several ways is edited to the byte", async ({ open, downloads }) => {
    const ends = ["\n", "\r\n", "\r"];
    const lines = String(await ep001()).split("\n");
    const mixed = lines.map((line, at) => line + (at < lines.length - 1 ? ends[at % 3] : "")).join("");
    const app = await fixture(open, "?tab=json", `\ufeff${mixed}`);
    await app.session.rewrite(written);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply the edit");
    await app.session.shown(MINE);
    const file = await downloads.one(() => app.session.export());
    assert.deepEqual(file.bytes, Buffer.from(`\ufeff${mixed.replace(TOPIC, MINE)}`));
  });

  test("a session that is discarded goes from every tab, and one that another tab has moved on stays", async ({ open }) => {
    const one = await App.open(open, "#/new");
    const make = async (topic, episode) => {
      await one.page.evaluate(() => {
        location.hash = "#/new";
      });
      await one.fill("textbox", "Topic", topic);
      await one.fill("textbox", "Episode", episode);
      await one.find("region", "The new file");
      await one.click("button", "Make the session");
      await one.session.shown(topic);
    };
    await make("Tides", "1");
    await make("Ebb", "2");
    const two = await App.open(open, "#/sessions");
    await two.sessions.rows(2);
    await two.sessions.open("Tides");
    await two.session.shown("Tides");
    await one.page.bringToFront();
    await one.goTo("Changes");
    await one.changes.files(2);
    const discard = (at) =>
      one.page.$$eval(
        "main section[data-session]",
        (sections, at) => [...sections[at].querySelectorAll("button")].find((b) => b.innerText.trim() === "Discard").click(),
        at,
      );
    await discard(0);
    await one.changes.files(1);
    await two.page.bringToFront();
    await two.find("heading", "Nothing here");
    await two.goTo("Sessions");
    await two.sessions.rows(1);
    // The other tab moves the second one on, and this one does not hear of it.
    await mute(two);
    await two.sessions.open("Ebb");
    await two.session.fillIn("Start");
    await two.session.preview();
    await two.session.apply();
    await two.session.factIs("State", "RESEARCHING");
    await one.page.bringToFront();
    await discard(0);
    await one.says("was not taken out. It was changed in another tab in the meantime");
    await one.changes.files(1);
    assert.match((await one.changes.steps())[0][0], /research_coordinator/);
  });
});
