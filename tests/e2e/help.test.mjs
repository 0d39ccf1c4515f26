// Help: explanations beside the words, the glossary, and the tour of the sample sessions.
import assert from "node:assert/strict";

import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { suite } from "./support/suite.mjs";

/** Opens the sample sessions; the tour begins with them. */
async function samples(open) {
  const app = await App.open(open, "#/");
  await app.click("button", "Try it with sample sessions");
  await app.help.step(1, "This one is escalated");
  return app;
}

suite("help", ({ browser, test }) => {
  test("words are explained where they appear", { firefox: true }, async ({ open }) => {
    const app = await samples(open);
    await app.click("button", "Close the tour");
    const explained = async (question, words) => {
      const button = await app.find("button", question);
      await button.focus();
      assert.match(await app.help.explanation(), words);
      await app.page.keyboard.press("Escape");
      await app.until(() => !document.querySelector("[role=tooltip]").checkVisibility());
      // A press shows it again.
      await button.evaluate((button) => button.click());
      await app.until(() => document.querySelector("[role=tooltip]").checkVisibility());
      await app.page.evaluate(() => document.activeElement.blur());
    };
    await app.dashboard.figures(8);
    await explained("What does health mean?", /^Failed: escalated/);
    await app.goTo("Settings");
    await explained("What is a quality gate?", /^A minimum score/);
    await explained("What is a retry?", /^Another attempt/);
    await explained("What is a handoff?", /^The files, figures and confirmations/);
    await app.goTo("Sessions");
    await app.sessions.open("Sample: what a forest hears");
    await explained("What is a stall?", /no update/);
    await explained("What is an attempt?", /^One run/);
  });

  test("the help panel has the glossary and the tour", { firefox: true }, async ({ open }) => {
    const app = await App.open(open, "#/");
    await app.find("button", "Try it with sample sessions");
    await app.page.keyboard.press("?");
    const panel = await app.find("region", "Help");
    const text = await panel.evaluate((panel) => panel.innerText);
    for (const word of ["Undo the last change in any session", "Glossary", "Escalation", "Handoff"]) assert.ok(text.includes(word), word);
    if (browser === "chromium") await assertAccessible(app.page);
    await app.click("button", "Take the tour");
    await app.help.step(1, "This one is escalated");
    // Without the sample sessions the tour offers them.
    await app.click("button", "Load the sample sessions");
    await app.find("button", "Open episode 105");
  });

  test("the tour leads through the samples by keyboard, and stays closed", { firefox: true }, async ({ open }) => {
    const app = await samples(open);
    const done = () => app.until(() => document.querySelector(".tour-done") !== null);
    await app.until(() => document.activeElement.id === "tour-title");
    if (browser === "chromium") {
      await assertAccessible(app.page);
      await everywhere(app, "tour");
    }
    await app.click("button", "Open episode 105");
    await app.session.shown("Sample: the map that was wrong on purpose");
    await done();
    await app.click("button", "Next");
    await app.help.step(2, "Let the agent try again");
    await app.click("button", "Open Resume");
    await app.click("checkbox", "Override the escalation");
    await app.session.apply();
    await done();
    await app.click("button", "Next");
    await app.help.step(3, "This one was sent back");
    await app.click("button", "Open episode 107");
    await app.session.shown("Sample: counting to one");
    await done();
    await app.click("button", "Next");
    await app.help.step(4, "Move an episode forward");
    await app.click("button", "Open Complete");
    await app.session.shown("Sample: who keeps the lighthouse?");
    await app.find("textbox", "Cost");
    await app.session.preview();
    await app.session.apply();
    await done();
    await app.click("button", "Next");
    await app.help.step(5, "Export clean diffs");
    await app.click("button", "Go to changes");
    await app.find("heading", "Changes");
    await done();
    await app.click("button", "Back");
    await app.help.step(4, "Move an episode forward");
    await app.click("button", "Next");
    await app.click("button", "Finish");
    await app.until(() => document.querySelector(".tour") === null);
    // It is remembered, and can be taken again.
    await app.reload();
    await app.find("heading", "Changes");
    assert.equal(await app.page.$(".tour"), null);
    await app.palette.open();
    await app.palette.type("tour", "Take the tour");
    await app.page.keyboard.press("Enter");
    await app.help.step(1, "This one is escalated");
    await app.page.keyboard.press("Escape");
    await app.until(() => document.querySelector(".tour") === null);
  });

  test("the first page says what it is for, and opens a folder in each browser", { firefox: true }, async ({ open }) => {
    const app = await App.open(open, "#/");
    await app.find("heading", "See where every podcast episode is in your AI agents' pipeline, and move it forward.");
    const canFollow = await app.page.evaluate(() => "showDirectoryPicker" in globalThis);
    if (canFollow) {
      await app.find("button", "Open folder");
    } else {
      assert.ok(await app.page.$eval("input[webkitdirectory]", (input) => input.labels[0].innerText.includes("Choose folder")));
    }
    assert.match(await app.page.$eval("main", (main) => main.innerText), /Nothing leaves this machine\./);
  });
});
