// The session list's columns, due dates, owners, labels, sent-back sessions, and the numbers beside its filters.
import assert from "node:assert/strict";

import { dayAfter, planned, sentBack, session as sessionAt } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { clockAt, NOON } from "./support/clock.mjs";
import { suite } from "./support/suite.mjs";

const day = (days) => dayAfter(NOON, days);
const session = (options) => sessionAt({ now: NOON, ...options });

const running = session({ number: 1, topic: "Alpha", done: 1, minutesAgo: 0, due: 30 });
const late = session({ number: 2, topic: "Beta", done: 2, minutesAgo: 20, due: 5 });
const ready = planned(session({ number: 3, topic: "Gamma", done: 2, status: "pending", minutesAgo: 40 }), {
  owner: "Mira",
  due: day(3),
  labels: ["season 2", "rush", "guest"],
});
const back = planned(sentBack({ number: 4, topic: "Delta", minutesAgo: 30, now: NOON }), { owner: "Jo", due: day(-2), labels: ["season 2"] });
const done = session({ number: 5, topic: "Epsilon", done: 4, minutesAgo: 400 });
const all = [running, late, ready, back, done];

async function withFiles(open, files, path = "#/sessions?sort=topic") {
  const app = await App.open(open, path, clockAt(NOON));
  await app.drop(files);
  await app.click("button", "Close the import report");
  await app.page.setViewport({ width: 1920, height: 1080 });
  // Beside a session the list has less room.
  await app.click("button", "Split view");
  await app.sessions.ids(files.length);
  return app;
}

suite("the outlook in the list", ({ test }) => {
  test("a row says when it is due, how long it has been in its stage, and who waits for a start", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, all);
    const { sessions } = app;
    await sessions.showsColumns(["Due", "In stage"], ["Owner", "Labels", "Next agent"]);
    await sessions.cellIs(running.id, "Due", /^in (1 h|\d+ min)$/);
    await sessions.cellIs(running.id, "In stage", /^Running \d+ min$/);
    await sessions.cellIs(late.id, "Due", /^\d+ min late$/);
    await sessions.cellIs(ready.id, "In stage", /^Ready \d+ min$/);
    await sessions.cellIs(back.id, "Due", "2 days late");
    await sessions.cellIs(back.id, "Topic", /Delta sent back$/);
    await sessions.cellIs(done.id, "Due", "\u2013");
    // The exact time on hover.
    await app.hover(`tr[data-session="${running.id}"] .col-due time`);
    await app.until(() => /^Expected .* UTC$/.test(document.querySelector("#tip:not([hidden])")?.innerText));
    await app.hover(`tr[data-session="${back.id}"] .edited-sent-back`);
    await app.until(() => document.querySelector("#tip:not([hidden])")?.innerText.startsWith("Sent back by evaluation: brand_consistency"));
    await app.hover(`tr[data-session="${ready.id}"] .state`);
    await app.until(() => document.querySelector("#tip:not([hidden])")?.innerText === "Ready: quality_evaluator has not been started.");
    await app.click("button", "Due");
    await app.until(() => location.hash.includes("sort=due"));
    await sessions.orderIs([back.id, late.id, running.id], 5);
    await assertAccessible(app.page);
  });

  test("columns are chosen, remembered, and kept in a saved view", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, all);
    const { sessions } = app;
    for (const column of ["Owner", "Labels", "Next agent", "Failed attempts"]) await sessions.column(column);
    await sessions.showsColumns(["Owner", "Labels", "Next agent", "Failures", "Due"], []);
    await sessions.cellIs(ready.id, "Owner", "Mira");
    await sessions.cellIs(ready.id, "Labels", "season 2 rush +1");
    await sessions.cellIs(ready.id, "Next agent", "quality_evaluator");
    await sessions.cellIs(running.id, "Next agent", "quality_evaluator");
    await app.until(() => location.hash.includes("columns=state,health,episode,topic,id,in-stage,next,due,"));
    await assertAccessible(app.page);
    await sessions.menu("Views");
    await app.fill("textbox", "View name", "Who does what");
    await app.click("button", "Save");
    // They are remembered where the address does not name them.
    await app.visit("#/sessions");
    await app.reload();
    await sessions.showsColumns(["Owner", "Labels"], []);
    await sessions.menu("Columns");
    await app.click("button", "Reset columns");
    await sessions.showsColumns(["Due"], ["Owner", "Labels"]);
    await app.page.keyboard.press("Escape");
    await sessions.menu("Views");
    await app.click("link", "Who does what");
    await sessions.showsColumns(["Owner", "Labels"], []);
    // Those without room are left out, and the menu says so.
    await app.page.setViewport({ width: 1100, height: 900 });
    await sessions.showsColumns(["Topic", "State"], ["Next agent"]);
    await sessions.menu("Columns");
    await app.until(() => document.querySelector(".menu-columns").innerText.includes("no room"));
    await app.until(() => document.querySelector("main").scrollWidth === document.querySelector("main").clientWidth);
  });

  test("the expected total is a column, and beside the costs of a session", async ({ open }) => {
    const app = await withFiles(open, all, "#/sessions?sort=topic&columns=state,topic,cost,expected-cost");
    const amount = async (id, column) => Number(/\$(\d+\.\d\d)/.exec(await app.sessions.cell(id, column))[1]);
    await app.sessions.cellIs(done.id, "Expected", /^\$\d+\.\d\d$/);
    // A complete session has cost what it is expected to; a running one has stages left.
    assert.equal(await amount(done.id, "Expected"), await amount(done.id, "Cost / budget"));
    const expected = await amount(running.id, "Expected");
    assert.ok(expected > (await amount(running.id, "Cost / budget")));
    await app.visit(`#/sessions/${running.id}?tab=quality`);
    await app.until(
      (expected) => [...document.querySelectorAll(".limits-table tfoot tr")].some((row) => row.innerText.startsWith("Expected total") && row.innerText.includes(`$${expected}`)),
      expected.toFixed(2),
    );
  });

  test("each filter's option says how many sessions it leaves", async ({ open }) => {
    const app = await withFiles(open, all);
    const { sessions } = app;
    await sessions.counts("Sent back", 1);
    await sessions.counts("Over budget", 0);
    await sessions.menu("Due");
    await sessions.counts("Late", 2);
    await sessions.menu("Owner");
    await sessions.counts("No owner", 3);
    await sessions.filter("Label", "season 2");
    await app.until(() => location.hash.endsWith("label=season%202&sort=topic"));
    await sessions.orderIs([back.id, ready.id]);
    // The other filters count only what the label leaves; its own options are as before.
    await sessions.counts("rush", 1);
    await sessions.menu("Owner");
    await sessions.counts("No owner", 0);
    await sessions.counts("Mira", 1);
    await sessions.filter("Owner", "Mira");
    await sessions.orderIs([ready.id]);
    await sessions.menu("Owner");
    await sessions.counts("Jo", 1);
    await app.page.keyboard.press("Escape");
    await app.click("button", "Clear filters");
    await sessions.filter("Due", "Due within 7 days");
    await sessions.filter("Due", "Late");
    await app.until(() => location.hash.includes("due=week,late"));
    await sessions.orderIs([running.id, late.id, back.id, ready.id]);
    await app.page.keyboard.press("Escape");
    await app.click("button", "Clear filters");
    await app.click("button", "Sent back");
    await sessions.orderIs([back.id]);
    await app.until(() => location.hash.includes("reason=gates_failed"));
    await app.reload();
    await sessions.orderIs([back.id]);
  });
});
