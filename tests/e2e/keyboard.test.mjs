// All pages by keyboard alone, and axe on menus and panels.
import assert from "node:assert/strict";

import { session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessibleInBothThemes } from "./support/axe.mjs";
import { dropFiles } from "./support/files.mjs";
import { fillDisk } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const failed = (number, topic) => session({ number, topic, done: 1, status: "failed", minutesAgo: number });
const running = (number, topic) => session({ number, topic, done: 2, minutesAgo: number });

/** More than the number of focusable elements on any of these pages. */
const STOPS = 150;

async function withFiles(open, files, path) {
  const app = await App.open(open, path);
  await app.drop(files);
  await app.click("button", "Close the import report");
  return app;
}

/** Returns the name or text of the focused element. */
const focused = (app) =>
  app.page.evaluate(() => {
    const { activeElement: element } = document;
    const words = element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText;
    return words.replace(/\s+/g, " ").trim();
  });

/** Presses Tab until an element of this name has the focus. */
async function tabTo(app, name, key = "Tab") {
  const { keyboard } = app.page;
  const passed = [];
  for (let stop = 0; stop < STOPS; stop++) {
    if (key === "Shift+Tab") await keyboard.down("Shift");
    await keyboard.press("Tab");
    if (key === "Shift+Tab") await keyboard.up("Shift");
    const here = await focused(app);
    if (here === name || here.startsWith(`${name} `)) return;
    passed.push(here);
  }
  assert.fail(`Tab does not come to ${name}: ${passed.slice(0, 40).join(" | ")}`);
}

async function press(app, ...keys) {
  for (const key of keys) await app.page.keyboard.press(key);
}

suite("the keyboard alone", ({ browser, test }) => {
  test("filters the list, saves a view, acts on many sessions", async ({ open }) => {
    const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta"), failed(3, "Gamma")], "#/sessions");
    await press(app, "/");
    await tabTo(app, "State");
    await press(app, "Enter");
    await tabTo(app, "Failed");
    await press(app, " ");
    await app.until(() => location.hash === "#/sessions?state=FAILED");
    await press(app, "Escape");
    assert.match(await focused(app), /^State/);
    await tabTo(app, "Cost");
    await press(app, "Enter");
    await tabTo(app, "Minimum ($)");
    await app.page.keyboard.type("0.5");
    await press(app, "Enter", "Escape");
    await app.until(() => location.hash === "#/sessions?state=FAILED&min=0.50");
    await tabTo(app, "Views");
    await press(app, "Enter");
    await tabTo(app, "View name");
    await app.page.keyboard.type("Mornings");
    await press(app, "Enter");
    assert.match(await focused(app), /^Views/);
    await press(app, "Enter");
    await tabTo(app, "Mornings");
    await tabTo(app, "Remove view");
    await press(app, "Enter");
    await app.until(() => document.activeElement.closest(".menu-panel") !== null);
    await press(app, "Escape");
    await tabTo(app, "Clear filters", "Shift+Tab");
    await press(app, "Enter");
    await app.until(() => location.hash === "#/sessions");
    await app.sessions.rows(3);
    await press(app, "j");
    assert.equal(await focused(app), "Alpha");
    await press(app, "x", "j", "j", "x");
    await app.until(() => document.querySelector(".bulk-count")?.innerText.startsWith("2 selected"));
    await press(app, "b");
    assert.equal(await focused(app), "Start\u2026");
    await tabTo(app, "Retry\u2026");
    await press(app, "Enter");
    await app.sessions.verdicts("Preview");
    await tabTo(app, "Retry 2 sessions");
    await press(app, "Enter");
    await app.sessions.verdicts("Results");
    await app.until(() => document.activeElement.closest(".bulk-panel") !== null);
    await press(app, "Enter");
    await app.until(() => document.activeElement.closest(".bulk") !== null);
    await tabTo(app, "Deselect");
    await press(app, "Enter");
    await app.until(() => document.activeElement.tagName === "H1");
    await tabTo(app, "Topic");
    await press(app, "Enter");
    await app.until(() => location.hash === "#/sessions?sort=topic");
    await press(app, "j", "j", "k", "Enter");
    await app.session.shown("Alpha");
  });

  test("reads the dashboard and applies an action", async ({ open }) => {
    const complete = Array.from({ length: 30 }, (_, at) => session({ number: at + 3, done: 4 }));
    const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta"), ...complete], "#/");
    await app.dashboard.figures(32);
    await press(app, "j");
    await tabTo(app, "Retry");
    await press(app, "Enter");
    await app.says("will be retried");
    await app.dashboard.focus("Cost per episode");
    await press(app, "Home", "ArrowRight");
    assert.match(await app.dashboard.reads("Cost per episode"), /of \$/);
    await tabTo(app, "Last 60", "Shift+Tab");
    await press(app, "ArrowRight");
    await app.until(() => location.hash === "#/?range=all");
    await press(app, "Tab");
    await tabTo(app, "Pipeline funnel as table");
    await press(app, "Enter");
    await app.find("region", "Pipeline funnel, figures");
  });

  test("filters the import report and changes the settings", async ({ open }) => {
    const app = await withFiles(open, [failed(1, "Alpha"), { name: "broken.json", bytes: "{" }, { name: "a.txt", bytes: "" }], "#/sessions");
    await press(app, "g", "i");
    await app.import.files(3);
    await tabTo(app, "Unreadable 1");
    await press(app, " ");
    await app.import.files(1);
    await tabTo(app, "Search the report");
    await app.page.keyboard.type("x");
    await app.until(() => location.hash === "#/import?show=damaged&q=x");
    await press(app, "Backspace");
    await tabTo(app, "All 3", "Shift+Tab");
    await press(app, "Enter");
    await app.import.files(3);
    await press(app, "j");
    await app.until(() => document.activeElement.className.includes("import-path"));
    await press(app, "g", ",");
    await app.find("heading", "Settings");
    await app.until(() => document.activeElement.tagName === "H1");
    await press(app, "Tab", "ArrowRight");
    await app.until(() => document.documentElement.dataset.theme === "light");
    await tabTo(app, "Comprehension");
    await app.page.keyboard.type("0.9");
    await press(app, "Tab");
    await app.find("button", "Reset to defaults");
    await tabTo(app, "Clear\u2026");
    await press(app, "Enter");
    await app.until(() => document.activeElement.innerText === "Clear workspace");
    await tabTo(app, "Cancel");
    await press(app, "Enter");
    await app.until(() => document.activeElement.innerText.startsWith("Clear"));
    await press(app, "Enter");
    await app.until(() => document.activeElement.innerText === "Clear workspace");
    await press(app, "Enter");
    await app.says("The workspace is empty.");
    await app.until(() => document.activeElement !== document.body);
  });

  // Firefox has the same elements and colours.
  if (browser === "firefox") return;
  test("axe finds no violations in menus and panels", async ({ open }) => {
    const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta"), ...sessions(20)], "#/sessions");
    const check = (within) => assertAccessibleInBothThemes(app, within);
    const menus = await app.page.$$("main details.menu > summary");
    assert.ok(menus.length > 2);
    for (const menu of menus) {
      await menu.click();
      await check("main details.menu[open]");
    }
    await press(app, "Escape", "?");
    await app.find("region", "Help");
    await check();
    await press(app, "Escape");
    await app.click("checkbox", "Select all shown");
    await app.click("button", "Retry\u2026");
    await app.sessions.verdicts("Preview");
    await check();
    await app.palette.open();
    await check();
    await press(app, "Escape");
    await app.goTo("Settings");
    await app.click("button", "Clear\u2026");
    await app.find("button", "Clear workspace");
    await check();
    await app.visit("#/sessions?state=SYNTHESIZING&q=nothing");
    await app.sessions.ids(0);
    await check();
    // An import is running, and the disk is full.
    await fillDisk(app.page);
    await app.page.evaluate(() => {
      const { arrayBuffer } = Blob.prototype;
      let begun = 0;
      Blob.prototype.arrayBuffer = function () {
        begun += 1;
        return begun > 64 ? new Promise(() => {}) : arrayBuffer.call(this);
      };
    });
    await dropFiles(app.page, sessions(130));
    await app.find("region", "Storage");
    await app.find("region", "Import");
    await check();
  });
}, { firefox: true });
