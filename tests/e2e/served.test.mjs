// The app over Callboard's local server: live sessions, saved in place.
import assert from "node:assert/strict";
import { chmod, lstat, readFile, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { App } from "./pages/app.mjs";
import { zip } from "./support/archives.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { holdSaves, releaseSaves, saveHeld, savesAsked } from "./support/hold.mjs";
import { AGENTS, makeRepository, openServed, serveFolder, serveRepository } from "./support/live.mjs";
import { PATIENCE } from "./support/patience.mjs";
import { press } from "./support/press.mjs";
import { suite } from "./support/suite.mjs";

/** Lets the page hear of no change, so that a save is the first to find it. */
const deafen = (page) =>
  page.evaluateOnNewDocument(() => {
    globalThis.EventSource = class extends EventTarget {
      close() {}
    };
  });

/** Serves some sessions, and opens the page of one. */
async function oneSession(visit, { at = 2, query = "", prepare, ...options } = {}) {
  const { folder, server } = await serveRepository(visit, { sessions: 4, ...options });
  const id = folder.ids[at - 1];
  const app = await App.open((path) => visit.open(path, prepare, server), `#/sessions/${id}${query}`);
  await app.session.shown(`Topic ${at}`);
  await app.source.is(`${basename(folder.dir)}, live`);
  return { app, folder, server, id };
}

async function spend(app, cost) {
  await app.session.fillIn("Progress", { Cost: cost });
  const lines = await app.session.preview();
  await app.session.apply();
  await app.find("button", "Save");
  return lines;
}

/** Replaces a word of the text by hand. */
async function rewrite(app, from, to) {
  await app.session.rewrite((text) => text.replace(from, to));
  await app.until(() => document.querySelector("#editor-verdict .tally"));
  await app.click("button", "Apply edit");
  await app.find("button", "Save");
}

/** Changes a session's file like a program that knows nothing of the package. */
const overwrite = async (folder, id, change, place = "sessions") => {
  const path = `${place}/${id}.json`;
  const data = JSON.parse(await readFile(folder.file(path), "utf8"));
  change(data);
  await folder.write(path, `${JSON.stringify(data, null, 2)}\n`);
};

/** Waits until a file's text meets a condition. */
async function untilText(folder, id, condition) {
  const giveUp = Date.now() + PATIENCE;
  for (;;) {
    const text = await folder.text(id);
    if (condition(text)) return text;
    if (Date.now() > giveUp) throw new Error(`the file of ${id} says:\n${text}`);
    await pause(50);
  }
}

/** Returns lines without their times: a preview is made earlier than the change. */
const timeless = (lines) => lines.map((line) => line.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")).sort();

/** Returns the changed lines between two texts, as a preview shows them. */
const changes = (before, after) => {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `−${line}`);
  return [...gone, ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`)];
};

/** Returns a WAV file of silence. */
function silence(seconds) {
  const RATE = 8000;
  const header = Buffer.alloc(44);
  header.write("RIFF");
  header.writeUInt32LE(36 + seconds * RATE, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  // One channel of one byte a sample.
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(seconds * RATE, 40);
  return Buffer.concat([header, Buffer.alloc(seconds * RATE, 128)]);
}

/** Lists the paths of all files of a folder. */
const filesOf = async (dir) =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));

const total = (text) => JSON.parse(text).cost_tracking.total;

suite(
  "served",
  ({ test }) => {
    test("the server's address shows its sessions, and the token leaves the address bar", async (visit) => {
      const { folder, server } = await serveRepository(visit);
      const app = await openServed(visit.open, server);
      await app.sessions.ids(50);
      await app.until((url) => location.href === url, `${server.origin}/#/sessions`);
      await app.source.is(`${basename(folder.dir)}, live`);
      assert.match(await app.source.says(), /^Live: changes/);
      await assertAccessible(app.page);
    });

    test("an address without the token says what to do", async (visit) => {
      const { server } = await serveRepository(visit, { sessions: 2 });
      const app = await openServed(visit.open, { ...server, url: `${server.origin}/` });
      assert.match(await app.source.notice(), /Open the address that callboard printed in the terminal, with its token\./);
      // The notice may be there before the page.
      await app.page.waitForSelector("main h1");
      await assertAccessible(app.page);
      await visit.expectProblem(/401/);
    });

    test("an agent's update appears, and what the producer does in the list stays", async (visit) => {
      const { folder, server } = await serveRepository(visit);
      const app = await openServed(visit.open, server, "#/sessions?sort=episode");
      await app.sessions.ids(50);
      await app.source.is(`${basename(folder.dir)}, live`);
      await app.sessions.select("Topic 2");
      const row = await app.page.waitForSelector(`tr[data-session="${folder.ids[3]}"] a`);
      await row.focus();
      await app.page.$eval("main", (main) => main.scrollBy(0, 120));
      const before = await app.sessions.place();
      await folder.update(folder.ids[5], AGENTS[0], { status: "complete", cost: 1.25 });
      await app.until(
        (id) => document.querySelector(`tr[data-session="${id}"]`)?.innerText.includes("$1.25"),
        folder.ids[5],
      );
      assert.deepEqual(await app.sessions.place(), before);
      assert.equal(before[1], "Topic 4");
      assert.equal(before[2], 1);
    });

    test("an open form and an unfinished edit stay while agents update the session", async (visit) => {
      const { app, folder, id } = await oneSession(visit);
      await app.session.fillIn("Progress", { Cost: "0.5" });
      await app.session.preview();
      await folder.update(id, AGENTS[0], { cost: 0.25 });
      await app.session.factIs("Cost / budget", "$0.25 / $9.00");
      const field = await app.find("textbox", "Cost");
      assert.equal(await field.evaluate((e) => e.value), "0.5");
      assert.ok(await field.evaluate((e) => e === document.activeElement));
      await app.session.tab("JSON");
      await app.session.rewrite((text) => text.replace("Topic 2", "Tides"));
      await folder.update(id, AGENTS[0], { cost: 0.25 });
      await app.session.factIs("Cost / budget", "$0.50 / $9.00");
      assert.match(await (await app.find("textbox", "Text of the file")).evaluate((e) => e.value), /Tides/);
    });

    test("new sessions appear, and removed ones go", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 3 });
      const app = await openServed(visit.open, server);
      await app.sessions.ids(3);
      await app.source.is(`${basename(folder.dir)}, live`);
      const made = await folder.store.initializeSession({ episode: 9, topic: "New" });
      assert.ok((await app.sessions.ids(4)).includes(made.id ?? made));
      await rm(folder.file(folder.path(folder.ids[0])));
      assert.ok(!(await app.sessions.ids(3)).includes(folder.ids[0]));
    });

    test("a copy that was there from the beginning takes the place of a session's file", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 3 });
      const [first, second] = folder.ids;
      await folder.write("copy.json", await folder.text(first));
      await folder.write("backup/copy.json", await folder.text(second));
      const app = await openServed(visit.open, server);
      await app.sessions.ids(3);
      await app.source.is(`${basename(folder.dir)}, live`);
      // Whichever of the two files was the session's own one before, the other one is followed now.
      const pairs = [[first, folder.path(first), "copy.json"], [second, "backup/copy.json", folder.path(second)]];
      for (const [at, [id, gone, other]] of pairs.entries()) {
        await rm(folder.file(gone));
        await pause(1000);
        const data = JSON.parse(await readFile(folder.file(other), "utf8"));
        Object.assign(data.cost_tracking, { research: 1.25, total: 1.25 });
        await folder.write(other, JSON.stringify(data, null, 2));
        await app.until((id) => document.querySelector(`tr[data-session="${id}"]`)?.innerText.includes("$1.25"), id);
        await app.sessions.ids(3 - at);
        await rm(folder.file(other));
        await app.sessions.ids(2 - at);
      }
    });

    test("a session that was dropped beside the folder stays on the next visit", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 3 });
      const app = await openServed(visit.open, server);
      await app.sessions.ids(3);
      await app.source.is(`${basename(folder.dir)}, live`);
      const text = (await folder.text(folder.ids[0])).replaceAll(folder.ids[0], "ep_dropped");
      await app.drop([{ name: "dropped.json", bytes: text }]);
      assert.ok((await app.sessions.ids(4)).includes("ep_dropped"));
      await app.visit("#/settings");
      await rm(folder.file(folder.path(folder.ids[2])));
      await app.visit("#/sessions");
      await app.sessions.ids(3);
      await rm(folder.file(folder.path(folder.ids[1])));
      await app.reload();
      assert.deepEqual((await app.sessions.ids(2)).sort(), ["ep_dropped", folder.ids[0]].sort());
    });

    test("a session that was dropped beside the folder is not saved into it", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 2 });
      const [first] = folder.ids;
      const app = await openServed(visit.open, server);
      await app.sessions.ids(2);
      await app.source.is(`${basename(folder.dir)}, live`);
      const foreign = (await folder.text(first)).replaceAll(first, "ep_foreign");
      await app.drop([{ name: "elsewhere.json", bytes: foreign }]);
      await app.sessions.ids(3);
      // Another file of the folder has its name, and goes.
      await folder.write("elsewhere.json", (await folder.text(first)).replaceAll(first, "ep_other"));
      assert.ok((await app.sessions.ids(4)).includes("ep_other"));
      await rm(folder.file("elsewhere.json"));
      assert.ok((await app.sessions.ids(3)).includes("ep_foreign"));
      await app.visit("#/sessions/ep_foreign");
      await spend(app, "0.5");
      await app.click("button", "Save");
      await app.says(`elsewhere.json is not a file of ${basename(folder.dir)}. Export it instead.`);
      // The second save says so again: another change is reported between them.
      await spend(app, "0.25");
      await app.says("Recorded:");
      await app.click("button", "Save");
      await app.says("Export it instead.");
      await assert.rejects(stat(folder.file("elsewhere.json")));
      // Browsers report the requests that the server refused.
      await visit.forgive();
    });

    test("marks of changes are those of every tab, and end with a look in any", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 2 });
      const [id] = folder.ids;
      const one = await openServed(visit.open, server);
      await one.source.is(`${basename(folder.dir)}, live`);
      const two = await openServed(visit.open, server);
      await two.source.is(`${basename(folder.dir)}, live`);
      await two.sessions.ids(2);
      await folder.update(id, AGENTS[1], { status: "failed", error: "No answer" });
      const marked = (app, is) =>
        app.until((id, is) => (document.querySelector(`tr[data-session="${id}"] .news-dot`) !== null) === is, id, is);
      await marked(two, true);
      await one.page.bringToFront();
      await marked(one, true);
      await two.page.bringToFront();
      await two.visit(`#/sessions/${id}`);
      await two.until(() => document.querySelector(".since-look")?.innerText.includes("failed"));
      await one.page.bringToFront();
      await marked(one, false);
      // Neither has it after a reload.
      for (const app of [one, two]) {
        await app.page.bringToFront();
        await app.visit("#/sessions");
        await app.reload();
        await app.sessions.ids(2);
        await marked(app, false);
      }
      // A tab that follows another asks for outputs that are not there.
      await visit.forgive();
    });

    test("a file in UTF-16 without its mark is saved in place", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 2 });
      const [id] = folder.ids;
      const before = await folder.text(id);
      await folder.write(folder.path(id), Buffer.from(before, "utf16le"));
      const app = await openServed(visit.open, server);
      await app.source.is(`${basename(folder.dir)}, live`);
      await app.visit(`#/sessions/${id}`);
      await spend(app, "0.5");
      await app.click("button", "Save");
      await app.says("Saved");
      const text = (await readFile(folder.file(folder.path(id)))).toString("utf16le");
      assert.equal((total(text.replace(/^\ufeff/, "")) - total(before)).toFixed(2), "0.50");
      // The first try expects the mark.
      await visit.forgive();
    });

    test("a file that the page wrote is the folder's, also after it is gone", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 1 });
      const app = await openServed(visit.open, server, "#/new");
      await app.source.is(`${basename(folder.dir)}, live`);
      await app.fill("textbox", "Topic", "Tides");
      const before = await filesOf(folder.dir);
      await app.click("button", "Create session");
      await app.session.shown("Tides");
      await app.click("button", "Save");
      await app.says("Saved");
      const [path] = (await filesOf(folder.dir)).filter((path) => !before.includes(path));
      await app.visit(`${await app.page.evaluate(() => location.hash)}?tab=json`);
      await rewrite(app, "Tides", "Ebb");
      // It goes while nobody watches.
      await server.close();
      await app.source.is(`${basename(folder.dir)}, not connected`);
      await rm(folder.file(path));
      const again = await serveFolder(folder, { port: server.port });
      visit.atEnd(() => again.close());
      const tab = await openServed(visit.open, again);
      await tab.source.is(`${basename(folder.dir)}, live`);
      await app.page.bringToFront();
      await app.source.is(`${basename(folder.dir)}, live`);
      // The first save may only notice that the file is gone.
      const isSaved = async () => (await readFile(folder.file(path), "utf8").catch(() => "")).includes('"topic": "Ebb"');
      const giveUp = Date.now() + PATIENCE;
      while (!(await isSaved())) {
        assert.ok(Date.now() < giveUp, await app.page.$eval("footer [role=status]", (status) => status.innerText));
        await app.page.keyboard.down("Control");
        await app.page.keyboard.press("s");
        await app.page.keyboard.up("Control");
        await pause(100);
      }
      await visit.forgive();
    });

    test("a first listing that fails is tried again", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 2 });
      let failures = 0;
      const page = await visit.open("", async (page) => {
        await page.setRequestInterception(true);
        page.on("request", (request) => {
          const fails = new URL(request.url()).pathname === "/api/files" && failures++ === 0;
          void (fails ? request.abort() : request.continue());
        });
      }, { origin: server.origin, url: server.url });
      const app = new App(page);
      await app.source.is(`${basename(folder.dir)}, live`);
      await app.visit("#/sessions");
      await app.sessions.ids(2);
      assert.ok(failures > 1);
      await visit.forgive();
    });

    test("archives that appear are unpacked, and every tab says that the server is gone", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 3 });
      const app = await openServed(visit.open, server);
      await app.sessions.ids(3);
      await app.source.is(`${basename(folder.dir)}, live`);
      const packed = async (id) => [{ path: `${id}.json`, bytes: Buffer.from((await folder.text(folder.ids[0])).replaceAll(folder.ids[0], id)) }];
      await folder.write("season.zip", zip(await packed("ep_zipped")));
      assert.ok((await app.sessions.ids(4)).includes("ep_zipped"));
      await folder.write("season.zip", zip([...(await packed("ep_zipped")), ...(await packed("ep_later"))]));
      assert.ok((await app.sessions.ids(5)).includes("ep_later"));

      const second = await openServed(visit.open, server);
      await second.source.is(`${basename(folder.dir)}, live`);
      await server.close();
      await second.source.is(`${basename(folder.dir)}, not connected`);
      await app.page.bringToFront();
      await app.source.is(`${basename(folder.dir)}, not connected`);
      const again = await serveFolder(folder, { port: server.port });
      visit.atEnd(() => again.close());
      const third = await openServed(visit.open, again);
      for (const tab of [third, app, second]) {
        await tab.page.bringToFront();
        await tab.source.is(`${basename(folder.dir)}, live`);
      }
      await visit.forgive();
    });

    test("a file that gets another session's id is that session's, and a copy stays a copy", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 3 });
      const app = await openServed(visit.open, server);
      await app.sessions.ids(3);
      await app.source.is(`${basename(folder.dir)}, live`);
      const [first, second] = folder.ids;
      const path = folder.path(first);
      await folder.write(path, (await folder.text(first)).replaceAll(first, "ep_renamed"));
      const ids = await app.sessions.ids(3);
      await app.until((first) => document.querySelector(`tr[data-session="${first}"]`) === null, first);
      assert.ok(!ids.includes(first) || (await app.sessions.ids(3)).includes("ep_renamed"));
      // A copy in another folder, whose path ends in that of the session's own file, changes nothing.
      await folder.write(`old/${folder.path(second)}`, (await folder.text(second)).replace("Topic 2", "Copied"));
      await folder.update(folder.ids[2], AGENTS[1], { cost: 0.25 });
      await app.until((id) => document.querySelector(`tr[data-session="${id}"]`)?.innerText.includes("$1.05"), folder.ids[2]);
      await app.until((id) => document.querySelector(`tr[data-session="${id}"]`)?.innerText.includes("Topic 2"), second);
      await app.visit(`#/sessions/${second}`);
      await app.session.shown("Topic 2");
      await spend(app, "0.5");
      await app.click("button", "Save");
      await untilText(folder, second, (text) => total(text) === 0.5);
    });

    test("a tab stays with its folder when another one is served at its address", async (visit) => {
      const { app, folder, server, id } = await oneSession(visit);
      await spend(app, "0.5");
      await server.close();
      const other = await makeRepository({ sessions: 0 });
      visit.atEnd(() => other.close());
      const second = await serveFolder(other, { port: server.port });
      visit.atEnd(() => second.close().catch(() => {}));
      const tab = await openServed(visit.open, second);
      await tab.source.is(`${basename(other.dir)}, live`);
      await app.page.bringToFront();
      await app.source.is(`${basename(folder.dir)}, not connected`);
      // Until the other server was seen, the notice gives another reason.
      await app.until(() =>
        document.querySelector("section[aria-label='Connection']")?.innerText.includes("Another folder is served at this address now"),
      );
      await app.click("button", "Save");
      await app.says("Another folder is served");
      assert.deepEqual(await readdir(other.file("sessions")), []);
      await tab.page.close();
      await second.close();
      const again = await serveFolder(folder, { port: server.port });
      visit.atEnd(() => again.close());
      const third = await openServed(visit.open, again);
      await third.source.is(`${basename(folder.dir)}, live`);
      await app.page.bringToFront();
      await app.source.connected();
      await app.click("button", "Save");
      await untilText(folder, id, (text) => total(text) === 0.5);
      await visit.forgive();
    });

    test("sessions stay when their folder is renamed, by a move or by git", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 6, git: true });
      await folder.git("checkout", "--quiet", "-b", "renamed");
      await folder.git("mv", "sessions", "episodes");
      await folder.git("commit", "--quiet", "--message=Rename");
      await folder.git("checkout", "--quiet", "main");
      const app = await openServed(visit.open, server);
      await app.sessions.ids(6);
      await app.source.is(`${basename(folder.dir)}, live`);
      const second = folder.ids[1];
      const follows = async (path, cost) => {
        await overwrite(folder, second, (data) => Object.assign(data.cost_tracking, { research: cost, total: cost }), path);
        await app.until((id, cost) => document.querySelector(`tr[data-session="${id}"]`)?.innerText.includes(cost), second, `$${cost}`);
        await app.sessions.ids(6);
      };
      await rename(folder.file("sessions"), folder.file("moved"));
      await follows("moved", 1.25);
      await rename(folder.file("moved"), folder.file("sessions"));
      await follows("sessions", 1.5);
      await folder.git("checkout", "--quiet", "--force", "renamed");
      await follows("episodes", 1.75);
    });

    test("a save writes exactly what was shown, through a link and with its mode", async (visit) => {
      const repository = await makeRepository({ sessions: 4 });
      visit.atEnd(() => repository.close());
      const id = repository.ids[1];
      // A name that no import reads, so that the link alone is the session's file.
      const target = "kept.data";
  
      await rename(repository.file(repository.path(id)), repository.file(target));
      await symlink(`../${target}`, repository.file(repository.path(id)));
      await chmod(repository.file(target), 0o640);
      const before = await repository.text(id);
      const server = await serveFolder(repository);
      visit.atEnd(() => server.close());
      const app = await openServed(visit.open, server, `#/sessions/${id}`);
      await app.session.shown("Topic 2");
      const lines = await spend(app, "0.75");
      await app.click("button", "Save");
      await app.says(`Saved ${id}.json.`);
      const after = await repository.text(id);
      assert.deepEqual(timeless(changes(before, after)), timeless(lines));
      assert.equal(total(after), 0.75);
      assert.ok((await lstat(repository.file(repository.path(id)))).isSymbolicLink());
      assert.equal((await stat(repository.file(target))).mode & 0o777, 0o640);
      assert.ok(!(await app.has("button", "Save")));
    });

    test("Ctrl+S saves the session, and the page of changes saves all", async (visit) => {
      const { app, folder, id } = await oneSession(visit);
      await spend(app, "0.5");
      await app.page.keyboard.down("Control");
      await app.page.keyboard.press("s");
      await app.page.keyboard.up("Control");
      await app.says(`Saved ${id}.json.`);
      assert.equal(total(await folder.text(id)), 0.5);
      for (const at of [2, 4]) {
        await app.visit(`#/sessions/${folder.ids[at - 1]}`);
        await app.session.shown(`Topic ${at}`);
        await spend(app, "0.25");
      }
      await app.visit("#/changes");
      await app.changes.files(2);
      await app.click("button", "Save all files");
      await app.says("Saved 2 files.");
      assert.equal(total(await folder.text(id)), 0.75);
      assert.equal(total(await folder.text(folder.ids[3])), 0.25);
      await app.changes.files(0);
    });

    test("a save that is asked for during another is queued, and saves what changed since", async (visit) => {
      const { app, folder, id } = await oneSession(visit);
      await spend(app, "0.5");
      await holdSaves(app.page);
      await app.click("button", "Save");
      await saveHeld(app.page);
      await app.find("button", "Saving\u2026");
      // A change while the first one is on its way.
      await app.session.fillIn("Progress", { Cost: "0.25" });
      await app.session.preview();
      await app.session.apply();
      await app.session.factIs("Cost / budget", "$0.75 / $9.00");
      await app.click("button", "Saving\u2026");
      await app.find("button", "Saving\u2026 1 queued");
      await app.click("button", "Saving\u2026 1 queued");
      await app.find("button", "Saving\u2026 1 queued");
      // The next one waits for the first, however often it is asked for.
      assert.equal(await savesAsked(app.page), 1);
      await releaseSaves(app.page);
      await untilText(folder, id, (text) => total(text) === 0.75);
      await app.until(() => !/Sav/.test(document.querySelector(".session-actions").innerText));
      assert.equal(await savesAsked(app.page), 2);
    });

    test("what agents wrote meanwhile is merged into a save", async (visit) => {
      const { app, folder, id } = await oneSession(visit, { query: "?tab=json", prepare: deafen });
      await rewrite(app, "Topic 2", "Tides");
      await folder.update(id, AGENTS[0], { cost: 0.5 });
      await app.click("button", "Save");
      await app.says(`Saved ${id}.json.`);
      const { episode, cost_tracking } = JSON.parse(await folder.text(id));
      assert.deepEqual([episode.topic, cost_tracking.total], ["Tides", 0.5]);
      await app.session.factIs("Cost / budget", "$0.50 / $9.00");
      // The answer to the save that came too late.
      await visit.expectProblem(/412/);
    });

    test("a conflict is decided value by value, then saved", async (visit) => {
      const { app, folder, id } = await oneSession(visit, { query: "?tab=json", prepare: deafen });
      await rewrite(app, "Topic 2", "Tides");
      await overwrite(folder, id, (data) => Object.assign(data.episode, { topic: "Moons", note: "by an agent" }));
      await app.click("button", "Save");
      const notice = await app.find("region", "Conflict with the file");
      await app.says("has a conflict");
      assert.equal(JSON.parse(await folder.text(id)).episode.topic, "Moons");
      const choices = await notice.$$eval("fieldset label", (labels) => labels.map((e) => e.innerText.replace(/\s+/g, " ")));
      assert.deepEqual(choices, ['Mine "Tides"', 'File "Moons"']);
      await assertAccessible(app.page);
      await app.click("radio", 'File"Moons"');
      await app.click("button", "Merge both");
      await app.session.shown("Moons");
      await rewrite(app, "Moons", "Moons and tides");
      await app.click("button", "Save");
      await app.says(`Saved ${id}.json.`);
      const { topic, note } = JSON.parse(await folder.text(id)).episode;
      assert.deepEqual([topic, note], ["Moons and tides", "by an agent"]);
      await visit.expectProblem(/412/);
    });

    test("outputs open beside the timeline, missing ones once they are written", async (visit) => {
      const { folder, server } = await serveRepository(visit, { sessions: 3 });
      const id = folder.ids[0];
      await folder.write(`outputs/${id}/episode.wav`, silence(3));
      await folder.write(`outputs/${id}/cover.svg`, '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"></svg>');
      await overwrite(folder, id, (data) => {
        const files = { script_file: "script.md", audio_file: "episode.wav", cover_file: "cover.svg" };
        const paths = Object.entries(files).map(([name, file]) => [name, `outputs/${id}/${file}`]);
        Object.assign(data.agent_outputs.script_writer, Object.fromEntries(paths));
      });
      const app = await openServed(visit.open, server, `#/sessions/${id}`);
      await app.session.shown("Topic 1");
      const rows = () =>
        app.page.$$eval(".output-row", (rows) =>
          rows.map((row) => [row.querySelector("a").innerText.split("\n")[0], row.querySelector(".output-status")?.innerText]),
        );
      await app.until(() => document.querySelectorAll(".output-status").length === 4);
      const sizes = { "research.md": "64 B", "script.md": "Missing", "episode.wav": "24 kB", "cover.svg": "69 B" };
      assert.deepEqual(Object.fromEntries(await rows()), sizes);
      const open = async (name) => {
        await press(app.page, app.page.locator(`.output-row a[href*="${name}"]`));
        await app.find("heading", name);
      };
      await open("research.md");
      await app.until(() => document.querySelectorAll(".output-body li").length === 2);
      await assertAccessible(app.page);
      await open("episode.wav");
      await app.until(() => document.querySelector(".output-media")?.innerText.includes("Length: 0:03"));
      await assertAccessible(app.page);
      await open("cover.svg");
      await app.until(() => document.querySelector("img.output-picture")?.naturalWidth > 0);
      await open("script.md");
      await app.until(() => document.querySelector(".output-note")?.innerText.includes("script.md is not in the folder."));
      await folder.write(`outputs/${id}/script.md`, "# The script\n\nHello.\n");
      await app.until(() => document.querySelector(".output-body")?.innerText.includes("Hello."));
      await app.page.keyboard.press("Escape");
      await app.until(() => document.querySelector(".output-reader") === null);
    });

    test("a read-only server offers no save, and says so", async (visit) => {
      const { app, folder, id } = await oneSession(visit, { readOnly: true });
      assert.match(await app.source.says(), /read-only/);
      const before = await folder.text(id);
      await app.session.fillIn("Progress", { Cost: "0.5" });
      await app.session.preview();
      await app.session.apply();
      await app.session.factIs("Cost / budget", "$0.50 / $9.00");
      assert.ok(!(await app.has("button", "Save")));
      assert.equal(await folder.text(id), before);
      // Agents are followed all the same.
      await folder.update(folder.ids[3], AGENTS[0], { cost: 0.25 });
      await app.visit(`#/sessions/${folder.ids[3]}`);
      await app.session.factIs("Cost / budget", "$0.25 / $9.00");
    });

    test("edits outlive a server that stops, and are saved once it is back", async (visit) => {
      const { app, folder, server, id } = await oneSession(visit);
      await spend(app, "0.5");
      await server.close();
      await app.source.is(`${basename(folder.dir)}, not connected`);
      assert.match(await app.source.notice(), /npx callboard/);
      await assertAccessible(app.page);
      await app.click("button", "Save");
      await app.says("no longer answers");
      await app.session.factIs("Cost / budget", "$0.50 / $9.00");
      await folder.update(folder.ids[3], AGENTS[0], { cost: 0.25 });
      const again = await serveFolder(folder, { port: server.port });
      visit.atEnd(() => again.close());
      // The new server has a new token: its address is opened, and the first tab goes on too.
      const second = await openServed(visit.open, again);
      await second.sessions.ids(4);
      await app.page.bringToFront();
      await app.source.connected();
      await app.source.is(`${basename(folder.dir)}, live`);
      await app.click("button", "Save");
      // What is read again may be reported after the save.
      await untilText(folder, id, (text) => total(text) === 0.5);
      await app.visit(`#/sessions/${folder.ids[3]}`);
      await app.session.factIs("Cost / budget", "$0.25 / $9.00");
      // How many requests failed, and what the browser tells of them, depends on its pace.
      await visit.forgive();
    });
  },
  { firefox: true },
);
