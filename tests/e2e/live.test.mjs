// Agents and a producer at work on the same sessions: every update of an agent and every change of the producer is in the
// files in the end, or visibly in conflict. CALLBOARD_LIVE_SECONDS sets how long they work.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { App } from "./pages/app.mjs";
import { BROWSERS, launch } from "./support/browsers.mjs";
import { makeRepository, serveFolder } from "./support/live.mjs";
import { OwnAgents, makeOwnFolder, startOwnServer } from "./support/own-folder.mjs";
import { PATIENCE } from "./support/patience.mjs";
import { press } from "./support/press.mjs";
import { LongTasks } from "./support/tasks.mjs";

/** Seconds for which the agents write. */
const SECONDS = Number(process.env.CALLBOARD_LIVE_SECONDS ?? 10);

/** Updates a second by the agents. */
const RATE = 20;

const SESSIONS = 50;

/** The agents' process, and the updates that it has done. */
class Agents {
  updates = [];
  #process;
  #ended;

  constructor(folder, ids) {
    const script = fileURLToPath(new URL("support/agent.mjs", import.meta.url));
    this.#process = spawn(process.execPath, [script, folder, ids.join(","), String(RATE)], { stdio: ["ignore", "pipe", "inherit"] });
    this.#ended = once(this.#process, "close");
    let rest = "";
    this.#process.stdout.on("data", (data) => {
      const lines = (rest + data).split("\n");
      rest = lines.pop();
      this.updates.push(...lines.map((line) => JSON.parse(line)));
    });
  }

  async end() {
    this.#process.kill("SIGTERM");
    await this.#ended;
    assert.deepEqual(this.updates.filter(({ error }) => error), [], "the agents wrote without an error");
  }
}

/** The labels of the button that saves all changed files: of one, and of several. */
const SAVE_LABELS = ["Save file", "Save all files"];

/** A producer at the page, who records costs that no other has, and takes some of them back. */
class Producer {
  edits = [];
  undone = new Set();
  counts = { edits: 0, undos: 0, saves: 0, commits: 0 };
  #app;
  #ids;

  constructor(app, ids) {
    this.#app = app;
    this.#ids = ids;
  }

  /** Works on one session: a change, then a save, an undo or both. */
  async step(number) {
    const app = this.#app;
    const id = this.#ids[(number * 13 + 5) % this.#ids.length];
    // Without a zero at the end, which the file does not keep.
    const cost = `1.${String(number).padStart(3, "0")}7`;
    await app.visit(`#/sessions/${id}`);
    await app.session.shown(`Topic ${Number(id.split("_")[1])}`);
    await app.session.fillIn("Progress", { Cost: cost });
    await app.session.apply();
    await app.until(() => document.querySelector(".session-head .edited") !== null);
    this.counts.edits += 1;
    this.edits.push({ id, cost });
    if (number % 5 === 4) {
      await app.session.undo();
      this.counts.undos += 1;
      this.undone.add(cost);
    }
    if (number % 3 !== 2) {
      await app.page.keyboard.down("Control");
      await app.page.keyboard.press("s");
      await app.page.keyboard.up("Control");
      this.counts.saves += 1;
    }
  }

  /** Saves everything, and commits it where the page can. */
  async save() {
    const app = this.#app;
    await app.visit("#/changes");
    await app.find("heading", "Changes");
    // The label changes, and the button goes, as an earlier save ends.
    const isPressed = await app.page.$$eval(
      "button",
      (buttons, labels) => {
        const save = buttons.find((button) => labels.includes(button.innerText.trim()));
        save?.click();
        return save !== undefined;
      },
      SAVE_LABELS,
    );
    if (isPressed) {
      this.counts.saves += 1;
      // The status of an earlier save says nothing about this one, and while that goes on, a press does nothing.
      await app.until((labels) => {
        const conflicts = document.querySelectorAll("main section[data-session] .conflict-line").length;
        const status = document.querySelector("footer [role=status]")?.innerText ?? "";
        if (Number.parseInt(document.querySelector(".page-count").innerText) === conflicts) return true;
        if (/Nothing was saved|not saved|no longer there/.test(status)) return true;
        [...document.querySelectorAll("button")].find((button) => labels.includes(button.innerText.trim()))?.click();
        return false;
      }, SAVE_LABELS);
    }
    const label = "form[aria-label='Files and message'] button[type=submit]";
    const canCommit = await app.page.waitForSelector(label, { timeout: 1500 }).catch(() => undefined);
    if (!canCommit) return;
    await press(app.page, app.page.locator(label));
    await app.until(() => /Committed|nothing|refused|failed/i.test(document.querySelector(".commit-outcome")?.innerText ?? ""));
    this.counts.commits += 1;
  }
}

/** The sources of sessions, with a producer's page and the agents' way to the files. */
const SOURCES = {
  async server(browser, { page, atEnd }) {
    const folder = await makeRepository({ sessions: SESSIONS, git: true });
    atEnd(() => folder.close());
    const server = await serveFolder(folder);
    atEnd(() => server.close());
    await page.goto(`${server.url}#/sessions`);
    return {
      ids: folder.ids,
      edited: folder.ids.slice(0, -10),
      text: (id) => folder.text(id),
      begin: async () => new Agents(folder.file("sessions"), folder.ids),
    };
  },
  async folder(browser, { page, atEnd }) {
    const server = await startOwnServer();
    atEnd(() => server.close());
    await page.goto(`${server.url}#/sessions`);
    const folder = await makeOwnFolder(page, SESSIONS);
    await press(page, page.locator("::-p-text(Open folder)"));
    return {
      ids: folder.ids,
      edited: folder.ids.slice(0, -10),
      text: (id) => folder.text(id),
      begin: async () => {
        const agents = await OwnAgents.begin(await browser.newPage(), server.url, folder.ids, RATE);
        await page.bringToFront();
        return agents;
      },
    };
  },
};

for (const name of BROWSERS) {
  // Firefox opens no folders.
  for (const kind of name === "chromium" ? ["server", "folder"] : ["server"]) {
    const title = `agents and a producer at once lose nothing (${kind}, ${name})`;
    test(title, { timeout: (SECONDS + 600) * 1000 }, async (context) => {
      const ends = [];
      const browser = await launch(name);
      const page = await browser.newPage();
      const problems = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.setDefaultTimeout(PATIENCE);
      try {
        const source = await SOURCES[kind](browser, { page, atEnd: (end) => ends.unshift(end) });
        const app = new App(page);
        await app.until((count) => document.querySelector(".page-count")?.innerText.startsWith(String(count)), SESSIONS);
        const tasks = name === "chromium" ? await LongTasks.begin(page) : undefined;
        const agents = await source.begin();
        const producer = new Producer(app, source.edited);
        const end = Date.now() + SECONDS * 1000;
        for (let number = 0; Date.now() < end; number++) {
          await producer.step(number);
          if (number % 8 === 7) await producer.save();
        }
        await agents.end();
        const longest = await tasks?.end();
        // What the agents wrote last has come.
        await new Promise((done) => setTimeout(done, 1500));
        await producer.save();
        const inConflict = new Set();
        const texts = new Map();
        for (const id of source.ids) {
          texts.set(id, await source.text(id));
          await app.visit(`#/sessions/${id}`);
          await app.session.shown(`Topic ${Number(id.split("_")[1])}`);
          const isConflict = await page.evaluate(() => document.querySelector("section[aria-label='Conflict with the file']") !== null);
          if (isConflict) inConflict.add(id);
        }
        const lostUpdates = agents.updates.filter(({ id, name }) => !texts.get(id).includes(`"${name}"`) && !inConflict.has(id));
        const expected = producer.edits.filter(({ cost }) => !producer.undone.has(cost));
        const lostEdits = expected.filter(({ id, cost }) => !texts.get(id).includes(cost) && !inConflict.has(id));
        const back = producer.edits.filter(({ id, cost }) => producer.undone.has(cost) && texts.get(id).includes(cost) && !inConflict.has(id));
        const figures = {
          ...producer.counts,
          updates: agents.updates.length,
          "updates a second": (agents.updates.length / SECONDS).toFixed(1),
          conflicts: inConflict.size,
          ...longest,
        };
        context.diagnostic(JSON.stringify(figures));
        assert.deepEqual(problems, []);
        assert.deepEqual(lostUpdates, [], "every update of an agent is there");
        assert.deepEqual(lostEdits, [], "every change of the producer is there");
        assert.deepEqual(back, [], "what was undone is not there");
        for (const text of texts.values()) JSON.parse(text);
      } finally {
        await browser.close();
        for (const end of ends) await end();
      }
    });
  }
}
