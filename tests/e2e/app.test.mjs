// The main journey, from a dropped file to its export, in both browsers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessibleInBothThemes } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

const TOPIC = "Why Octopuses Dream";
const FIXTURE = fileURLToPath(new URL(`../fixtures/sessions/${EP001}`, import.meta.url));

/** Returns the lines of a `git diff` with their sign and without indentation. */
async function gitDiff(before, after) {
  const dir = await mkdtemp(join(tmpdir(), "callboard-diff-"));
  try {
    const paths = [join(dir, "before.json"), join(dir, "after.json")];
    await Promise.all([writeFile(paths[0], before), writeFile(paths[1], after)]);
    const args = ["diff", "--no-index", "--no-color", "-U0", ...paths];
    const output = await new Promise((resolve) => {
      execFile("git", args, (_error, stdout) => resolve(stdout));
    });
    const lines = output.split("\n").filter((line) => /^[+-](?![+-])/.test(line));
    return lines.map((line) => line[0] + line.slice(1).trim());
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Replaces timestamps, which depend on the run. */
const timeless = (line) => line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "NOW");

/** The changes that completing the script writer makes in the fixture, by the specification. */
const COMPLETED = [
  '-"current_stage": "writing",',
  '-"completed_stages": ["research"],',
  '-"pending_stages": ["evaluation", "synthesis"],',
  '+"current_stage": "evaluation",',
  '+"completed_stages": ["research", "writing"],',
  '+"pending_stages": ["synthesis"],',
  '-"status": "in_progress",',
  '+"status": "complete",',
  '-"estimated_completion": "NOW"',
  '+"estimated_completion": "NOW",',
  '+"cost": 1.20,',
  '+"quality_score": 0.9',
  '-"script_quality": null,',
  '+"script_quality": 0.9,',
  '-"writing": 0.00,',
  '+"writing": 1.20,',
  '-"total": 0.00,',
  '+"total": 1.20,',
  '-"last_updated": "NOW",',
  '+"last_updated": "NOW",',
  '-"writing_started": "NOW"',
  '-}',
  '+"writing_started": "NOW",',
  '+"writing_completed": "NOW"',
  '+},',
  '+',
  '+"history": [',
  '+{"at": "NOW", "event": "complete", "agent": "script_writer", "stage": "writing", "from": "WRITING", "to": "EVALUATING", "attempt": 1, "cost": 1.20}',
  '+]',
];

async function openEp001(open) {
  const app = await App.open(open);
  await app.drop([{ name: EP001, bytes: await ep001() }]);
  await app.sessions.open(TOPIC);
  await app.session.shown(TOPIC);
  return app;
}

async function completeWriter(app) {
  await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
  await app.session.preview();
  await app.session.apply();
  await app.says("script_writer is complete.");
}

suite("the app", ({ browser, test }) => {
  test("lists a dropped file and exports it unchanged", { firefox: true }, async ({ open, downloads }) => {
    const app = await App.open(open);
    await app.drop([{ name: EP001, bytes: await ep001() }]);
    const [row] = await app.sessions.rows(1);
    assert.equal(row.id, "ep_001_20240811_1430");
    assert.deepEqual(row.cells.slice(1, 6), ["WRITING", "Stalled", "1", TOPIC, "ep_001_20240811_1430"]);
    // A window of this width has no room for the progress and the budget.
    await app.page.setViewport({ width: 1440, height: 900 });
    await app.until(() => [...document.querySelectorAll("tbody td")].some((cell) => cell.innerText.includes("$0.00 / $9.00")));
    const figures = ["Progress", "Cost / budget"].map((heading) => app.sessions.cell(row.id, heading));
    assert.deepEqual(await Promise.all(figures), ["25 %", "$0.00 / $9.00"]);
    assert.equal(row.changed, false);
    await app.sessions.open(TOPIC);
    const file = await downloads.one(() => app.session.export());
    assert.equal(file.name, EP001);
    assert.deepEqual(file.bytes, await ep001());
  });

  test("an event changes only the lines it names", async ({ open, downloads }) => {
    const app = await openEp001(open);
    await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
    const promised = await app.session.preview();
    await app.session.apply();
    await app.says("script_writer is complete.");
    await app.session.factIs("State", "EVALUATING");
    await app.session.factIs("Progress", "50 %");
    await app.session.factIs("Cost / budget", "$1.20 / $9.00");
    // Listed as a change until it has been exported.
    await app.goTo("Changes");
    const [changed] = await app.changes.files(1);
    assert.deepEqual(changed, { name: EP001, tally: "18 lines added, 11 lines removed" });
    await app.page.goBack();
    await app.session.factIs("State", "EVALUATING");
    const file = await downloads.one(() => app.session.export());
    assert.equal(file.name, EP001);
    const differing = await gitDiff(await ep001(), file.bytes);
    assert.deepEqual(differing.map(timeless).sort(), [...COMPLETED].sort());
    const said = promised.map((line) => line.replace("\u2212", "-")).map((line) => line[0] + line.slice(1).trim());
    assert.deepEqual(said.map(timeless).sort(), [...COMPLETED].sort(), "the preview said so");
    await app.goTo("Changes");
    await app.changes.files(0);
  });

  test("edits and their undo survive a reload", { firefox: true }, async ({ open, downloads }) => {
    const app = await openEp001(open);
    await completeWriter(app);
    await app.reload();
    await app.session.factIs("State", "EVALUATING");
    await app.session.undo();
    await app.says("Undid: complete script_writer");
    await app.session.factIs("State", "WRITING");
    const file = await downloads.one(() => app.session.export());
    assert.deepEqual(file.bytes, await ep001());
    await app.reload();
    await app.session.factIs("State", "WRITING");
    await app.click("button", "Redo");
    await app.session.factIs("State", "EVALUATING");
  });

  test("a broken file is listed with the error's position, and the rest loads", async ({ open }) => {
    const app = await App.open(open);
    const broken = (name, bytes) => ({ name, bytes });
    await app.drop([
      { name: EP001, bytes: await ep001() },
      broken("comma.json", '{\n  "session_id": "ep_040",\n  "episode": {,}\n}\n'),
      broken("latin1.json", Buffer.from('{"session_id": "caf\u00e9"}', "latin1")),
      broken("list.json", "[]"),
      broken("notes.txt", "no session"),
      session({ number: 7 }),
    ]);
    await app.sessions.rows(2);
    assert.equal((await app.report()).headline, "2 sessions in 6 files; 2 unreadable");
    await app.click("link", "See report");
    const files = (await app.import.files(6)).map((words) => words.join(" "));
    assert.match(files[0], /^comma\.json unreadable line 3, column 15 \S/);
    assert.match(files[1], /^latin1\.json unreadable line 1, column 20 .*UTF-8/);
    assert.deepEqual(files.slice(4), [
      "list.json not a session file No JSON object in this file. Teach",
      "notes.txt not a session file This is text, not JSON.",
    ]);
  });

  test("a refused transition gives its reason and changes nothing", async ({ open }) => {
    const app = await openEp001(open);
    const transitions = await app.session.transitions();
    assert.equal(transitions.Complete.allowed, true);
    assert.equal(transitions.Complete.why, null);
    assert.equal(transitions.Retry.allowed, false);
    assert.match(transitions.Retry.why, /has not failed/);
    await app.click("button", "Retry");
    assert.equal(await app.has("button", "Apply"), false);
    // Refusals that depend on the input are shown at its field.
    await app.session.fillIn("Complete", { Quality: "7" });
    await app.session.apply();
    await app.session.fieldErrorIs("field-quality_score", "Enter a score from 0 to 1, such as 0.9. For a percentage, add the sign: 7 %.");
    await app.session.factIs("State", "WRITING");
  });

  test("files can be chosen", { firefox: true }, async ({ open }) => {
    const app = await App.open(open);
    await app.choose([FIXTURE]);
    const [row] = await app.sessions.rows(1);
    assert.equal(row.id, "ep_001_20240811_1430");
  });

  test("a file imported again", async ({ open, downloads }) => {
    const app = await openEp001(open);
    const bytes = await ep001();
    await app.drop([{ name: EP001, bytes }]);
    assert.match((await app.report()).headline, /1 unchanged/);
    const other = Buffer.from(bytes.toString().replace(TOPIC, "Why Squid Do Not"));
    await app.drop([{ name: EP001, bytes: other }]);
    assert.match((await app.report()).headline, /1 updated/);
    await app.session.shown("Why Squid Do Not");
    await completeWriter(app);
    await app.drop([{ name: EP001, bytes }]);
    assert.match((await app.report()).headline, /1 in conflict/);
    await app.session.factIs("State", "EVALUATING");
    await app.reload();
    await app.click("button", "Use the file");
    await app.session.shown(TOPIC);
    const file = await downloads.one(() => app.session.export());
    assert.deepEqual(file.bytes, bytes);
    await app.session.undo();
    await app.session.shown("Why Squid Do Not");
    await app.session.factIs("State", "EVALUATING");
  });

  test("a file's text is never parsed as markup", async ({ open }) => {
    const hostile = '<img src="x" onerror="document.title=1"><script>document.title=2</script>';
    const file = session({ number: 5, topic: hostile, status: "failed", error: `${hostile} \u202e!` });
    const text = String(file.bytes).replaceAll(file.id, "<b>id</b>/..?#%41");
    const app = await App.open(open);
    await app.drop([{ name: "<i>name.json", bytes: text }]);
    const [row] = await app.sessions.rows(1);
    assert.equal(row.cells[4], hostile);
    await app.sessions.open(hostile);
    await app.session.shown(hostile);
    await app.click("button", "Retry");
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "RETRY");
    await app.goTo("Changes");
    await app.changes.files(1);
    const strange = await app.page.$$eval("main img, main script, main b, main i", (found) => found.length);
    const lamps = await app.page.$$eval("main i.lamp", (found) => found.length);
    assert.equal(strange - lamps, 0);
    assert.equal(await app.page.title(), "Changes \u00b7 Callboard");
  });

  test("the page refuses markup that could run or load anything", { firefox: true }, async ({ open, expectProblem }) => {
    const app = await App.open(open);
    await app.find("button", "Try it with sample sessions");
    const set = (markup) =>
      app.page.evaluate((markup) => {
        const element = document.createElement("template");
        try {
          element.innerHTML = markup;
        } catch (error) {
          return error.name;
        }
        return element.innerHTML;
      }, markup);
    const inert = [
      "words",
      '<b class="x">a &gt; b</b><br>',
      '<rect x="1" width="2"></rect>',
      '<label for="a" data-x="1" aria-hidden="true" hidden>x</label>',
      '<a href="#/import">x</a>',
    ];
    for (const markup of inert) {
      assert.equal(await set(markup), markup.replace(" hidden>", ' hidden="">'));
    }
    const others = [
      "<script>1</script>",
      "<img src=x onerror=alert(1)>",
      '<b onclick="alert(1)">x</b>',
      '<a href="javascript:alert(1)">x</a>',
      '<p style="color: red">x</p>',
      '<p class="a" id=b/onclick=alert(1)>x</p>',
      "<!-- x -->",
      "<b <b>x",
      '<B ONCLICK="alert(1)">x</B>',
      '<b title="a"onclick="alert(1)">x</b>',
      '<svg><set attributeName="href" to="x"/></svg>',
      '<svg><animate begin="0"/></svg>',
      '<svg:script x="1">',
      '<input formaction="x">',
      "<iframe></iframe>",
      '<use href="x"/>',
    ];
    for (const other of others) assert.equal(await set(other), "TypeError", other);
    const name = await app.page.evaluate(() => {
      try {
        document.createElement("script").text = "1";
      } catch (error) {
        return error.name;
      }
      return "taken";
    });
    assert.equal(name, "TypeError");
    await expectProblem(/require-trusted-types-for/);
  });

  test("every action works by keyboard", { firefox: true }, async ({ open, downloads }) => {
    const app = await App.open(open);
    await app.drop([{ name: EP001, bytes: await ep001() }, session({ number: 9, topic: "Nine" })]);
    const { keyboard } = app.page;
    await app.click("button", "Close the import report");
    await keyboard.press("/");
    await keyboard.type("octopuses");
    await app.sessions.rows(1);
    await keyboard.press("Enter");
    await keyboard.press("Enter");
    await app.session.shown(TOPIC);
    const file = await downloads.one(() => keyboard.press("e"));
    assert.equal(file.name, EP001);
    await completeWriter(app);
    await app.page.evaluate(() => document.activeElement.blur());
    await keyboard.press("u");
    await app.says("Undid: ");
    await keyboard.press("?");
    await app.find("region", "Help");
    await keyboard.press("Escape");
    await keyboard.press("g");
    await keyboard.press("c");
    await app.find("heading", "Changes");
  });

  // Firefox has the same elements and colours; every page is checked in both browsers in accessible.test.
  if (browser === "firefox") return;
  test("axe finds no violations on the way from the welcome page to a change", async ({ open }) => {
    const app = await App.open(open);
    await app.find("button", "Try it with sample sessions");
    await assertAccessibleInBothThemes(app);
    await app.click("button", "Try it with sample sessions");
    await app.sessions.rows(8);
    await app.sessions.open("Sample: who keeps the lighthouse?");
    await app.session.fillIn("Complete", { Cost: "1" });
    await app.session.preview();
    await assertAccessibleInBothThemes(app);
    await app.session.apply();
    await app.says("script_writer is complete.");
    await assertAccessibleInBothThemes(app);
  });

  test("the window shows a drop overlay while files hover", async ({ open }) => {
    const app = await App.open(open);
    const hover = (kind) =>
      app.page.evaluate((kind) => {
        const data = new DataTransfer();
        data.items.add(new File(["{}"], "a.json"));
        document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, dataTransfer: data }));
        return document.querySelector(".drop-layer").checkVisibility();
      }, kind);
    await hover("dragenter");
    await app.until(() => document.querySelector(".drop-layer").checkVisibility());
    await hover("dragleave");
    await app.until(() => !document.querySelector(".drop-layer").checkVisibility());
  });
});
