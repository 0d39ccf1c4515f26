// Actions on many sessions at once: events, planning, removal, and selections that filters hide.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

const ready = (number, topic) => session({ number, topic, done: 1, status: "pending", minutesAgo: number });
const running = (number, topic) => session({ number, topic, done: 2, minutesAgo: number });

async function withFiles(open, files, path = "#/sessions?sort=topic") {
  const app = await App.open(open, path);
  await app.drop(files);
  await app.click("button", "Close the import report");
  return app;
}

const outcome = (app, words) => app.until((words) => document.querySelector(".bulk-panel p")?.innerText === words, words);

suite("bulk actions", ({ test }) => {
  test("stages are started and skipped, the reason asked for once", async ({ open }) => {
    const app = await withFiles(open, [ready(1, "Alpha"), running(2, "Beta"), ready(3, "Gamma")]);
    await app.click("checkbox", "Select all shown");
    await app.click("button", "Start\u2026");
    const promised = await app.sessions.verdicts("Preview");
    assert.deepEqual(promised.map(({ title, refused }) => [title, refused]), [["Alpha", false], ["Gamma", false], ["Beta", true]]);
    await app.click("button", "Start 2 sessions");
    await outcome(app, "Started 2 of 2");
    await app.click("button", "Undo all");
    await outcome(app, "Undone in 2 of 2");
    await app.click("button", "Close");
    await app.click("button", "Skip\u2026");
    await app.find("textbox", "Reason to skip the stage");
    await app.click("button", "Preview");
    // No message before something was entered or asked for; now it stands beside the field.
    await app.until(() => document.querySelector("#bulk-error").innerText === "Say why you skip the stage." && document.activeElement.matches(".bulk-form input"));
    await assertAccessible(app.page);
    await app.page.keyboard.type("The guest has written it");
    await app.page.keyboard.press("Enter");
    await app.sessions.verdicts("Preview");
    await app.click("button", "Skip stage in 2 sessions");
    await outcome(app, "Stage skipped: 2 of 2");
    await app.visit("#/sessions?stage=evaluation&sort=topic");
    await app.sessions.ids(3);
  });

  test("owner, label and due date are set, and undone", { firefox: true }, async ({ open }) => {
    const [alpha, beta] = [ready(1, "Alpha"), running(2, "Beta")];
    const app = await withFiles(open, [alpha, beta], "#/sessions?sort=topic&columns=state,owner,labels,due");
    await app.click("checkbox", "Select all shown");
    const ask = async (button, type, go, done) => {
      await app.click("button", button);
      await app.page.waitForSelector(".bulk-form input");
      await type();
      await app.click("button", "Preview");
      await app.click("button", go);
      await outcome(app, done);
    };
    const words = (text) => () => app.page.locator(".bulk-form input").fill(text);
    await ask("Set owner\u2026", words("Mira"), "Set owner to Mira in 2 sessions", "Owner set to Mira: 2 of 2");
    await ask("Labels\u2026", words("season 2"), "Add label \u201cseason 2\u201d to 2 sessions", "Label \u201cseason 2\u201d added: 2 of 2");
    const date = () =>
      app.page.$eval(".bulk-form input", (field) => {
        field.value = "2030-12-05";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    await ask("Set due date\u2026", date, "Set due date to Thu 5 Dec 2030 in 2 sessions", "Due date set to Thu 5 Dec 2030: 2 of 2");
    for (const { id } of [alpha, beta]) {
      await app.sessions.cellIs(id, "Owner", "Mira");
      await app.sessions.cellIs(id, "Labels", "season 2");
      await app.sessions.cellIs(id, "Due", "5 Dec 2030");
    }
    await app.click("button", "Undo all");
    await outcome(app, "Undone in 2 of 2");
    await app.until((id) => document.querySelector(`tr[data-session="${id}"] .col-due`).innerText !== "5 Dec 2030", alpha.id);
    // An owner is offered again, and removed.
    await app.click("button", "Set owner\u2026");
    await app.until(() => [...document.querySelectorAll("#bulk-suggestions option")].some((option) => option.value === "Mira"));
    await app.click("button", "Remove owner");
    await app.click("button", "Remove owner in 2 sessions");
    await outcome(app, "Owner removed: 2 of 2");
    await app.reload();
    await app.sessions.ids(2);
    await app.sessions.cellIs(alpha.id, "Owner", "\u2013");
    await app.sessions.cellIs(alpha.id, "Labels", "season 2");
  });

  test("sessions are removed from the workspace, with what would be lost, and restored", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, [ready(1, "Alpha"), ready(2, "Beta"), ready(3, "Gamma")]);
    await app.sessions.select("Alpha");
    await app.click("button", "Start\u2026");
    await app.click("button", "Start 1 session");
    await outcome(app, "Started 1 of 1");
    await app.click("button", "Close");
    await app.sessions.select("Beta");
    await app.click("button", "Remove\u2026");
    const promised = await app.sessions.verdicts("Preview");
    assert.deepEqual(promised.map(({ title, words }) => [title, words]), [
      ["Alpha", "Removed from this browser, with unexported changes."],
      ["Beta", "Removed from this browser."],
    ]);
    await outcome(app, "Remove 2 of 2 sessions (1 with unexported changes)");
    await app.click("button", "Remove 2 sessions");
    await outcome(app, "Removed 2 of 2");
    await app.sessions.ids(1);
    await app.until(() => document.querySelector(".bulk") === null);
    await app.click("button", "Undo all");
    await outcome(app, "Undone in 2 of 2");
    await app.sessions.ids(3);
    await app.reload();
    await app.sessions.rows(3);
    await app.until(() => [...document.querySelectorAll("tbody tr[data-session]")].map((row) => row.innerText.includes("edited")).join() === "true,false,false");
  });

  test("a selection that filters hide is said, and shown or let go", async ({ open }) => {
    const app = await withFiles(open, [ready(1, "Alpha"), running(2, "Beta"), ready(3, "Gamma")]);
    await app.click("checkbox", "Select all shown");
    await app.visit("#/sessions?stage=evaluation&sort=topic");
    await app.sessions.ids(1);
    const says = (words) => app.until((words) => document.querySelector(".bulk")?.innerText.replace(/\s+/g, " ").startsWith(words), words);
    await says("3 selected, 2 hidden by filters");
    await assertAccessible(app.page);
    await app.click("button", "Show");
    await app.sessions.ids(3);
    await says("3 selected");
    await app.visit("#/sessions?stage=evaluation&sort=topic");
    await app.sessions.ids(1);
    await app.click("button", "Clear");
    await app.until(() => document.querySelector(".bulk-count").innerText === "1 selected" && document.querySelector(".bulk-hidden") === null);
  });
});
