// Shapes of pipelines never seen before, taught by pointing at the values of one file.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { App } from "./pages/app.mjs";
import { TeachPage } from "./pages/teach.mjs";
import { FIELDS, FILMS, LETTERS, OTHERS } from "./pipelines.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { dropFiles, dropPaths } from "./support/files.mjs";
import { PATIENCE } from "./support/patience.mjs";
import { suite } from "./support/suite.mjs";

const ALL = [...FILMS, ...LETTERS, ...FIELDS, ...OTHERS];

/** Drops the files in a folder of their own. */
async function dropFolder(app, files) {
  const dir = await mkdtemp(join(tmpdir(), "callboard-teach-"));
  try {
    for (const { path, bytes } of files) {
      await mkdir(join(dir, "season", dirname(path)), { recursive: true });
      await writeFile(join(dir, "season", path), bytes);
    }
    await dropPaths(app.page, [join(dir, "season")]);
    await app.until(
      (count) => document.querySelector(".import-outcome")?.innerText.includes(`${count} files`),
      files.length,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Teaches the three shapes by clicks alone. */
const TAUGHT = {
  async film(teach) {
    await teach.open("season/films/film-1.json");
    await teach.point("film: film-1", "Session id");
    await teach.point("title: Lighthouse", "Topic");
    await teach.point("spent: $9.50", "Total cost");
    await teach.point("cap: 40", "Budget");
    await teach.point("light: green", "This stage's status");
    await teach.word("green", "Complete");
    await teach.word("amber", "In progress");
    await teach.word("grey", "Not started");
    // A word that only another file has.
    await teach.word("red", "Failed");
    await teach.listsEveryStage();
    await teach.preview("Lighthouse", "33", "$9.50 / $40.00", "Reads 3 other files of the import.");
    await teach.save();
    assert.equal(teach.clicks, 16);
  },
  async letter(teach) {
    await teach.open("season/newsletter/brief-11.json");
    await teach.point("ausgabe: 11", "Episode number");
    await teach.point("betreff: Herbst", "Topic");
    await teach.point("kosten: 1.20", "Total cost");
    await teach.point("stand: fertig", "This stage's status");
    await teach.point("wer: agent-0", "This stage's agent");
    // The likely meanings of German words are set.
    assert.equal(await teach.meaningOf("fertig"), "Complete");
    assert.equal(await teach.meaningOf("in Arbeit"), "In progress");
    assert.equal(await teach.meaningOf("offen"), "Not started");
    await teach.listsEveryStage();
    await teach.preview("Herbst", "Recherche", "50", "Reads 2 other files of the import.");
    await teach.save();
    assert.equal(teach.clicks, 12);
  },
  async field(teach) {
    await teach.open("season/field_07/board.json");
    await teach.point("Folder\u2019s name: field_07", "Episode number");
    await teach.point("theme: Salt", "Topic");
    await teach.point("scout_status: x", "This stage's status");
    await teach.point("scout_cost: 0.5", "This stage's cost");
    await teach.point("limit: 5", "Budget");
    await teach.word("x", "Complete");
    await teach.word("o", "In progress");
    await teach.word("-", "Not started");
    await teach.listsEveryStage();
    await teach.preview("Salt", "7", "$1.00 / $5.00", "Reads 2 other files of the import.");
    await teach.save();
    assert.equal(teach.clicks, 15);
  },
};

const EXPECTED = {
  Dyke: { state: "FAILED", episode: "\u2013", progress: "50 %", cost: "$14.25 / $40.00" },
  Ebb: { state: "NOT STARTED", episode: "\u2013", progress: "0 %", cost: "$0.00 / $40.00" },
  Fog: { state: "COMPLETE", episode: "8", progress: "100 %", cost: "$3.00 / $5.00" },
  "Frühling": { state: "FAILED", episode: "13", progress: "33 %", cost: "$0.90 / \u2013" },
  Hail: { state: "NOT STARTED", episode: "9", progress: "0 %", cost: "$0.00 / $5.00" },
  Harbour: { state: "COMPLETE", episode: "\u2013", progress: "100 %", cost: "$31.00 / $40.00" },
  Herbst: { state: "IN PROGRESS", episode: "11", progress: "50 %", cost: "$1.20 / \u2013" },
  Lighthouse: { state: "IN PROGRESS", episode: "\u2013", progress: "33 %", cost: "$9.50 / $40.00" },
  Salt: { state: "IN PROGRESS", episode: "7", progress: "33 %", cost: "$1.00 / $5.00" },
  Winter: { state: "COMPLETE", episode: "12", progress: "100 %", cost: "$2.40 / \u2013" },
};

suite("teach", ({ browser, test }) => {
  if (browser !== "chromium") return;

  test("three shapes are taught by clicks alone, read all their files, and read them elsewhere", async ({ open, downloads, url }) => {
    const app = await App.open(open);
    const teach = new TeachPage(app.page);
    await dropFolder(app, ALL);
    const began = Date.now();
    for (const steps of Object.values(TAUGHT)) await steps(teach);
    console.log(`three shapes were taught in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    assert.deepEqual(await teach.listed(10), EXPECTED);
    await app.reload();
    assert.deepEqual(await teach.listed(10), EXPECTED);

    await app.visit("#/settings");
    const shapes = await app.find("region", "Shapes");
    const rows = () => shapes.$$eval("li", (rows) => rows.map((row) => row.innerText.replace(/\s+/g, " ")));
    await app.until(() => document.querySelectorAll(".shapes-list li").length === 3);
    assert.deepEqual(await rows(), [
      "Board 3 files Edit Export Remove",
      "Brief 3 files Edit Export Remove",
      "Film 4 files Edit Export Remove",
    ]);
    await assertAccessible(app.page);
    const exported = [];
    for (const button of await shapes.$$("li button:first-of-type")) {
      exported.push(await downloads.one(() => button.click()));
    }
    assert.deepEqual(exported.map(({ name }) => name), ["board", "brief", "film"].map((name) => `${name}.callboard-shape.json`));

    // In another profile, the files come with the definitions.
    const context = await app.page.browser().createBrowserContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.goto(url);
      const fresh = new App(page);
      await fresh.find("main");
      await dropFolder(fresh, [...ALL, ...exported.map(({ name, bytes }) => ({ path: name, bytes }))]);
      assert.deepEqual(await new TeachPage(page).listed(10), EXPECTED);
    } finally {
      await context.close();
    }
  });

  test("a shape is taught by the keyboard, and Escape leaves the menu", async ({ open }) => {
    const app = await App.open(open);
    const teach = new TeachPage(app.page);
    await dropFiles(app.page, FILMS.map(({ path, bytes }) => ({ name: path.split("/").pop(), bytes })));
    await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("4 files"));
    await teach.open("film-1.json");
    await app.find("region", "1. Click the values");
    const { keyboard } = app.page;
    const focused = (name) => app.until((name) => document.activeElement.textContent.trim() === name, name);
    const walkTo = async (key, name) => {
      const at = () => app.page.evaluate(() => document.activeElement.textContent.trim());
      for (let step = 0; step < 40 && (await at()) !== name; step += 1) await keyboard.press(key);
      await focused(name);
    };
    await app.page.focus(".teach-value[tabindex='0']");
    await focused("film: film-1");
    await keyboard.press("Enter");
    await focused("Session id");
    await assertAccessible(app.page);
    await keyboard.press("Escape");
    await focused("film: film-1");
    assert.equal(await app.has("menu", "Meaning of film"), false);
    // The likeliest meaning has the focus.
    await keyboard.press("Enter");
    await focused("Session id");
    await keyboard.press("Enter");
    await focused("film: film-1, Session id");
    await walkTo("ArrowDown", "light: green");
    await keyboard.press("Enter");
    await walkTo("ArrowDown", "This stage's status");
    await keyboard.press("Enter");
    await focused("light: green, This stage's status");
    // Another stage's value has the meaning too.
    await app.find("button", "light: amber, This stage's status");
    await app.page.focus("#teach-title");
    assert.equal(await app.page.$eval("#teach-title", (field) => field.value), "Film");
    await keyboard.type(" of mine");
    // The draft survives a reload, without a word of the browser.
    assert.equal(await app.reload(), false);
    await app.find("button", "light: green, This stage's status");
    await app.until(() => document.querySelector("#teach-title")?.value === "Film of mine");
    await app.page.focus("#teach-title");
    await walkTo("Tab", "Save shape");
    await keyboard.press("Enter");
    await app.says("Callboard now reads files of this shape: 4 sessions.");
    await app.click("link", "4 sessions");
    await app.until(() => document.querySelectorAll("tbody tr[data-imported]").length === 4);
  });

  test("a removed shape comes back by undo, and a backup keeps shapes and overwrites none", async ({ open, downloads }) => {
    const app = await App.open(open);
    const teach = new TeachPage(app.page);
    await dropFolder(app, FILMS);
    const simple = async (...points) => {
      await teach.open("season/films/film-1.json");
      for (const [value, meaning] of points) await teach.point(value, meaning);
      await teach.save();
    };
    await simple(["film: film-1", "Session id"], ["light: green", "This stage's status"]);
    await teach.listed(4);
    await app.visit("#/settings");
    await app.click("button", "Remove");
    await app.says("Removed the shape film.");
    await teach.listed(0);
    await app.click("button", "Undo");
    await app.says("Restored the shape film.");
    await teach.listed(4);
    await app.visit("#/settings");
    const backup = await downloads.one(() => app.click("button", "Download backup"));
    await app.says("with 0 sessions and 1 shape.");
    await app.click("button", "Remove");
    await app.says("Removed the shape film.");
    const restore = () => dropFiles(app.page, [backup]);
    await restore();
    await teach.listed(4);
    // Edited since, the shape differs from the backup's.
    await app.visit("#/settings");
    await app.click("link", "Edit Film");
    await app.find("button", "film: film-1, Session id");
    await simple(["title: Lighthouse", "Topic"]);
    assert.deepEqual(Object.keys(await teach.listed(4)), ["Dyke", "Ebb", "Harbour", "Lighthouse"]);
    await restore();
    await app.visit("#/import");
    await app.until(() => document.body.innerText.includes("Your shape Film has this name and differs, so it was kept."));
    assert.deepEqual(Object.keys(await teach.listed(4)), ["Dyke", "Ebb", "Harbour", "Lighthouse"]);
  });

  test("a shape wins over a built-in one, and replaces one of the person's own that reads the file", async ({ open }) => {
    const app = await App.open(open);
    const teach = new TeachPage(app.page);
    const file = (number, state) => ({
      name: `run-${number}.json`,
      bytes: JSON.stringify({ session_id: `run-${number}`, phases: { research: { status: "completed" } }, mood: state, note: `Note ${number}` }),
    });
    await dropFiles(app.page, [file(1, "sunny"), file(2, "dull")]);
    await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("2 files"));
    await teach.open("run-1.json");
    await app.until(() => document.querySelector(".teach-missing") !== null);
    await teach.point("session_id: run-1", "Session id");
    await teach.point("mood: sunny", "Session's status");
    await teach.word("sunny", "Complete");
    await teach.preview("COMPLETE", "Reads 1 other file of the import.");
    await teach.save();
    await teach.listed(2);
    // A less specific shape would not read the file: it can take the other's place.
    await app.visit("#/settings");
    await app.click("link", "Edit Run");
    await teach.point("session_id: run-1, Session id", "Topic");
    await teach.preview("run-1", "COMPLETE");
    await teach.save();
    await app.visit("#/settings");
    await app.until(() => document.querySelectorAll(".shapes-list li").length === 1);
    // A value is needed beside the folder's name, and every sentence says which.
    await teach.open("run-2.json");
    await app.find("region", "The session as it will be listed");
    await app.until(() => document.querySelector(".teach-missing")?.innerText.startsWith("Click the session's id"));
    await teach.point("note: Note 2", "Topic");
    await app.until(() => document.querySelector(".teach-missing")?.innerText.includes("reads this file"));
    await app.click("button", "Replace \u201cRun\u201d");
    await teach.preview("Note 2");
    await teach.save();
    await app.visit("#/settings");
    await app.until(() => document.querySelectorAll(".shapes-list li").length === 1);
  });
});
