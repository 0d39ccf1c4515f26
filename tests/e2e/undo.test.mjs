// Undo over all sessions: by the keys of text editors, and in the undo history.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

const failed = (number, topic) => session({ number, topic, done: 1, status: "failed", minutesAgo: number });
const alpha = failed(1, "Alpha");
const beta = failed(2, "Beta");

/** Opens the dashboard and retries both sessions, Alpha first. */
async function retried(open) {
  const app = await App.open(open, "#/");
  await app.drop([alpha, beta]);
  await app.click("button", "Close the import report");
  for (const { id } of [alpha, beta]) {
    await app.dashboard.act(id);
    await button(app, id, "Start");
    // Changes are ordered by their second.
    const second = () => Math.floor(Date.now() / 1000);
    const then = await app.page.evaluate(second);
    await app.until((then) => Math.floor(Date.now() / 1000) > then, then);
  }
  return app;
}

const button = (app, id, label) =>
  app.until((id, label) => document.querySelector(`.need[data-session="${id}"] .need-action button`)?.innerText === label, id, label);

/** Waits for the status line's message, without the marks that isolate a session's name. */
const says = (app, words) =>
  app.until(
    (words) => document.querySelector("footer [role=status]")?.innerText.replace(/[\u2068\u2069]/g, "").includes(words),
    words,
  );

suite("undo over all sessions", ({ browser, test }) => {
  test("Ctrl Z takes back the last change anywhere, and its redo keys make it again", { firefox: true }, async ({ open }) => {
    const app = await retried(open);
    await app.control("z");
    await says(app, "Undid: retry script_writer (ep 2 \u00b7 Beta)");
    await button(app, beta.id, "Retry");
    await app.control("z");
    await says(app, "Undid: retry script_writer (ep 1 \u00b7 Alpha)");
    await button(app, alpha.id, "Retry");
    await app.control("z");
    await app.says("Nothing to undo");
    await app.control("z", { shift: true });
    await says(app, "Redid: retry script_writer (ep 1 \u00b7 Alpha)");
    await button(app, alpha.id, "Start");
    await app.control("y");
    await says(app, "Redid: retry script_writer (ep 2 \u00b7 Beta)");
    await app.control("y");
    await app.says("Nothing to redo.");
    // On another session's page too, while u stays that session's own.
    await app.visit(`#/sessions/${alpha.id}`);
    await app.session.shown("Alpha");
    await app.control("z");
    await says(app, "Undid: retry script_writer (ep 2 \u00b7 Beta)");
    await app.page.evaluate(() => document.activeElement.blur());
    await app.page.keyboard.press("u");
    await app.session.factIs("State", "FAILED");
  });

  test("the command key of a Mac does the same", { firefox: true }, async ({ open }) => {
    const app = await App.open(open, "#/");
    await app.drop([alpha]);
    await app.click("button", "Close the import report");
    await app.dashboard.act(alpha.id);
    await button(app, alpha.id, "Start");
    await app.control("z", { command: "Meta" });
    await says(app, "Undid: retry script_writer (ep 1 \u00b7 Alpha)");
    await button(app, alpha.id, "Retry");
    await app.control("z", { command: "Meta", shift: true });
    await says(app, "Redid: retry script_writer (ep 1 \u00b7 Alpha)");
    await button(app, alpha.id, "Start");
  });

  test("in a text field the keys are the browser's own", { firefox: true }, async ({ open }) => {
    const app = await retried(open);
    await app.click("searchbox", "Search sessions");
    const search = await app.find("searchbox", "Search sessions");
    await app.page.keyboard.type("ab");
    await app.until(() => location.hash.startsWith("#/sessions?q=ab"));
    assert.equal(await search.evaluate((field) => field.value), "ab");
    await app.control("z");
    await app.until(() => document.querySelector("#search").value !== "ab");
    await app.visit("#/");
    await button(app, beta.id, "Start");
  });

  test("the undo history lists the changes of all sessions, each with its undo", { firefox: true }, async ({ open }) => {
    const app = await retried(open);
    await app.page.evaluate(() => document.activeElement.blur());
    await app.page.keyboard.press("h");
    const words = "script_writer will be retried. Next: start script_writer.";
    await app.help.changesAre([
      [words, "ep 2 \u00b7 Beta", "Undo"],
      [words, "ep 1 \u00b7 Alpha", "Undo"],
    ]);
    if (browser === "chromium") await assertAccessible(app.page);
    // Any session's last change, not just the last of all.
    await app.click("button", `Undo, ep 1 \u00b7 Alpha: ${words}`);
    await button(app, alpha.id, "Retry");
    await app.help.changesAre([
      [words, "ep 2 \u00b7 Beta", "Undo"],
      [words, "ep 1 \u00b7 Alpha", "Redo"],
    ]);
    await app.until(() => document.activeElement.closest("#history-panel") !== null);
    await app.click("button", `Redo, ep 1 \u00b7 Alpha: ${words}`);
    await button(app, alpha.id, "Start");
    // Further changes of a session: undo to an earlier one.
    await app.dashboard.act(alpha.id);
    await app.help.changes(3);
    await app.click("button", `Undo to here, ep 1 \u00b7 Alpha: ${words}`);
    await app.until(() => document.querySelector("#history-panel .change-undone button span")?.innerText === "Redo");
    await app.page.keyboard.press("Escape");
    await app.until(() => document.querySelector("#history-panel") === null);
    // It is kept over a reload, and opened from the palette and the Changes page too.
    await app.reload();
    await app.palette.open();
    await app.palette.type("undo history", "Undo history");
    await app.page.keyboard.press("Enter");
    await app.help.changes(3);
    await app.click("button", "Close undo history");
    await app.goTo("Changes");
    await app.find("heading", "Changes");
    await app.click("button", "Undo history");
    await app.help.changes(3);
  });
});
