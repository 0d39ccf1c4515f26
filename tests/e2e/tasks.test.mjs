// Five tasks of a producer's day, each begun on the dashboard, with the number of actions that they take: a press, a key
// or a shortcut, or one field that is filled in.
import assert from "node:assert/strict";

import { dayAfter, planned, sentBack as sentBackAt, session as sessionAt } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { clockAt, NOON } from "./support/clock.mjs";
import { suite } from "./support/suite.mjs";

const day = (days) => dayAfter(NOON, days);
const session = (options) => sessionAt({ now: NOON, ...options });
const sentBack = (options) => sentBackAt({ now: NOON, ...options });

const failed = session({ number: 32, done: 2, status: "failed", minutesAgo: 25, topic: "A bell for every harbour" });
const returned = sentBack({ number: 35, minutesAgo: 10, topic: "What the lighthouse said" });

/** A session whose script is being written, after a research that was handed over. */
function writing() {
  const file = session({ number: 31, done: 1, minutesAgo: 9, topic: "The tide that came twice" });
  const text = JSON.parse(file.bytes);
  text.agent_outputs.research_coordinator.handoff = {
    from: "research_coordinator",
    to: "script_writer",
    data: { research_package: "research/ep031.md", complexity_assessment: "3", key_narratives: ["tides"], confidence_scores: { tides: 0.9 } },
    validation: { package_complete: true, quality_threshold_met: true, ready_for_script: true },
  };
  text.agent_outputs.script_writer.output_file = "scripts/ep031.md";
  return { ...file, bytes: `${JSON.stringify(text, null, 2)}\n` };
}

/** Counts the actions of a task. */
class Task {
  constructor(app) {
    this.app = app;
    this.actions = 0;
  }

  async press(role, name) {
    this.actions += 1;
    await this.app.click(role, name);
  }

  async fill(role, name, text) {
    this.actions += 1;
    await this.app.fill(role, name, text);
  }

  /** Does something as one action, such as a shortcut of two keys. */
  async act(action) {
    this.actions += 1;
    return action();
  }
}

async function begin(open, files) {
  const app = await App.open(open, "#/", clockAt(NOON));
  await app.drop(files);
  await app.click("button", "Close the import report");
  await app.dashboard.figures(files.length);
  return new Task(app);
}

suite("five tasks of a producer", ({ test }) => {
  test("what failed is found and retried", { firefox: true }, async ({ open }) => {
    const task = await begin(open, [writing(), failed, returned]);
    await task.press("button", "Retry");
    await task.app.says("quality_evaluator will be retried.");
    assert.equal(task.actions, 1);
  });

  test("a stage is completed with its handoff and exported", { firefox: true }, async ({ open, downloads }) => {
    const running = writing();
    const task = await begin(open, [running, failed, returned]);
    await task.press("link", "ep 31 \u00b7 The tide that came twice");
    await task.app.session.shown("The tide that came twice");
    await task.press("button", "Complete");
    await task.fill("textbox", "Word count", "3,200");
    await task.press("button", "Confirm all 2");
    await task.press("button", "Apply");
    await task.app.says("script_writer is complete.");
    const file = await downloads.one(() => task.act(() => task.app.page.keyboard.press("e")));
    const text = JSON.parse(String(file.bytes));
    assert.equal(text.agent_outputs.script_writer.handoff.data.word_count, 3200);
    assert.equal(text.pipeline_state.current_stage, "evaluation");
    assert.equal(task.actions, 6);
  });

  test("what is due today and late is answered", async ({ open }) => {
    const files = [
      planned(session({ number: 33, done: 3, minutesAgo: 5, due: 10 }), { due: day(0) }),
      planned(failed, { due: day(-2) }),
      planned(returned, { due: day(9) }),
    ];
    const task = await begin(open, files);
    // The dashboard says how many; a press says which.
    await task.app.until(() => /1\s+due today/.test(document.querySelector("main").innerText) && /1\s+late/.test(document.querySelector("main").innerText));
    await task.press("link", "1 late");
    await task.app.sessions.ids(1);
    assert.equal(task.actions, 1);
  });

  test("the next ten episodes are set up", { firefox: true }, async ({ open }) => {
    const task = await begin(open, [writing()]);
    const { page } = task.app;
    await task.act(async () => {
      await page.keyboard.press("g");
      await page.keyboard.press("n");
    });
    await task.app.find("heading", "New session");
    await task.fill("textbox", "Topic", Array.from({ length: 10 }, (_, index) => `Topic ${index + 1}`).join("\n"));
    await task.act(() =>
      page.$eval(
        "#new-due",
        (field, date) => {
          field.value = date;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        },
        day(3),
      ),
    );
    await task.press("button", "Create 10 sessions");
    await task.app.says("Created 10 sessions.");
    assert.equal(task.actions, 4);
  });

  test("why an episode went back to writing is found", { firefox: true }, async ({ open }) => {
    const task = await begin(open, [writing(), failed, returned]);
    const { palette, page } = task.app;
    await task.act(() => palette.open());
    await task.act(() => palette.type("ep 35", "ep 35 \u00b7 What the lighthouse said"));
    await task.act(() => page.keyboard.press("Enter"));
    await task.app.session.shown("What the lighthouse said");
    await task.app.until(() => document.querySelector(".session .sent-back").innerText.includes("brand_consistency 0.82 < 0.90"));
    assert.equal(task.actions, 3);
  });
});
