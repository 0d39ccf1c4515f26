// The schedule, the timeline, the report and the changes by keys alone: everything is reached by Tab and shows that it has
// the focus, and what the page is for is done without a mouse.
import assert from "node:assert/strict";

import { dayAfter, longStory, planned, session as sessionAt } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { clockAt, NOON } from "./support/clock.mjs";
import { suite } from "./support/suite.mjs";
import { tabThrough } from "./support/tab.mjs";

const session = (options) => sessionAt({ now: NOON, ...options });
const day = (days) => dayAfter(NOON, days);
const failed = session({ number: 32, done: 1, status: "failed", minutesAgo: 25, topic: "A bell for every harbour" });
const FILES = [
  planned(session({ number: 31, done: 1, minutesAgo: 9, topic: "The tide that came twice" }), { due: day(0), owner: "Mira" }),
  planned(failed, { due: day(1), labels: ["pilot"] }),
  session({ number: 33, done: 4, minutesAgo: 190, topic: "How to lose a lighthouse" }),
  longStory({ number: 51, topic: "The bridge of echoes", now: NOON }),
];

/** Opens a page with sessions by keys. */
async function opened(open, ...keys) {
  const app = await App.open(open, "#/sessions", clockAt(NOON));
  await app.drop(FILES);
  await app.click("button", "Close the import report");
  for (const key of keys) await app.page.keyboard.press(key);
  return app;
}

/** Presses Tab, from the top of the page, until an element that matches, with this text if one is given, has the focus. */
async function tabTo(app, selector, text = "") {
  // Firefox goes from the page's last stop to its own buttons.
  await app.page.$eval("button.skip", (first) => first.focus());
  for (let press = 0; press < 150; press += 1) {
    await app.page.keyboard.press("Tab");
    const isThere = await app.page.evaluate(
      (selector, text) => document.activeElement.matches(selector) && document.activeElement.innerText.includes(text),
      selector,
      text,
    );
    if (isThere) return;
  }
  assert.fail(`Tab does not come to ${selector}`);
}

suite("pages by keys alone", ({ test }) => {
  test("the schedule: a due date is moved by days and weeks", async ({ open }) => {
    const app = await opened(open, "g", "w");
    await app.schedule.titlesAre(day(0), ["ep 31 The tide that came twice", "ep 51 The bridge of echoes"]);
    await tabThrough(app, "schedule");
    await tabTo(app, `.schedule-day[data-date="${day(0)}"] .schedule-topic`);
    await app.page.keyboard.down("Alt");
    await app.page.keyboard.press("ArrowDown");
    await app.page.keyboard.up("Alt");
    await app.schedule.titlesAre(day(7), ["ep 31 The tide that came twice"]);
    await app.page.keyboard.press("Enter");
    await app.session.shown("The tide that came twice");
  });

  test("the timeline: the axis is zoomed, and a row opens its session", async ({ open }) => {
    const app = await opened(open, "g", "t");
    await app.timeline.rows(4);
    await tabThrough(app, "timeline");
    await tabTo(app, ".work-axis");
    const widest = Math.max(...(await app.timeline.bars()).map((bar) => bar.width));
    await app.page.keyboard.press("+");
    await app.until((width) => [...document.querySelectorAll(".work-list .bar-body")].some((bar) => bar.getBoundingClientRect().width > width * 1.3), widest);
    await tabTo(app, ".work-row .row-link");
    const title = await app.page.evaluate(() => document.activeElement.innerText);
    await app.page.keyboard.press("Enter");
    await app.session.shown(/ \u00b7 (.+)/.exec(title)[1].trim());
  });

  test("the report is exported", async ({ open, downloads }) => {
    const app = await opened(open, "g", "r");
    await app.production.tables();
    await tabThrough(app, "report");
    await tabTo(app, ".report-tools button");
    const file = await downloads.one(() => app.page.keyboard.press("Enter"));
    assert.match(file.name, /-report\.zip$/);
  });

  test("the changes are read and exported", async ({ open, downloads }) => {
    const app = await opened(open, "g", "d");
    await tabTo(app, `.need[data-session="${failed.id}"] .need-action button`);
    await app.page.keyboard.press("Enter");
    await app.says("will be retried");
    await app.page.keyboard.press("g");
    await app.page.keyboard.press("c");
    await app.changes.files(1);
    await app.changes.message();
    await tabThrough(app, "changes");
    await tabTo(app, "main button", "Export file");
    const file = await downloads.one(() => app.page.keyboard.press("Enter"));
    assert.equal(file.name, failed.name);
    await app.changes.files(0);
  });
}, { firefox: true });
