// Typing faster than the page renders: text goes where it is meant to, and is never taken for a shortcut.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { holdFrames, holdTasks, releaseFrames, releaseTasks } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const failed = session({ number: 1, done: 1, status: "failed", topic: "Alpha", minutesAgo: 5 });
const running = session({ number: 2, done: 2, topic: "Beta", minutesAgo: 5, due: 600 });
const escalated = { ...failed, bytes: failed.bytes.replace('"failed_attempts": 1', '"failed_attempts": 4').replace('"retry_count": 0', '"retry_count": 3') };

async function withFiles(open, path, files = [failed, running]) {
  const app = await App.open(open, path);
  await app.drop(files);
  await app.click("button", "Close the import report");
  return app;
}

/** Presses keys in sequence. */
async function press(app, ...keys) {
  for (const key of keys) await app.page.keyboard.press(key);
}

/** Opens the palette by its shortcut without waiting. */
async function openPalette(app) {
  const { keyboard } = app.page;
  await keyboard.down("Control");
  await keyboard.press("k");
  await keyboard.up("Control");
}

/** Returns the id and value of the focused field. */
const focused = (app) => app.page.evaluate(() => ({ id: document.activeElement.id, value: document.activeElement.value }));

/** Focuses the button of this name; waiting for it to be stable, as a click does, would take frames. */
async function focusOn(app, name) {
  const button = await app.find("button", name);
  await button.evaluate((e) => e.focus());
}

/** Waits for a condition in a page that renders no frames. */
const heldUntil = (app, condition, ...args) => app.page.waitForFunction(condition, { polling: 20 }, ...args);

/**
 * Presses keys without a frame or task between them, or replaces the text of the focused field several times.
 */
const atOnce = (app, keys, texts = []) =>
  app.page.evaluate(
    async (keys, texts) => {
      // The input is handled before the browser's next task.
      const drawn = async () => {
        for (let turn = 0; turn < 50; turn++) await null;
      };
      for (const key of keys) {
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        await drawn();
      }
      for (const text of texts) {
        document.activeElement.value = text;
        document.activeElement.dispatchEvent(new Event("input", { bubbles: true }));
        await drawn();
      }
    },
    keys,
    texts,
  );

suite("fast typing", ({ test }) => {
  test("a new page takes no focus from someone who searches", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, "#/sessions");
    await holdFrames(app.page);
    await press(app, "g", "d");
    await app.find("heading", "Dashboard");
    await press(app, "/");
    await releaseFrames(app.page);
    await app.page.keyboard.type("gc?");
    assert.deepEqual(await focused(app), { id: "search", value: "gc?" });
    assert.equal(await app.has("region", "Help"), false);
  });

  test("shortcuts act on the page that the previous ones opened", async ({ open }) => {
    const app = await withFiles(open, "#/sessions");
    await app.sessions.ids(2);
    await press(app, "j");
    await app.until(() => document.activeElement.innerText === "Alpha");
    await atOnce(app, ["g", "d", "j", "Tab"]);
    assert.equal(await app.page.evaluate(() => location.hash), "#/");
    assert.equal(await app.page.evaluate(() => document.activeElement.closest(".need")?.dataset.session), failed.id);
    await app.page.goBack();
    await app.find("heading", "Sessions");
    await app.until(() => document.activeElement.innerText === "Alpha");
  });

  test("the palette receives text from its shortcut on", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, "#/");
    await app.dashboard.figures(2);
    await press(app, "j");
    await holdFrames(app.page);
    const { keyboard } = app.page;
    await openPalette(app);
    await keyboard.type("gs?");
    const typed = () => app.page.$eval("[role=combobox]", (field) => field.value);
    assert.equal(await typed(), "gs?");
    // Pressing beside the field keeps its focus.
    const { x, y } = await app.page.$eval(".palette-about", (e) => e.getBoundingClientRect().toJSON());
    await app.page.mouse.click(x + 5, y + 5);
    await keyboard.type("!");
    assert.equal(await typed(), "gs?!");
    await releaseFrames(app.page);
    await keyboard.type("u");
    assert.equal(await typed(), "gs?!u");
    await press(app, "Escape");
    await app.palette.closed();
    await press(app, "Enter");
    await app.session.shown("Alpha");
  });

  test("a form receives text from its shortcut on", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, `#/sessions/${running.id}`);
    await app.session.shown("Beta");
    await focusOn(app, "Progress");
    await holdFrames(app.page);
    await press(app, "Enter");
    await app.page.keyboard.type("1?");
    assert.equal((await focused(app)).value, "1?");
    await press(app, "Escape");
    assert.equal(await app.page.evaluate(() => document.activeElement.matches(".transition-button")), true);
    await releaseFrames(app.page);
    assert.equal(await app.has("region", "Help"), false);
  });

  test("a form opened on the dashboard or by the palette receives text at once", async ({ open }) => {
    const app = await withFiles(open, "#/", [escalated, running]);
    await app.dashboard.needs(1);
    await focusOn(app, "Resume\u2026");
    await holdFrames(app.page);
    await press(app, "Enter");
    await app.page.keyboard.type("u?");
    assert.deepEqual(await focused(app), { id: "field-reason", value: "u?" });
    await press(app, "Escape");
    await releaseFrames(app.page);
    await app.visit("#/sessions");
    await app.sessions.rows(2);
    await (await app.find("link", "Beta")).evaluate((e) => e.focus());
    await holdFrames(app.page);
    await holdTasks(app.page);
    await openPalette(app);
    await app.page.keyboard.type("complete qu");
    await press(app, "Enter");
    await app.page.keyboard.type("1?");
    assert.equal((await focused(app)).value, "1?");
    await releaseTasks(app.page);
    await releaseFrames(app.page);
    assert.equal((await focused(app)).value, "1?");
    await app.session.shown("Beta");
  });

  test("the editor receives text from its shortcut on", async ({ open }) => {
    const app = await withFiles(open, `#/sessions/${running.id}?tab=json`);
    await app.session.shown("Beta");
    await focusOn(app, "Edit text");
    await holdFrames(app.page);
    await press(app, "Enter");
    await app.page.keyboard.type("gd?u");
    const { id, value } = await focused(app);
    assert.equal(id, "editor-field");
    assert.ok(value.includes("gd?u"), value);
    await releaseFrames(app.page);
    await app.page.keyboard.type("e");
    assert.ok((await focused(app)).value.includes("gd?ue"));
  });

  test("typing continues while another tab changes the session", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, `#/sessions/${running.id}`);
    const other = await App.open(open, `#/sessions/${running.id}`);
    await other.session.shown("Beta");
    await app.page.bringToFront();
    await app.session.fillIn("Progress", { Cost: "1" });
    const { id } = await focused(app);
    assert.notEqual(id, "");
    await holdFrames(app.page);
    await other.page.bringToFront();
    await other.session.fillIn("Progress", { Cost: "4" });
    await other.session.apply();
    const spent = `$${(JSON.parse(running.bytes).cost_tracking.total + 4).toFixed(2)} / $9.00`;
    await other.session.factIs("Cost / budget", spent);
    await app.page.bringToFront();
    await heldUntil(app, (spent) => document.querySelector(".headline").innerText.includes(spent), spent);
    await app.page.keyboard.type("2u?");
    assert.deepEqual(await focused(app), { id, value: "12u?" });
    await releaseFrames(app.page);
    assert.deepEqual(await focused(app), { id, value: "12u?" });
  });

  test("going back and stepping continues from the row that was left", { firefox: true }, async ({ open }) => {
    const many = Array.from({ length: 5 }, (_, at) => session({ number: at + 1, done: 1, topic: `Number ${at + 1}` }));
    const app = await withFiles(open, "#/sessions?sort=topic", many);
    await app.sessions.rows(5);
    await press(app, "j", "j", "j", "Enter");
    await app.session.shown("Number 3");
    await holdFrames(app.page);
    await app.page.evaluate(() => history.back());
    await app.find("heading", "Sessions");
    await press(app, "j");
    const row = () => app.page.evaluate(() => document.activeElement.innerText);
    assert.equal(await row(), "Number 4");
    await releaseFrames(app.page);
    assert.equal(await row(), "Number 4");
  });

  test("stepping through a long list waits for no frame", async ({ open }) => {
    const many = Array.from({ length: 200 }, (_, at) => session({ number: at + 1, done: 1, topic: `Number ${1_000 + at}` }));
    const app = await withFiles(open, "#/sessions?sort=topic", many);
    await app.sessions.ids(200);
    await atOnce(app, Array.from({ length: 150 }, () => "j"));
    assert.equal(await app.page.evaluate(() => document.activeElement.innerText), "Number 1149");
    await atOnce(app, Array.from({ length: 100 }, () => "k"));
    assert.equal(await app.page.evaluate(() => document.activeElement.innerText), "Number 1049");
  });

  test("each arrow key moves to the next tab", async ({ open }) => {
    const app = await withFiles(open, `#/sessions/${running.id}`);
    await app.page.waitForSelector("#tab-panel > *");
    await app.page.focus("[role=tab][aria-selected=true]");
    const first = (await focused(app)).id;
    await atOnce(app, ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"]);
    const tabs = await app.page.$$eval("[role=tab]", (tabs) => tabs.map((tab) => [tab.id, tab.ariaSelected]));
    const at = tabs.findIndex(([id]) => id === first);
    assert.equal(tabs.findIndex(([, selected]) => selected === "true"), at + 2);
    assert.equal((await focused(app)).id, tabs[at + 2][0]);
  });

  test("a search from another page is one history entry", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, "#/");
    const steps = () => app.page.evaluate(() => history.length);
    const before = await steps();
    await atOnce(app, ["/"], ["a", "al", "alp"]);
    await app.until(() => location.hash === "#/sessions?q=alp");
    assert.equal(await steps(), before + 1);
    await app.page.goBack();
    await app.find("heading", "Dashboard");
  });
});
