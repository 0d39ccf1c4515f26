// Input and view state survive changes of the session.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";
import { mute, twoTabs } from "./support/tabs.mjs";

suite("editing", ({ test }) => {
  test("a form keeps its input when another tab changes the session", async ({ open }) => {
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

  test("a form refused because of another tab restores its input", async ({ open }) => {
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
    await two.find("heading", "No longer available");
    await two.until(() => document.querySelector(".action-form .refusal")?.innerText.includes("cannot"));
    await assertAccessible(two.page);
    // Once the event is possible again, it can be applied.
    await two.session.undo();
    await two.session.factIs("State", "WRITING");
    await two.until(() => document.querySelector("#field-output_file")?.value === "scripts/mine.md");
    await two.until(() => ![...document.querySelectorAll("h3")].some((head) => head.innerText === "No longer available"));
    await two.session.apply();
    await two.session.factIs("State", "EVALUATING");
  });

  test("a form without what it needs says so, and shows its defaults", async ({ open }) => {
    const evaluated = session({ number: 32, done: 2, topic: "Judged" });
    const app = await App.open(open);
    await app.drop([evaluated]);
    await app.visit(`#/sessions/${evaluated.id}`);
    await app.session.shown("Judged");
    await app.session.fillIn("Quality failure");
    assert.deepEqual(await app.session.fieldErrors(), {}, "nothing is wrong before anything was typed");
    await app.session.apply();
    await app.session.fieldErrorIs("field-report", "Enter a score below its threshold, or mark a gate as failed. If all gates passed, complete the stage instead.");
    // A start shows the default of its empty field.
    const pending = session({ number: 33, done: 2, status: "pending", topic: "To be judged" });
    await app.drop([pending]);
    await app.visit(`#/sessions/${pending.id}`);
    await app.session.shown("To be judged");
    await app.session.fillIn("Start");
    await app.until(() => document.querySelector("#field-estimated_completion-usual")?.innerText === "Default: 10 min");
  });

  test("the timeline's view survives an event", async ({ open }) => {
    const running = session({ number: 31, done: 1, minutesAgo: 9 });
    const app = await App.open(open);
    await app.drop([running]);
    await app.visit(`#/sessions/${running.id}`);
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
    await app.says("Undid: ");
    await app.until((x) => Math.abs(document.querySelector(".bar-body").getBoundingClientRect().x - x) < 2, zoomed.x);
  });

  test("discarding removes a session from all tabs, unless another tab changed it", async ({ open }) => {
    const one = await App.open(open, "#/new");
    const make = async (topic, episode) => {
      await one.visit("#/new");
      await one.fill("textbox", "Topic", topic);
      await one.fill("textbox", "Episode", episode);
      await one.find("region", "The new file");
      await one.click("button", "Create session");
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
    await two.find("heading", "Page not found");
    await two.goTo("Sessions");
    await two.sessions.rows(1);
    // The other tab changes the second session, and this one misses the message.
    await mute(two);
    await two.sessions.open("Ebb");
    await two.session.fillIn("Start");
    await two.session.preview();
    await two.session.apply();
    await two.session.factIs("State", "RESEARCHING");
    await one.page.bringToFront();
    await discard(0);
    await one.says("was not discarded: another tab changed it since");
    await one.changes.files(1);
    assert.match((await one.changes.steps())[0][0], /research_coordinator/);
  });
});
