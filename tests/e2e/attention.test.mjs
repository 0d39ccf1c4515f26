// What the dashboard says at a given time: the sessions that need attention, and the costs of a month.
import assert from "node:assert/strict";

import { longStory, sentBack, session as sessionAt } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { clockAt, NOON } from "./support/clock.mjs";
import { suite } from "./support/suite.mjs";

const session = (options) => sessionAt({ now: NOON, ...options });

/** Returns the session with another text. */
const replaced = (file, ...changes) => ({ ...file, bytes: changes.reduce((text, [from, to]) => text.replace(from, to), file.bytes) });

const escalated = replaced(
  session({ number: 1, topic: "Escalated", status: "failed", minutesAgo: 12 }),
  ['"failed_attempts": 1', '"failed_attempts": 4'],
  ['"retry_count": 0', '"retry_count": 3'],
);
const unreadable = replaced(session({ number: 2, topic: "Unreadable", minutesAgo: 20 }), ['"current_stage": "writing"', '"current_stage": "elsewhere"']);
const failed = session({ number: 3, topic: "Failed", done: 2, status: "failed", minutesAgo: 25 });
const returned = sentBack({ number: 4, topic: "Sent back", minutesAgo: 10, now: NOON });
const overBudget = session({ number: 5, topic: "Over budget", done: 2, budget: 1, minutesAgo: 30, due: 600 });
const conflicting = session({ number: 6, topic: "Conflict", minutesAgo: 15, due: 600 });
const stalled = session({ number: 7, topic: "Stalled", minutesAgo: 600 });
const waiting = session({ number: 8, topic: "Waiting", done: 2, status: "pending", minutesAgo: 26 * 60 });
const healthy = session({ number: 9, topic: "Healthy", minutesAgo: 1, due: 600 });

suite("attention", ({ test }) => {
  test("every kind has its place, its reason and its age", async ({ open }) => {
    const app = await App.open(open, `#/sessions/${conflicting.id}`, clockAt(NOON));
    await app.drop([healthy, waiting, stalled, conflicting, overBudget, returned, failed, unreadable, escalated]);
    await app.click("button", "Close the import report");
    // A change here and another one in the file.
    await app.session.fillIn("Progress", { Cost: "1" });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "WRITING");
    await app.drop([replaced(conflicting, ['"topic": "Conflict"', '"topic": "Conflict of the file"'])]);
    await app.visit("#/");
    const needs = (await app.dashboard.needs(8)).map(({ id, kind, health, why, when, action }) => [id, kind, health, action, when.replace(/\s+/g, " "), why]);
    const error = "The model did not answer within 15 minutes.";
    assert.deepEqual(needs, [
      [escalated.id, "escalated", "failed", "Resume\u2026", "failed 12 min ago", `script_writer has failed and needs a decision: ${error}`],
      [unreadable.id, "unreadable", "failed", null, "updated 20 min ago", 'current_stage is "elsewhere", which is not a stage.'],
      [failed.id, "failed", "at_risk", "Retry", "failed 25 min ago", `quality_evaluator has failed: ${error}`],
      [returned.id, "sent_back", "at_risk", "Start", "sent back 10 min ago", "Sent back by evaluation: brand_consistency 0.82 < 0.90, technical."],
      [overBudget.id, "over_budget", "at_risk", null, "updated 30 min ago", "$2.70 of the $1.00 budget is spent."],
      [conflicting.id, "conflict", "healthy", null, "found just now", "This session has a conflict: choose a version."],
      [stalled.id, "stalled", "stalled", "Resume", "last update 10 h ago", "script_writer: no update for 10 h (expected 02:16, 9 h 44 min ago)."],
      [waiting.id, "waiting", "at_risk", "Start", "ready for 26 h 15 min", "quality_evaluator: ready for 26 h 15 min, not started."],
    ]);
    // There are no others, and each number leads to its sessions.
    assert.equal(await app.page.$(".needs-more"), null);
    const counts = await app.page.$$eval(".needs-count", (links) => links.map((link) => link.innerText));
    assert.deepEqual(counts, ["1 escalated", "1 unreadable", "1 stalled", "4 at risk", "1 over budget", "1 conflict"]);
  });
});

suite("the costs of a month", ({ test }) => {
  /** Opens the dashboard with a story of three days at this time. */
  async function at(open, now) {
    const app = await App.open(open, "#/", clockAt(now));
    await app.drop([longStory({ number: 51, now })]);
    await app.click("button", "Close the import report");
    await app.dashboard.figures(1);
    return app;
  }

  test("are what was spent in it, what is expected, and the budget", async ({ open }) => {
    const app = await at(open, NOON);
    const { dashboard } = app;
    await dashboard.monthSays("Spent", /^\$2\.10 1 session$/);
    // Writing and evaluation are paid again, and synthesis once, by their shares of the budget.
    await dashboard.monthSays("Expected", /^\$8\.10 by 30 Nov \u00b7 1 in (flight|progress)( |$)/);
    await dashboard.monthSays("Retries", /^\$0\.90 attempts after the first$/);
    await dashboard.monthSays("Budget", /^\u2013 Set in Settings$/);
    for (const [budget, words] of [
      ["10", /^\$10\.00 \$1\.90 left$/],
      ["8", /^\$8\.00 exceeded by \$0\.10$/],
    ]) {
      await app.goTo("Settings");
      await app.fill("textbox", "Monthly budget", budget);
      await app.page.keyboard.press("Tab");
      await app.goTo("Dashboard");
      await dashboard.monthSays("Budget", words);
    }
  });

  test("of a new month are those since it began", async ({ open }) => {
    // Only the evaluation was in December.
    const { dashboard } = await at(open, Date.parse("2026-12-02T12:00:00Z"));
    await dashboard.monthSays("Spent", /^\$0\.20 1 session$/);
    await dashboard.monthSays("Expected", /^\$6\.20 by 31 Dec \u00b7 1 in (flight|progress)( |$)/);
    await dashboard.monthSays("Retries", /^\$0\.00 attempts after the first$/);
  });
});
