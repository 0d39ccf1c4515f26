// Planning by people: owner, due date, labels and notes, the schedule, and episodes that are created together.
import assert from "node:assert/strict";

import { dayAfter, planned, session as sessionAt } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { clockAt, NOON } from "./support/clock.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { suite } from "./support/suite.mjs";

const day = (days) => dayAfter(NOON, days);
const session = (options) => sessionAt({ now: NOON, ...options });

const running = session({ number: 31, done: 1, minutesAgo: 9, topic: "The tide that came twice" });
const waiting = session({ number: 32, done: 2, status: "pending", minutesAgo: 25, topic: "A bell for every harbour" });
const complete = session({ number: 33, done: 4, minutesAgo: 190, topic: "How to lose a lighthouse" });

async function withFiles(open, files, path = "#/sessions") {
  const app = await App.open(open, path, clockAt(NOON));
  await app.drop(files);
  await app.click("button", "Close the import report");
  return app;
}

suite("planning", ({ test }) => {
  test("is edited in place, undone and stored", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, [running], `#/sessions/${running.id}`);
    await app.find("region", "Planning");
    await app.fill("textbox", "Owner", "Mira");
    await app.page.keyboard.press("Enter");
    await app.says("Owner: Mira.");
    await app.fill("textbox", "Labels", "season 2, pilot, season 2");
    await app.page.keyboard.press("Enter");
    await app.says("Labels: season 2, pilot.");
    await app.fill("textbox", "Notes", "Ask Jo for the rights");
    // Left by Tab, as any form.
    await app.page.keyboard.press("Tab");
    await app.says("Notes changed.");
    await app.reload();
    await app.find("region", "Planning");
    await app.until(() =>
      Object.entries({ owner: "Mira", labels: "season 2, pilot", notes: "Ask Jo for the rights" }).every(
        ([name, text]) => document.querySelector(`#planning-${name}`)?.value === text,
      ),
    );
    // The file has them under a key of their own, and nothing else changes.
    await app.visit("#/changes");
    await app.changes.files(1);
    await app.page.waitForSelector(".diff-come .diff-text");
    const lines = await app.page.$$eval(".diff-come .diff-text", (texts) => texts.map((text) => text.innerText.trim()));
    const text = lines.join("\n");
    for (const line of ['"planning": {', '"owner": "Mira",', '"labels": ["season 2", "pilot"],', '"notes": "Ask Jo for the rights"']) {
      assert.ok(text.includes(line), `${line} in ${text}`);
    }
    assert.ok(!text.includes("last_updated") && !text.includes("history"), text);
    await app.visit(`#/sessions/${running.id}`);
    await app.find("region", "Planning");
    await app.click("button", "Undo");
    await app.says("Undid: Notes changed");
    await app.until(() => document.querySelector("#planning-notes").value === "");
  });

  test("a field that is being edited keeps its text, and Escape discards it", async ({ open }) => {
    const app = await withFiles(open, [running, waiting], `#/sessions/${running.id}`);
    await app.find("region", "Planning");
    await app.fill("textbox", "Owner", "Mir");
    await app.page.keyboard.press("Escape");
    await app.until(() => document.querySelector("#planning-owner").value === "");
    // A field that is left with its page is applied.
    await app.fill("textbox", "Owner", "Jo");
    await app.visit(`#/sessions/${waiting.id}`);
    await app.says("Owner: Jo.");
    await app.visit(`#/sessions/${running.id}`);
    await app.until(() => document.querySelector("#planning-owner")?.value === "Jo");
    await assertAccessible(app.page);
  });

  test("the schedule has each session in its week and day", async ({ open }) => {
    const files = [
      planned(running, { due: day(0), owner: "Mira" }),
      planned(waiting, { due: day(-2), labels: ["pilot"] }),
      planned(session({ number: 34, done: 0, status: "pending", topic: "Salt" }), { due: day(1), owner: "Jo" }),
      session({ number: 35, done: 1, status: "pending", topic: "Waiting rooms" }),
      complete,
    ];
    const app = await withFiles(open, files);
    await app.schedule.open();
    await app.schedule.titlesAre("Past due", ["ep 32 A bell for every harbour"]);
    await app.schedule.titlesAre(day(0), ["ep 31 The tide that came twice"]);
    await app.schedule.titlesAre(day(1), ["ep 34 Salt"]);
    await app.schedule.titlesAre("No due date", ["ep 35 Waiting rooms"]);
    const [late] = await app.schedule.cards("Past due");
    assert.match(late.words, /^Late Due .*, 2 days ago · quality_evaluator ready to start$/);
    const [today] = await app.schedule.cards(day(0));
    assert.match(today.words, /Mira$/);
    await assertAccessible(app.page);
    await everywhere(app, "schedule");
    await app.visit("#/schedule?owner=Jo");
    await app.schedule.titlesAre(day(0), []);
    await app.schedule.titlesAre(day(1), ["ep 34 Salt"]);
  });

  test("due dates are moved by key, set in a card, and set in the list", { firefox: true }, async ({ open }) => {
    const files = [planned(waiting, { due: day(0) }), session({ number: 35, done: 1, status: "pending", topic: "Salt" })];
    const app = await withFiles(open, files);
    await app.schedule.open();
    const [bell, salt] = ["ep 32 A bell for every harbour", "ep 35 Salt"];
    await app.schedule.titlesAre(day(0), [bell]);
    await app.schedule.focus(bell);
    await app.page.keyboard.down("Alt");
    await app.page.keyboard.press("ArrowDown");
    await app.page.keyboard.up("Alt");
    await app.schedule.titlesAre(day(7), [bell]);
    // The focus moves with the card, so that it can be moved on.
    await app.schedule.focusIs(bell);
    await app.page.keyboard.down("Alt");
    await app.page.keyboard.press("ArrowUp");
    await app.page.keyboard.up("Alt");
    await app.schedule.titlesAre(day(0), [bell]);
    await app.click("button", "Change the due date of ep 32 · A bell for every harbour");
    await app.schedule.setDate("Due date of ep 32 · A bell for every harbour", day(7));
    await app.schedule.titlesAre(day(7), [bell]);
    await app.schedule.setDate("Due date of ep 35 · Salt", day(0));
    await app.schedule.titlesAre(day(0), [salt]);
    await app.page.keyboard.press("u");
    await app.schedule.titlesAre("No due date", [salt]);
  });

  test("the next episodes are created together", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, [running]);
    await app.visit("#/new");
    await app.find("heading", "New session");
    const topics = Array.from({ length: 10 }, (_, index) => `${index + 1}. Topic ${index + 1}`);
    await app.fill("textbox", "Topic", topics.join("\n"));
    await app.fill("textbox", "Owner", "Mira");
    await app.page.$eval("#new-due", (field, date) => {
      field.value = date;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, day(3));
    await app.find("textbox", "Days between due dates");
    await app.find("button", "Create 10 sessions");
    await app.until(() => {
      const rows = [...document.querySelectorAll(".new-table tbody tr")].map((row) => [...row.cells].slice(0, 2).map((cell) => cell.innerText));
      return JSON.stringify([rows[0], rows[9]]) === '[["32","Topic 1"],["41","Topic 10"]]';
    });
    await assertAccessible(app.page);
    await app.click("button", "Create 10 sessions");
    await app.says("Created 10 sessions. Export to save the files.");
    await app.find("heading", "Schedule");
    await app.schedule.titlesAre(day(3), ["ep 32 Topic 1"]);
    await app.schedule.titlesAre(day(10), ["ep 33 Topic 2"]);
    await app.visit("#/changes");
    await app.changes.files(10);
    await app.click("button", "Undo");
    await app.says("Discarded 10 sessions. They were never exported.");
    await app.until(() => document.querySelectorAll(".changed-file").length === 0);
  });
});
