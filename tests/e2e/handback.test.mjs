// Exports: the changes page, the archive, the patch and git's view of them; new sessions; reports.
import assert from "node:assert/strict";
import { join } from "node:path";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { dropPaths } from "./support/files.mjs";
import { Repository, unzip } from "./support/git.mjs";
import { suite } from "./support/suite.mjs";

const FOLDER = "projects/nobody-knows/output/sessions";
const TOPIC = "Why Octopuses Dream";

/** The fixture after a failure of the script writer. */
async function failed() {
  const text = (await ep001()).toString();
  const made = text
    .replace('"status": "in_progress",\n', '"status": "failed",\n      "error": "The model did not answer",\n')
    .replace('"failed_attempts": 0', '"failed_attempts": 1');
  assert.equal(made.match(/"failed_attempts": 1|"status": "failed"/g).length, 2);
  return Buffer.from(made);
}

/** The steps of a whole run: each transition's name, its fields, and the state it leads to. */
const STEPS = [
  ["Resume", {}, "RETRY"],
  ["Start", {}, "WRITING"],
  ["Complete", { Cost: "1.2", Quality: "0.9" }, "EVALUATING"],
  ["Start", {}, "EVALUATING"],
  ["Quality failure", { "Brand consistency": "0.5" }, "WRITING"],
  ["Start", {}, "WRITING"],
  ["Complete", { Cost: "0.8", Quality: "0.95" }, "EVALUATING"],
  ["Start", {}, "EVALUATING"],
  ["Complete", { Cost: "0.4", Quality: "0.93" }, "SYNTHESIZING"],
  ["Start", {}, "SYNTHESIZING"],
  ["Complete", { Cost: "1.1" }, "COMPLETE"],
];

/** The keys that these events change, by the specification. */
const CHANGED =
  /^[+-]("(current_stage|completed_stages|pending_stages|retry_count|gate_failures|status|error|start_time|estimated_completion|cost|quality_score|script_quality|overall_quality|brand_consistency|writing|evaluation|synthesis|total|last_updated|(writing|evaluation|synthesis)_(started|completed)|completed|history)"|\{"at": "|[\]}],?$|$)/;

async function walk(app) {
  for (const [at, [transition, fields, state]] of STEPS.entries()) {
    await app.session.fillIn(transition, fields);
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", state);
    await app.until(
      (count) => document.querySelector(".nav-item[href='#/changes']").innerText.includes("1") && count > 0,
      at + 1,
    );
  }
}

async function edit(app, topic) {
  await app.goTo("Sessions");
  await app.sessions.open(topic);
  await app.session.shown(topic);
  await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
  await app.session.preview();
  await app.session.apply();
  await app.says("script_writer is complete.");
}

suite("exports", ({ browser, test }) => {
  test("a failed session is completed, and git sees only the changed lines", { firefox: true }, async ({ open, downloads }) => {
    const other = session({ number: 7, topic: "Seven" });
    const repository = await Repository.of({
      [`${FOLDER}/${EP001}`]: await failed(),
      [`${FOLDER}/${other.name}`]: other.bytes,
      "README.md": "A production.\n",
    });
    try {
      const app = await App.open(open, "#/sessions");
      // Only Chromium lets a test drop folders; elsewhere files have no folder.
      let folder = FOLDER;
      if (browser === "chromium") {
        folder = "";
        await dropPaths(app.page, [join(repository.dir, "projects")]);
      } else {
        await app.drop([{ name: EP001, bytes: await failed() }, other]);
      }
      await app.sessions.rows(2);
      await app.sessions.open(TOPIC);
      await app.session.shown(TOPIC);
      await app.session.factIs("State", "FAILED");
      await walk(app);
      await edit(app, "Seven");
      await app.goTo("Changes");
      const files = await app.changes.files(2);
      const steps = await app.changes.steps();
      assert.equal(steps[0].length, STEPS.length);
      assert.match(steps[0][0], /script_writer will be retried/);
      assert.ok((await app.changes.words()).includes("complete"));
      assert.match(await app.changes.message(), /^Update 2 sessions: .+\n\n- ep_001_20240811_1430 \([^)]+\):\s+resume\s+writing/);

      const patch = await downloads.one(() => app.click("button", "Export patch"));
      assert.match(patch.name, /^callboard-\d{8}-\d{4}\.patch$/);
      await app.changes.files(0);
      await app.click("button", "Undo export");
      assert.deepEqual(await app.changes.files(2), files);
      const zip = await downloads.one(() => app.click("button", "Export ZIP"));
      assert.match(zip.name, /^callboard-\d{8}-\d{4}\.zip$/);
      await app.changes.files(0);

      const archive = await unzip(zip.bytes);
      assert.equal(Object.keys(archive).length, 2);
      for (const [path, bytes] of Object.entries(archive)) await repository.write(join(folder, path), bytes);
      assert.deepEqual((await repository.git("status", "--porcelain")).trim().split("\n").map((line) => line.trim()).sort(), [
        `M ${FOLDER}/${EP001}`,
        `M ${FOLDER}/${other.name}`,
      ].sort());
      const unpacked = await repository.read(`${FOLDER}/${EP001}`);
      await repository.reset();
      await repository.apply(patch.bytes, { folder });
      assert.deepEqual(await repository.read(`${FOLDER}/${EP001}`), unpacked, "the patch leads to the same bytes");
      assert.deepEqual(await repository.read(`${FOLDER}/${other.name}`), Object.entries(archive).find(([path]) => path.endsWith(other.name))[1]);
      await repository.git("checkout", "--quiet", "--", `${FOLDER}/${other.name}`);
      const differing = await repository.differing();
      assert.deepEqual(differing.filter((line) => !CHANGED.test(line)), []);
      const said = JSON.parse(unpacked.toString());
      assert.equal(said.pipeline_state.current_stage, "complete");
      assert.equal(said.history.length, STEPS.length);

      // Exported changes can still be undone, which is a change again.
      await app.reload();
      await app.changes.files(0);
      await app.goTo("Sessions");
      await app.sessions.open("Seven");
      await app.session.undo();
      await app.says("Undid: ");
      await app.goTo("Changes");
      await app.changes.files(1);
      assert.match((await app.changes.steps())[0][0], /^Undone: script_writer is complete/);
      assert.match(await app.changes.message(), /^ep 007: undo complete writing \(Seven\)\n/);
    } finally {
      await repository.close();
    }
  });

  test("after a newer file was dropped, kept and merged versions are compared with that file", async ({ open, downloads }) => {
    const mine = session({ number: 3, topic: "Mine" });
    const theirs = { ...mine, bytes: mine.bytes.replace("Mine", "Theirs") };
    const repository = await Repository.of({ [mine.name]: theirs.bytes });
    try {
      const app = await App.open(open, "#/sessions");
      await app.drop([mine]);
      await edit(app, "Mine");
      await app.drop([theirs]);
      // The conflict is shown on the list, the dashboard and the changes page.
      await app.click("button", "Close the import report");
      await app.visit("#/sessions?conflict=1");
      const [row] = await app.sessions.rows(1);
      assert.ok(row.cells.some((cell) => cell.includes("conflict")), row.cells.join(" | "));
      await app.visit("#/changes");
      await app.changes.files(1);
      assert.match(await app.page.$eval(".changed-file .conflict-line", (p) => p.innerText), /exporting would overwrite it/);
      await assertAccessible(app.page);
      await app.visit("#/");
      const [need] = await app.dashboard.needs(1);
      assert.match(need.why, /^This session has a conflict/);
      await assertAccessible(app.page);
      await app.press(".need-action a");
      await app.find("region", "Conflict with the file");
      await app.click("button", "Keep mine");
      await app.says("Kept the current version.");
      await app.goTo("Changes");
      await app.changes.files(1);
      const gone = await app.page.$$eval("main .diff-gone .diff-text", (lines) => lines.map((line) => line.textContent).join("\n"));
      assert.match(gone, /"Theirs"/);
      const patch = await downloads.one(() => app.click("button", "Export patch"));
      await repository.apply(patch.bytes);
      const kept = String(await repository.read(mine.name));
      assert.ok(kept.includes('"Mine"') && kept.includes('"current_stage": "evaluation"'));
      await app.click("button", "Undo export");
      await app.changes.files(1);
      // Once more: the merge reports each side's change, and one step undoes it.
      await app.drop([{ ...mine, bytes: mine.bytes.replace('"duration_target": 27', '"duration_target": 30') }]);
      await app.visit(`#/sessions/${mine.id}`);
      await app.click("button", "Merge both");
      await app.says("was merged with yours");
      await app.until(() => document.querySelector("section[aria-label='Conflict with the file']") === null);
      const file = await downloads.one(() => app.session.export());
      const both = JSON.parse(file.bytes);
      assert.deepEqual([both.episode.duration_target, both.episode.topic, both.pipeline_state.current_stage], [30, "Mine", "evaluation"]);
      await app.session.undo();
      await app.says("Undid: ");
    } finally {
      await repository.close();
    }
  });

  test("unusual names and texts are exported byte for byte", { firefox: true }, async ({ open, downloads }) => {
    const text = (await ep001()).toString();
    const named = (id, topic) => text.replace("ep_001_20240811_1430", id).replace(TOPIC, topic);
    const files = [
      { name: "with a space \u00e9\u{1f399}.json", bytes: `\ufeff${named("ep_a", "One").replaceAll("\n", "\r\n").trimEnd()}` },
      { name: "<img src=x onerror=document.title=1>.json", bytes: named("<b>ep_b</b>", "<script>document.title=2</script>") },
    ];
    const repository = await Repository.of(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])));
    try {
      const app = await App.open(open, "#/sessions");
      await app.drop(files);
      await edit(app, "One");
      await edit(app, "<script>document.title=2</script>");
      await app.goTo("Changes");
      await app.changes.files(2);
      const strange = await app.page.$$eval("main img, main script, main b", (found) => found.length);
      assert.equal(strange, 0);
      assert.match(await app.changes.message(), /- <b>ep_b<\/b> \(.+\):[^-]*complete\s+writing/s);
      await assertAccessible(app.page);
      const patch = await downloads.one(() => app.click("button", "Export patch"));
      await app.click("button", "Undo export");
      await app.changes.files(2);
      const archive = await unzip((await downloads.one(() => app.click("button", "Export ZIP"))).bytes);
      await repository.apply(patch.bytes);
      for (const { name } of files) assert.deepEqual(await repository.read(name), archive[name], name);
      assert.equal(await app.page.title(), "Changes \u00b7 Callboard");
    } finally {
      await repository.close();
    }
  });

  test("a new session is created and exported as a new file", async ({ open, downloads }) => {
    const app = await App.open(open, "#/new");
    await app.find("heading", "New session");
    // No error before anything was typed; then it is at its field, which has the focus.
    assert.equal(await app.page.$(".new-session .field-error"), null);
    await app.click("button", "Create session");
    await app.until(() => document.querySelector("#new-topic-error")?.innerText === "Enter a topic.");
    await app.until(() => document.activeElement.id === "new-topic");
    await app.fill("textbox", "Topic", "Tides");
    await app.until(() => document.querySelector(".new-session .field-error") === null);
    // The core states the range.
    await app.fill("textbox", "Complexity", "6");
    await app.page.keyboard.press("Tab");
    await app.until(() => document.querySelector("#new-complexity-error")?.innerText.includes("1 to 5"));
    assert.equal(await app.page.$eval("#new-complexity", (field) => field.ariaInvalid), "true");
    await app.fill("textbox", "Complexity", "4");
    await app.fill("textbox", "Duration", "1h 5m");
    await app.page.keyboard.press("Tab");
    await app.until(() => document.querySelector(".new-session").innerText.includes("= 1 h 5 min"));
    await app.fill("textbox", "Budget", "$4.50");
    await app.find("region", "The new file");
    await assertAccessible(app.page);
    await app.page.evaluate(() => {
      window.headings = new Set();
      const look = () => window.headings.add(document.querySelector("h1")?.innerText);
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    });
    await app.click("button", "Create session");
    await app.session.shown("Tides");
    // The missing-session page never flashes up.
    assert.equal(await app.page.evaluate(() => window.headings.has("Page not found")), false);
    await app.session.factIs("State", "INITIALIZED");
    await app.session.factIs("Cost / budget", "$0.00 / $4.50");
    await app.reload();
    await app.goTo("Changes");
    const [file] = await app.changes.files(1);
    assert.match(file.name, /^ep001_session_\d{8}\.json$/);
    assert.match(await app.changes.message(), /^ep 001: new session \(Tides\)\n\n- ep_001_\d{8}_\d{4} \(Tides\): new\n$/);
    const patch = await downloads.one(() => app.click("button", "Export patch"));
    const repository = await Repository.of({ "README.md": "A production.\n" });
    try {
      await repository.apply(patch.bytes);
      const made = JSON.parse(await repository.read(`${FOLDER}/${file.name}`));
      assert.deepEqual([made.episode.complexity_target, made.episode.duration_target], [4, 65]);
      await repository.git("add", "--all");
      assert.match(await repository.git("ls-files", "--stage", FOLDER), /^100644 /);
    } finally {
      await repository.close();
    }
    // Another one on the same day has the time in its name, and can be discarded.
    await app.page.goto(`${app.page.url().split("#")[0]}#/new`);
    await app.fill("textbox", "Topic", "Tides again");
    await app.fill("textbox", "Episode", "1");
    await app.until(() => /_\d{4}\.json|already exists/.test(document.querySelector(".preview").innerText));
    await app.fill("textbox", "Episode", "2");
    await app.until(() => document.querySelector(".preview").innerText.includes("ep002_session"));
    // A double click creates it once.
    await app.page.$eval(".new-session form", (form) => {
      form.requestSubmit();
      form.requestSubmit();
    });
    await app.session.shown("Tides again");
    await app.says("Created ep_");
    await app.goTo("Changes");
    await app.changes.files(1);
    // A discarded session is restored with all its changes.
    await app.press("main section[data-session] .changed-topic");
    await app.session.fillIn("Start");
    await app.session.preview();
    await app.session.apply();
    await app.says("research_coordinator");
    await app.goTo("Changes");
    await app.changes.files(1);
    await app.click("button", "Undo");
    await app.click("button", "Discard");
    await app.changes.files(0);
    await app.says("Discarded ");
    await app.page.keyboard.press("u");
    await app.says("Restored ep_");
    await app.changes.files(1);
    await app.reload();
    await app.changes.files(1);
    await app.press("main section[data-session] .changed-topic");
    await app.session.shown("Tides again");
    await app.click("button", "Redo");
    await app.says("Redid: ");
    await app.session.undo();
    await app.says("Undid: ");
    await app.goTo("Changes");
    await app.click("button", "Discard");
    await app.changes.files(0);
    await app.reload();
    await app.goTo("Sessions");
    await app.sessions.rows(1);
  });

  test("a single file is exported under its own name", async ({ open, downloads }) => {
    const app = await App.open(open, "#/sessions");
    await app.drop([{ name: EP001, bytes: await ep001() }]);
    await edit(app, TOPIC);
    await app.goTo("Changes");
    await app.changes.files(1);
    const file = await downloads.one(() => app.click("button", "Export file"));
    assert.equal(file.name, EP001);
    await app.changes.files(0);
  });

  test("the changes page works by keyboard, and its layout is stored", async ({ open }) => {
    const app = await App.open(open, "#/sessions");
    await app.drop([{ name: EP001, bytes: await ep001() }]);
    await edit(app, TOPIC);
    await app.goTo("Changes");
    await app.changes.files(1);
    await app.changes.layout("Split");
    for (const theme of ["light", "dark"]) {
      await app.theme(theme);
      await app.changes.files(1);
      await app.until(() => document.querySelector("main .diff-split") !== null);
      await assertAccessible(app.page);
    }
    await app.page.evaluate(() => document.activeElement.blur());
    await app.page.keyboard.press("j");
    await app.until(() => document.activeElement.matches("section[data-session]"));
    await app.page.keyboard.press("j");
    await app.until(() => document.activeElement.matches(".hunk"));
    const before = await app.page.$$eval("main .diff-table tr", (rows) => rows.length);
    await app.press(".diff-reveal");
    await app.until((before) => document.querySelectorAll("main .diff-table tr").length > before, before);
    await app.page.setViewport({ width: 390, height: 844 });
    await app.until(() => document.querySelector("main .diff-split") === null);
    await app.page.setViewport({ width: 1280, height: 800 });
    await app.changes.layout("Unified");
    // Enter opens it, as everywhere.
    await app.page.evaluate(() => document.activeElement.blur());
    await app.page.keyboard.press("j");
    await app.until(() => document.activeElement.matches("section[data-session]"));
    await app.page.keyboard.press("Enter");
    await app.session.shown(TOPIC);
    await app.page.keyboard.press("u");
    await app.goTo("Changes");
    await app.changes.files(0);
    await assertAccessible(app.page);
  });
});
