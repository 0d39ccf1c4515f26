// Every way to import, and the result of every file.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EP001, ep001, session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { dropFiles, dropPaths } from "./support/files.mjs";
import { stored } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

suite("import", ({ browser, test }) => {
  test("the report has every file", { firefox: true }, async ({ open }) => {
    const app = await App.open(open);
    const mine = session({ number: 3, topic: "Mine" });
    await app.drop([{ name: EP001, bytes: await ep001() }, mine]);
    await app.sessions.open("Mine");
    await app.session.fillIn("Complete", { Cost: "1" });
    await app.session.preview();
    await app.session.apply();
    await app.says("is complete.");
    const other = { name: mine.name, bytes: String(mine.bytes).replace("Mine", "Theirs") };
    const broken = { name: "broken.json", bytes: '{\n  "session_id": "a",\n  "episode": {,}\n}\n' };
    await app.drop([{ name: EP001, bytes: await ep001() }, other, broken, { name: "notes.txt", bytes: "x" }, session({ number: 8 })]);
    await app.visit("#/import");
    const files = await app.import.files(5);
    assert.deepEqual(files[0].slice(0, 2), [mine.name, "conflict"]);
    assert.deepEqual(files[1].slice(0, 3), ["broken.json", "unreadable", "line 3, column 15"]);
    assert.deepEqual(files.slice(2).map(([, word]) => word).sort(), ["added", "not a session file", "unchanged"]);
    await assertAccessibleInBothThemes(app);
    await app.import.show("Unreadable");
    await app.import.files(1);
    await app.until(() => location.hash === "#/import?show=damaged");
    await app.page.goBack();
    await app.import.files(5);
    await app.fill("searchbox", "Search the report", "notes");
    await app.import.files(1);
    for (const _letter of "notes") await app.page.keyboard.press("Backspace");
    await app.import.files(5);
    // The report links to the conflict, which shows both versions.
    await app.click("link", mine.name);
    await app.find("region", "Conflict with the file");
    await app.press("details.fold > summary");
    await app.find("region", "From your version to the file's");
    await app.click("button", "Keep mine");
    await app.says("Kept the current version.");
    await app.session.shown("Mine");
  });

  test("a long report is grouped by reason with counts, and its groups unfold", { firefox: true }, async ({ open }) => {
    const app = await App.open(open);
    const loaded = Array.from({ length: 201 }, (_, index) => session({ number: index + 1 }));
    const other = (bytes) => bytes.replace(/"topic": "[^"]*"/, '"topic": "Another version"');
    const copies = loaded.slice(0, 12).map(({ name, bytes }) => ({ name: `copy of ${name}`, bytes: other(bytes) }));
    const broken = ["a", "b", "c"].map((name) => ({ name: `${name}.json`, bytes: "" }));
    await app.drop([...loaded, ...copies, ...broken, { name: "notes.txt", bytes: "x" }]);
    assert.equal((await app.report()).headline.trim(), "201 sessions in 217 files; 12 duplicates, 3 unreadable");
    await app.visit("#/import");
    await app.import.files(12 + 3 + 1);
    const groups = [
      ["Needs attention 12 Duplicates of sessions in other files, so not loaded.", true],
      ["Unreadable 3 The file is empty.", true],
      ["Sessions 201 Sessions of Callboard's own shape.", false],
      ["Not session files 1", true],
    ];
    assert.deepEqual(await app.import.groups(), groups);
    assert.match((await app.import.files(16))[0].join(" | "), /^copy of .+ \| duplicate \| Same session as .+, so not loaded\. Drop it alone to use it instead\.$/);
    await assertAccessible(app.page);
    await everywhere(app, "report-grouped");
    await app.click("button", "Needs attention 12 Duplicates of sessions in other files, so not loaded.");
    await app.import.files(3 + 1);
    await app.click("button", "Sessions 201 Sessions of Callboard's own shape.");
    await app.until(() => document.querySelectorAll(".import-row").length > 10);
    // A search shows what it finds, folded or not.
    await app.fill("searchbox", "Search the report", "notes");
    await app.import.files(1);
  });

  test("an import without problems is said once, and goes by itself", { firefox: true }, async ({ open }) => {
    const app = await App.open(open, "#/sessions");
    // The page's delays of some seconds or more are over when the test says so.
    await app.page.evaluate(() => {
      const { setTimeout } = globalThis;
      globalThis.delays = new Map();
      globalThis.setTimeout = (then, time, ...rest) => {
        const id = setTimeout(time < 2_000 ? then : () => {}, time, ...rest);
        if (time >= 2_000) globalThis.delays.set(id, { then, time });
        return id;
      };
      // Ends the delays as long as one that closed the report, or all of them; returns the one that closed it.
      globalThis.endDelays = async (like) => {
        for (const [id, { then, time }] of globalThis.delays) {
          if (like !== undefined && time !== like) continue;
          globalThis.delays.delete(id);
          then();
          await new Promise((resolve) => setTimeout(resolve));
          if (document.querySelector(".import-outcome") === null) return time;
        }
        return null;
      };
    });
    await app.drop([session({ number: 3 })]);
    assert.equal((await app.report()).headline.trim(), "1 session in 1 file");
    assert.equal(await app.has("region", "Import report"), false);
    const closing = await app.page.waitForFunction(() => globalThis.endDelays()).then((handle) => handle.jsonValue());
    assert.ok(closing >= 5_000, `${closing} ms are too short to read it`);
    // Not from under the pointer.
    await app.drop([session({ number: 4 })]);
    await app.hover(".status .report-link");
    await app.until((closing) => [...globalThis.delays.values()].some(({ time }) => time === closing), closing);
    assert.equal(await app.page.evaluate((closing) => globalThis.endDelays(closing), closing), null);
    await app.find("button", "Close the import report");
    await app.page.mouse.move(10, 10);
    await app.visit("#/import");
    await app.import.files(1);
  });

  test("keyboard navigation keeps its place in the report while scrolling", async ({ open }) => {
    const app = await App.open(open);
    await app.drop(Array.from({ length: 200 }, (_, index) => session({ number: index + 1, topic: `Number ${index + 1}` })));
    await app.visit("#/import");
    await app.until(() => document.querySelectorAll(".import-row").length > 10);
    const focused = () => app.page.evaluate(() => document.activeElement.title ?? "");
    await app.page.focus(".import-path");
    const first = await focused();
    assert.match(first, /\.json$/);
    // Scrolling by a few rows keeps the focus.
    const here = await app.page.evaluateHandle(() => document.activeElement);
    await app.page.$eval("main", (main) => main.scrollBy(0, 200));
    await app.until(() => document.querySelector("main").scrollTop > 100);
    await app.page.$eval("main", (main) => main.scrollBy(0, 100));
    assert.ok(await here.evaluate((element) => element === document.activeElement));
    // The row leaves the page when far away; the focus returns with it.
    await app.page.$eval("main", (main) => main.scrollTo(0, main.scrollHeight));
    await app.until((first) => !document.querySelector(`.import-path[title="${first}"]`), first);
    await app.page.$eval("main", (main) => main.scrollTo(0, 0));
    await app.until((first) => document.activeElement.title === first, first);
    // Holding j walks through all rows.
    for (let step = 0; step < 60; step++) await app.page.keyboard.press("j");
    const rank = await app.page.evaluate(() => Number(document.activeElement.closest("li").getAttribute("aria-posinset")));
    assert.equal(rank, 61);
    await assertAccessible(app.page);
  });

  test("of files with one session_id one is loaded, the others are listed, and each path keeps its text", async ({ open, downloads }) => {
    const made = session({ number: 3, topic: "Three" });
    const at = (name, topic) => ({ name, bytes: made.bytes.replace("Three", topic) });
    const files = [at("03.json", "Three"), at("04.json", "Four"), at("05.json", "Five")];
    const app = await App.open(open);
    const told = async () => {
      const { headline } = await app.report();
      await app.visit("#/import?show=look");
      const why = "Same session as 03.json, so not loaded. Drop it alone to use it instead.";
      assert.deepEqual(await app.import.files(2), ["04.json", "05.json"].map((name) => [name, "duplicate", why]));
      return headline.trim();
    };
    await app.drop(files);
    assert.equal(await told(), "1 session in 3 files; 2 duplicates");
    await app.drop([files[1], files[2], files[0]]);
    // Between equally complete files the path decides, in any order.
    assert.equal(await told(), "1 session, 1 unchanged, in 3 files; 2 duplicates");
    await app.reload();
    await app.visit("#/import?show=look");
    await app.import.files(2);
    const spend = async (topic) => {
      await app.visit(`#/sessions/${made.id}`);
      await app.session.shown(topic);
      await app.session.fillIn("Progress", { Cost: "1" });
      await app.session.preview();
      await app.session.apply();
      await app.says("script_writer");
      await app.visit("#/changes");
      await app.changes.files(1);
    };
    const handedBack = async (name, topic) => {
      const file = await downloads.one(() => app.click("button", "Export file"));
      assert.equal(file.name, name);
      assert.ok(String(file.bytes).includes(`"${topic}"`));
      await app.changes.files(0);
    };
    await spend("Three");
    await handedBack("03.json", "Three");
    // Dropped alone, the other file is used, with its path.
    await app.drop([files[2]]);
    assert.equal((await app.report()).headline.trim(), "1 session, 1 from another path, in 1 file");
    await spend("Five");
    await handedBack("05.json", "Five");
    // Undo restores the first file's text and path.
    await app.visit(`#/sessions/${made.id}`);
    for (const topic of ["Five", "Three", "Three"]) {
      await app.session.undo();
      await app.says("Undid: ");
      await app.session.shown(topic);
    }
    await app.until(() => ![...document.querySelectorAll(".session-actions button")].some((button) => button.innerText.startsWith("Undo")));
    await app.visit("#/changes");
    await app.changes.files(1);
    await handedBack("03.json", "Three");
  });

  test("a file's content decides which of a session's files is loaded, in any order", async ({ open }) => {
    const at = (made, name, topic, entries) => {
      const file = JSON.parse(made.bytes);
      const history = Array.from({ length: entries }, () => ({ event: "progress", agent: "script_writer" }));
      return { name, bytes: JSON.stringify({ ...file, episode: { ...file.episode, topic }, history }, null, 2) };
    };
    const app = await App.open(open);
    for (const number of [3, 4]) {
      const made = session({ number });
      const files = [at(made, "a.json", "Early", 1), at(made, "z.json", "Went on", 3), at(made, "b.json", "Middle", 2)];
      await app.drop(number === 3 ? files : files.reverse());
      const { headline } = await app.report();
      assert.equal(headline.trim(), "1 session in 3 files; 2 duplicates");
      await app.visit("#/import?show=look");
      const rows = await app.import.files(2);
      const why = "Same session as z.json, so not loaded. Drop it alone to use it instead.";
      assert.deepEqual(rows.sort(), ["a.json", "b.json"].map((name) => [name, "duplicate", why]));
      await app.visit(`#/sessions/${made.id}`);
      await app.session.shown("Went on");
      await app.reload();
      await app.session.shown("Went on");
    }
  });

  test("a template is listed as one, and a file without a state has none", async ({ open }) => {
    const app = await App.open(open);
    const template = { name: "template.json", bytes: '{"session_id": "ep_{number}_{YYYYMMDD}_{HHMM}", "status": "pending"}' };
    const lean = { name: "lean.json", bytes: '{"session_id": "ep_012_lean", "topic": "Lean", "status": "marinating"}' };
    await app.drop([template, lean]);
    assert.equal((await app.report()).headline.trim(), "1 session from other pipelines in 2 files");
    await app.visit("#/import?show=configuration");
    const [[path, word, why]] = await app.import.files(1);
    assert.deepEqual([path, word], ["template.json", "configuration"]);
    assert.equal(why, "A template: its session_id has the placeholder {number}.");
    await app.visit("#/sessions?state=unknown");
    await app.until(() => document.querySelector("main")?.innerText.includes("Lean"));
    const said = await app.page.evaluate(() => document.querySelector("main").innerText);
    assert.ok(said.includes("UNKNOWN") && !/0\s*%|RESEARCHING|Healthy/.test(said), said);
    await app.sessions.open("Lean");
    await app.until(() => location.hash.startsWith("#/imported/") && /lean/i.test(document.querySelector("main h1")?.innerText));
    const page = await app.page.evaluate(() => document.querySelector("main").innerText);
    assert.ok(!/\d\s*%|Healthy|RESEARCHING/.test(page), page);
    await app.visit("#/");
    await app.until(() => document.querySelector("main")?.innerText.includes("Nothing needs attention"));
  });

  test("a callboard.json sets the policy of its sessions, and settings override it", async ({ open }) => {
    const app = await App.open(open);
    const config = (text) => ({ name: "callboard.json", bytes: text });
    await app.drop([session({ number: 3 }), config('{\n  "policy": {"retry_limits": 5}\n}\n')]);
    assert.equal((await app.report()).headline.trim(), "1 session in 2 files; 1 unreadable");
    await app.visit("#/import?show=damaged");
    const [[path, , place, why]] = await app.import.files(1);
    assert.deepEqual([path, place], ["callboard.json", "line 2, column 14"]);
    assert.match(why, /Did you mean "retry_limit"\?/);
    // The import page shows no banner.
    await app.visit("#/sessions");
    await app.drop([config('{"policy": {"retry_limit": 5, "budget": 20}}')]);
    assert.equal((await app.report()).headline.trim(), "1 policy in 1 file");
    await app.reload();
    await app.visit("#/settings");
    const retries = async () => (await app.find("textbox", "Retries per stage")).evaluate((input) => input.value);
    await app.until(() => document.querySelector(".policy-source")?.innerText.includes("callboard.json"));
    assert.equal(await retries(), "5");
    await app.fill("textbox", "Retries per stage", "7");
    await app.page.keyboard.press("Tab");
    await app.find("button", "Reset to callboard.json");
    await app.reload();
    await app.find("button", "Reset to callboard.json");
    assert.equal(await retries(), "7");
    await app.click("button", "Reset to callboard.json");
    await app.until(() => !document.querySelector("main").innerText.includes("Reset to callboard.json"));
    assert.equal(await retries(), "5");
    await app.click("button", "Stop using this file");
    await app.until(() => document.querySelector(".policy-source") === null);
    assert.equal(await retries(), "3");
  });

  test("pasted text is loaded, outside of fields only", { firefox: true }, async ({ open }) => {
    const app = await App.open(open);
    const pasted = session({ number: 5, topic: "Pasted" });
    await app.find("button", "Try it with sample sessions");
    await app.paste("not JSON at all");
    await app.says("Nothing was loaded: the clipboard has no session JSON.");
    await app.paste(String(pasted.bytes));
    await app.sessions.rows(1);
    await app.page.focus("#search");
    await app.paste(String(session({ number: 6 }).bytes));
    await app.visit("#/import");
    await app.import.files(1);
    await app.fill("textbox", "Session JSON", String(session({ number: 7, topic: "Typed" }).bytes));
    await app.click("button", "Load");
    await app.until(() => document.querySelector(".import-path")?.innerText.startsWith("ep007_session_"));
    await app.goTo("Sessions");
    await app.sessions.rows(2);
  });

  test("the last report survives a reload, with its filters in the address", async ({ open }) => {
    const app = await App.open(open);
    const broken = { name: "broken.json", bytes: '{\n  "session_id": "a",\n  "episode": {,}\n}\n' };
    await app.drop([session({ number: 3, topic: "Three" }), broken, { name: "notes.txt", bytes: "x" }]);
    // Dismissing the notice keeps the report.
    await app.click("button", "Close the import report");
    await app.until(() => document.querySelector("[aria-label='Import report']") === null);
    await app.goTo("Import");
    const before = await app.import.files(3);
    await app.fill("searchbox", "Search the report", "key in double");
    await app.import.files(1);
    await app.until(() => location.hash === "#/import?q=key%20in%20double");
    await app.import.show("Unreadable");
    await app.until(() => location.hash === "#/import?show=damaged&q=key%20in%20double");
    await app.reload();
    assert.deepEqual((await app.import.files(1))[0].slice(0, 3), ["broken.json", "unreadable", "line 3, column 15"]);
    await app.visit("#/import");
    assert.deepEqual(await app.import.files(3), before);
    assert.match(await app.page.$eval(".import-headline", (line) => line.innerText), /^1 session in 3 files; 1 unreadable \u00b7 (just now|\d+ min ago)$/);
    // It is shown only on the import page.
    await app.visit("#/sessions");
    await app.sessions.rows(1);
    assert.equal(await app.has("region", "Import report"), false);
    await app.goTo("Settings");
    await app.click("button", "Clear\u2026");
    await app.click("button", "Clear workspace");
    await app.says("The workspace is empty.");
    await app.reload();
    await app.visit("#/import");
    await app.until(() => document.querySelector("main .empty")?.innerText.startsWith("No imports yet"));
  });

  /** Reads this many files in the page, then waits until released. */
  const readOnly = (app, count) =>
    app.page.evaluate((count) => {
      const { arrayBuffer } = Blob.prototype;
      globalThis.begun = 0;
      const released = new Promise((resolve) => {
        globalThis.goOn = resolve;
      });
      Blob.prototype.arrayBuffer = function () {
        globalThis.begun += 1;
        return globalThis.begun <= count ? arrayBuffer.call(this) : released.then(() => arrayBuffer.call(this));
      };
    }, count);

  test("a stopped import keeps complete sessions and lists the rest as not read", async ({ open }) => {
    const app = await App.open(open);
    const made = sessions(300).map(({ id, name, bytes }, at) => ({ id, name: `${at}-${name}`, bytes }));
    await readOnly(app, 100);
    await dropFiles(app.page, made);
    // Files are read 32 at a time: that many more are being read when it is stopped.
    await app.until(() => globalThis.begun === 132);
    await app.click("button", "Cancel");
    await app.page.evaluate(() => globalThis.goOn());
    const summary = () => document.querySelector(".import-outcome")?.innerText;
    await app.until(() => document.querySelector(".import-outcome")?.innerText.startsWith("Stopped after"));
    assert.equal((await app.page.evaluate(summary)).trim(), "Stopped after 132 of 300 files: 132 sessions; 168 not read");
    await app.visit("#/import?show=not-read");
    await app.until(() => document.querySelector(".import-list .virtual-row")?.ariaSetSize === "168" || document.querySelector(".import-list .virtual-row")?.getAttribute("aria-setsize") === "168");
    const rows = await app.page.$$eval(".import-row", (rows) => rows.map((row) => [row.children[0].innerText, row.children[1].innerText]));
    assert.deepEqual(rows, made.slice(132, 132 + rows.length).map(({ name }) => [name, "not read"]));
    const records = await stored(app.page);
    const kept = new Map(records.map(({ id, texts, versions }) => [id, { texts, versions: versions.length }]));
    assert.equal(kept.size, 132);
    for (const { id, bytes } of made.slice(0, 132)) {
      assert.deepEqual(kept.get(id), { texts: [bytes], versions: 1 }, id);
    }
    await app.reload();
    await app.visit("#/sessions");
    await app.sessions.ids(132);
    // Dropped again, only what was not read is new.
    await app.drop(made);
    const { headline } = await app.report();
    assert.equal(headline.trim(), "300 sessions, 132 unchanged, in 300 files");
  });

  test("an import interrupted by a reload reports its progress", { firefox: true }, async ({ open }) => {
    const app = await App.open(open);
    await readOnly(app, 100);
    await dropFiles(app.page, sessions(300));
    await app.until(() => Number(document.querySelector("progress")?.value) > 0);
    await app.until(async () => {
      const { promise, resolve } = Promise.withResolvers();
      indexedDB.open("callboard").onsuccess = ({ target: { result } }) => {
        result.transaction("import_log").objectStore("import_log").count().onsuccess = (event) => {
          resolve(event.target.result > 1);
          result.close();
        };
      };
      return promise;
    });
    await app.reload();
    await app.visit("#/import");
    await app.until(() => document.querySelector(".import-headline") !== null);
    const words = await app.page.$eval(".import-headline", (line) => line.innerText);
    const [, through, added] = /^Interrupted when the page was closed, after (\d+) of 300 files: (\d+) sessions?\b/.exec(words) ?? assert.fail(words);
    assert.equal(through, added);
    assert.ok(Number(through) > 0 && Number(through) < 300);
  });

  test("a backup is read in any layout, and until it is cut off", async ({ open, downloads }) => {
    const app = await App.open(open);
    const made = sessions(40);
    await app.drop(made);
    await app.goTo("Settings");
    const file = await downloads.one(() => app.click("button", "Download backup"));
    const clear = async () => {
      await app.goTo("Settings");
      await app.click("button", "Clear\u2026");
      await app.click("button", "Clear workspace");
      await app.says("The workspace is empty.");
    };
    const restored = async (bytes, words) => {
      await clear();
      await dropFiles(app.page, [{ name: file.name, bytes }]);
      await app.until((words) => document.querySelector(".import-outcome")?.innerText.trim() === words, words);
    };
    const value = JSON.parse(Buffer.from(file.bytes));
    await restored(JSON.stringify(value, null, 4), "40 sessions in a backup of 40 sessions");
    const { version, ...rest } = value;
    await restored(JSON.stringify({ ...rest, version }), "40 sessions in a backup of 40 sessions");
    await restored(JSON.stringify({ ...value, version: 1 }), "40 sessions in a backup of 40 sessions");
    value.sessions[7] = { id: "half", file: "half.json" };
    await restored(JSON.stringify(value), "39 sessions in a backup of 40 sessions; 1 cannot be restored");
    // Lines 2 to 11 are complete sessions, the next one is not.
    const lines = Buffer.from(file.bytes).toString().split("\n");
    const cut = [...lines.slice(0, 11), lines[11].slice(0, 500)].join("\n");
    await restored(cut, "10 sessions in 1 file and a backup of 10 sessions; 1 unreadable");
    await app.visit("#/import?show=damaged");
    const [[path, , place, why]] = await app.import.files(1);
    assert.deepEqual([path, place, why], [file.name, "line 12, column 501", "The backup ends early: the rest is missing. Use a complete copy."]);
    await clear();
    const wrong = [{ ...value, version: 4 }, { callboard: "workspace" }, { ...value, sessions: [] }];
    for (const [at, other] of wrong.entries()) {
      const name = `wrong-${at}.json`;
      await dropFiles(app.page, [{ name, bytes: JSON.stringify(other) }]);
      assert.equal((await app.report()).headline.trim(), "No sessions in 1 file; 1 cannot be restored");
      await app.visit("#/import");
      assert.equal((await app.import.files(1))[0][0], name);
      await app.visit("#/sessions");
    }
  });

  if (browser === "firefox") return;
  test("folders are walked", async ({ open }) => {
    const dir = await mkdtemp(join(tmpdir(), "callboard-folder-"));
    try {
      await mkdir(join(dir, "season", "one"), { recursive: true });
      // More than a reader returns at a time.
      const files = sessions(130);
      await Promise.all(files.map(({ name, bytes }) => writeFile(join(dir, "season", "one", name), bytes)));
      await writeFile(join(dir, "season", "notes.md"), "notes");
      const app = await App.open(open);
      // Asking for an entry's kind is slow, so ten thousand loose files are not asked.
      await app.page.evaluate(() => {
        const { webkitGetAsEntry } = DataTransferItem.prototype;
        globalThis.asked = 0;
        DataTransferItem.prototype.webkitGetAsEntry = function () {
          globalThis.asked += 1;
          return webkitGetAsEntry.call(this);
        };
      });
      await dropPaths(app.page, [join(dir, "season"), join(dir, "season", "one", files[0].name)]);
      await app.until(() => document.querySelector(".import-outcome")?.innerText.startsWith("130 sessions, 1 unchanged, in 132 files"));
      assert.equal(await app.page.evaluate(() => globalThis.asked), 1);
      await app.visit("#/import?show=not-ours");
      const [[path]] = await app.import.files(1);
      assert.equal(path, "season/notes.md");
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
