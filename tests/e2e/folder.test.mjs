// A folder that is opened in the browser: live sessions, saved in place.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { assertAccessible } from "./support/axe.mjs";
import { folderForgotten } from "./support/hold.mjs";
import { dropPaths } from "./support/files.mjs";
import { AGENTS } from "./support/live.mjs";
import { makeFolder, NAME, openApp } from "./support/opened.mjs";
import { suite } from "./support/suite.mjs";

const LIVE = `${NAME}, live`;
const [RESEARCHER] = AGENTS;

/** Makes a folder, opens it in the app, and waits for its sessions. */
async function opened(visit, { sessions = 20, ...options } = {}) {
  const folder = await makeFolder(visit, sessions);
  const app = await openApp(visit, options);
  await app.page.bringToFront();
  await app.click("button", "Open folder");
  await app.source.is(LIVE);
  await app.visit("#/sessions");
  await app.sessions.ids(sessions);
  return { app, folder };
}

async function openSession(app, folder, at, query = "") {
  await app.visit(`#/sessions/${folder.ids[at - 1]}${query}`);
  await app.session.shown(`Topic ${at}`);
}

async function spend(app, cost) {
  await app.session.fillIn("Progress", { Cost: cost });
  await app.session.preview();
  await app.session.apply();
  await app.find("button", "Save");
}

/** Waits until a session's row contains these words. */
const rowSays = (app, id, words) =>
  app.until((id, words) => document.querySelector(`tr[data-session="${id}"]`)?.innerText.includes(words), id, words);

const progress = (cost) => ({ type: "progress", agent: RESEARCHER, cost });
const topic = (text, from, to) => text.replace(`"topic": "${from}"`, `"topic": "${to}"`);
const total = (text) => JSON.parse(text).cost_tracking.total;

suite(
  "folder",
  ({ test }) => {
    test("its sessions appear, change, come and go while the producer works", async (visit) => {
      const { app, folder } = await opened(visit, { sessions: 50 });
      await app.visit("#/sessions?sort=episode");
      await app.sessions.ids(50);
      await app.sessions.select("Topic 2");
      const row = await app.page.waitForSelector(`tr[data-session="${folder.ids[3]}"] a`);
      await row.focus();
      await app.page.$eval("main", (main) => main.scrollBy(0, 120));
      const before = await app.sessions.place();
      await folder.update(folder.ids[5], progress(1.25));
      await rowSays(app, folder.ids[5], "$1.25");
      assert.deepEqual(await app.sessions.place(), before);
      assert.deepEqual(before.slice(1), ["Topic 4", 1]);
      const last = folder.ids[49];
      const text = await folder.text(last);
      await folder.remove(folder.path(last));
      await app.sessions.ids(49);
      await folder.write(folder.path(last), text);
      await app.sessions.ids(50);
      assert.match(await app.source.says(), /^Live: changes/);
      await assertAccessible(app.page);
    });

    test("what was dropped before is the opened folder's own file, whatever its folders were", async (visit) => {
      const folder = await makeFolder(visit, 3);
      const app = await openApp(visit);
      await app.page.bringToFront();
      const names = await folder.names();
      const disk = await mkdtemp(join(tmpdir(), "callboard-dropped-"));
      visit.atEnd(() => rm(disk, { recursive: true, force: true }));
      for (const [at, place] of [`${NAME}/sessions`, `elsewhere/${NAME}/sessions`, ""].entries()) {
        await mkdir(join(disk, place), { recursive: true });
        await writeFile(join(disk, place, `${folder.ids[at]}.json`), await folder.text(folder.ids[at]));
      }
      await dropPaths(app.page, (await readdir(disk)).map((name) => join(disk, name)));
      await app.visit("#/sessions");
      await app.sessions.ids(3);
      const [edited] = folder.ids;
      const before = await Promise.all(folder.ids.map(async (id) => total(await folder.text(id))));
      await openSession(app, folder, 1);
      await app.session.fillIn("Progress", { Cost: "0.5" });
      await app.session.apply();
      await app.until(() => document.querySelector(".session-head .edited"));
      await app.visit("#/sessions");
      await app.click("button", "Open folder");
      await app.source.is(LIVE);
      assert.equal((await app.sessions.ids(3)).length, 3);
      await openSession(app, folder, 1);
      await app.click("button", "Save");
      await app.says("Saved");
      for (const at of [2, 3]) {
        await openSession(app, folder, at);
        await spend(app, "0.25");
        await app.click("button", "Save");
        await app.says(`Saved ${folder.ids[at - 1]}.json.`);
      }
      const after = await Promise.all(folder.ids.map(async (id) => total(await folder.text(id))));
      assert.deepEqual(after.map((total, at) => (total - before[at]).toFixed(2)), ["0.50", "0.25", "0.25"]);
      assert.deepEqual(await folder.names(), names);
      // The agents' work goes on in it.
      await folder.update(edited, progress(1));
      await openSession(app, folder, 1);
      await app.session.factIs("Cost / budget", `$${(before[0] + 1.5).toFixed(2)} / $9.00`);
    });

    test("a branch without a session's file, and back: the change is saved then", async (visit) => {
      const { app, folder } = await opened(visit, { sessions: 2 });
      const [id] = folder.ids;
      await openSession(app, folder, 1);
      await spend(app, "0.5");
      const text = await folder.text(id);
      await folder.remove(folder.path(id));
      await app.says("Your changes are kept");
      await folder.write(folder.path(id), text);
      // The file is known again: its diff has the lines that differ.
      await app.visit("#/changes");
      await app.until(() => /[+]\d\D/.test(document.querySelector("main section[data-session] .tally")?.innerText ?? ""));
      await openSession(app, folder, 1);
      await app.click("button", "Save");
      await app.says("Saved");
      assert.equal((total(await folder.text(id)) - total(text)).toFixed(2), "0.50");
    });

    test("an open form and an unfinished edit stay while agents update the session", async (visit) => {
      const { app, folder } = await opened(visit, { sessions: 4 });
      await openSession(app, folder, 2);
      await app.session.fillIn("Progress", { Cost: "0.5" });
      await app.session.preview();
      await folder.update(folder.ids[1], progress(0.25));
      await app.session.factIs("Cost / budget", "$0.25 / $9.00");
      const field = await app.find("textbox", "Cost");
      assert.equal(await field.evaluate((e) => e.value), "0.5");
      assert.ok(await field.evaluate((e) => e === document.activeElement));
      await app.session.tab("JSON");
      await app.session.rewrite((text) => text.replace("Topic 2", "Tides"));
      await folder.update(folder.ids[1], progress(0.25));
      await app.session.factIs("Cost / budget", "$0.50 / $9.00");
      assert.match(await (await app.find("textbox", "Text of the file")).evaluate((e) => e.value), /Tides/);
    });

    test("saves write the file, and nothing else stays in the folder", async (visit) => {
      const { app, folder } = await opened(visit, { sessions: 4 });
      const names = await folder.names();
      await openSession(app, folder, 2, "?tab=json");
      await spend(app, "0.5");
      await app.click("button", "Save");
      await app.says(`Saved ${folder.ids[1]}.json.`);
      const text = await folder.text(folder.ids[1]);
      assert.equal(total(text), 0.5);
      assert.ok(!(await app.has("button", "Save")));
      await app.session.rewrite((shown) => {
        assert.equal(shown, text);
        return topic(shown, "Topic 2", "Tides");
      });
      await app.until(() => document.querySelector("#editor-verdict .tally"));
      await app.click("button", "Apply edit");
      await app.find("button", "Save");
      await app.page.keyboard.down("Control");
      await app.page.keyboard.press("s");
      await app.page.keyboard.up("Control");
      await app.says(`Saved ${folder.ids[1]}.json.`);
      assert.equal(await folder.text(folder.ids[1]), topic(text, "Topic 2", "Tides"));
      await openSession(app, folder, 4);
      await spend(app, "0.25");
      await app.visit("#/changes");
      await app.changes.files(1);
      await app.click("button", "Save file");
      await app.changes.files(0);
      assert.equal(total(await folder.text(folder.ids[3])), 0.25);
      assert.deepEqual(await folder.names(), names);
    });

    test("what agents wrote meanwhile is merged, and a conflict is decided value by value", async (visit) => {
      const { app, folder } = await opened(visit, { sessions: 4, observed: false });
      const id = folder.ids[1];
      await openSession(app, folder, 2, "?tab=json");
      const rewrite = async (from, to) => {
        await app.session.rewrite((text) => topic(text, from, to));
        await app.until(() => document.querySelector("#editor-verdict .tally"));
        await app.click("button", "Apply edit");
        await app.find("button", "Save");
      };
      await rewrite("Topic 2", "Tides");
      await folder.update(id, progress(0.5));
      await app.page.bringToFront();
      await app.click("button", "Save");
      await app.says(`Saved ${id}.json.`);
      const merged = await folder.text(id);
      assert.deepEqual([JSON.parse(merged).episode.topic, total(merged)], ["Tides", 0.5]);
      await rewrite("Tides", "Tides and moons");
      await folder.write(folder.path(id), topic(merged, "Tides", "Moons"));
      await app.click("button", "Save");
      const notice = await app.find("region", "Conflict with the file");
      const choices = await notice.$$eval("fieldset label", (labels) => labels.map((e) => e.innerText.replace(/\s+/g, " ")));
      assert.deepEqual(choices, ['Mine "Tides and moons"', 'File "Moons"']);
      assert.equal(await folder.text(id), topic(merged, "Tides", "Moons"));
      await app.click("button", "Merge both");
      await app.find("button", "Save");
      await app.until(() => document.querySelector("section[aria-label='Conflict with the file']") === null);
      await app.click("button", "Save");
      await app.says(`Saved ${id}.json.`);
      assert.equal(await folder.text(id), topic(merged, "Tides", "Tides and moons"));
    });

    test("outputs open from the folder", async (visit) => {
      const { app, folder } = await opened(visit, { sessions: 3 });
      await openSession(app, folder, 1);
      await app.press('.output-row a[href*="research.md"]');
      await app.until(() => document.querySelectorAll(".output-body li").length === 2);
      await folder.write(`outputs/${folder.ids[0]}/research.md`, "- one\n- two\n- three\n");
      await app.until(() => document.querySelectorAll(".output-body li").length === 3);
    });

    test("a reload opens the folder again, by itself or with one click", async (visit) => {
      const { app, folder } = await opened(visit, { sessions: 3 });
      await app.reload();
      await app.source.is(LIVE);
      await folder.update(folder.ids[1], progress(0.25));
      await rowSays(app, folder.ids[1], "$0.25");
      await app.page.close();

      const asking = await openApp(visit, { asks: true });
      await asking.page.bringToFront();
      await asking.find("button", `Reconnect ${NAME}`);
      // What was read before is there meanwhile.
      await asking.sessions.ids(3);
      await folder.update(folder.ids[1], progress(0.5));
      await asking.page.bringToFront();
      await assertAccessible(asking.page);
      await asking.click("button", `Reconnect ${NAME}`);
      await asking.source.is(LIVE);
      await rowSays(asking, folder.ids[1], "$0.75");
      await asking.source.says();
      await asking.click("button", "Close folder");
      await asking.find("button", "Open folder");
      await folderForgotten(asking.page);
      await asking.reload();
      await asking.find("button", "Open folder");
      await asking.sessions.ids(3);
    });

    for (const observed of [true, false]) {
      const how = observed ? "by the browser's reports" : "without any reports";
      test(`every kind of change is found ${how}`, async (visit) => {
        const { app, folder } = await opened(visit, { sessions: 12, observed });
        await app.page.evaluate(() => {
          globalThis.said = [];
          const look = () => globalThis.said.push(document.querySelector("footer [role=status]")?.innerText ?? "");
          new MutationObserver(look).observe(document.querySelector("footer"), { subtree: true, childList: true, characterData: true });
        });
        const [, second, , fourth] = folder.ids;
        // An editor's atomic save, and `sed -i`.
        await folder.replace(folder.path(second), await folder.after(second, progress(0.25)));
        await rowSays(app, second, "$0.25");
        await folder.replace(folder.path(second), topic(await folder.text(second), "Topic 2", "Tides"));
        await rowSays(app, second, "Tides");

        // `git checkout`: many files at once, some of them removed.
        const others = folder.ids.slice(4, 10);
        const branch = {};
        for (const id of others) branch[folder.path(id)] = topic(await folder.text(id), `Topic ${folder.ids.indexOf(id) + 1}`, `Branch ${id}`);
        await folder.writeAll(branch);
        await folder.remove(folder.path(folder.ids[11]));
        for (const id of others) await rowSays(app, id, `Branch ${id}`);
        await app.sessions.ids(11);

        // A file that is being written is read again, and not spoken of.
        const whole = await folder.after(fourth, progress(0.75));
        for (const length of [0, 200, whole.length - 20]) {
          await folder.write(folder.path(fourth), whole.slice(0, length));
          await pause(150);
          await rowSays(app, fourth, "Topic 4");
        }
        await folder.write(folder.path(fourth), whole);
        await rowSays(app, fourth, "$0.75");

        // A folder that is renamed.
        await folder.rename("sessions", "episodes");
        await folder.write(`episodes/${second}.json`, topic(await folder.text(second, "episodes"), "Tides", "Moons"));
        await rowSays(app, second, "Moons");
        await app.sessions.ids(11);

        // The opened folder itself goes, and comes back.
        await folder.rename("", "elsewhere");
        await app.source.is(`${NAME}, not connected`);
        assert.match(await app.source.notice(), new RegExp(NAME));
        await folder.rename("", "elsewhere", { back: true });
        await app.source.is(LIVE);
        await app.source.connected();
        await app.sessions.ids(11);
        await folder.write(`episodes/${second}.json`, topic(await folder.text(second, "episodes"), "Moons", "Stars"));
        await rowSays(app, second, "Stars");

        const said = await app.page.evaluate(() => globalThis.said);
        assert.deepEqual(said.filter((words) => /damaged|cannot be read|not read|cut off/i.test(words)), []);
      });
    }
  },
  { browsers: ["chromium"] },
);
