// The import of other pipelines' files: the same report as the core's.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { CallboardError, Session } from "callboard";
import init, { CallboardError as ImportError, Importer, ShapeDraft, isDefinition, isToolFolder, meanings, mend, outline, unpack } from "callboard/import";

import { callboard } from "./support/cli.mjs";
import { report } from "./support/import-report.mjs";

const FOREIGN = fileURLToPath(new URL("../../../tests/fixtures/foreign", import.meta.url));
const TREE = join(FOREIGN, "tree");
const NOW = "2026-01-01T00:00:00Z";
const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

/** Imports the fixtures, in the order of their paths. */
async function fixtures() {
  const entries = await readdir(TREE, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const importer = new Importer();
  for (const path of files.sort()) importer.add(path.slice(TREE.length + 1).replaceAll("\\", "/"), await readFile(path));
  return importer.finish();
}

test("a production of every shape gives the sessions that the core's own test expects", async () => {
  const found = await fixtures();
  assert.deepEqual(report(found).split("\n"), (await readFile(join(FOREIGN, "tree.txt"), "utf8")).split("\n"));
  found.free();
});

test("list says the same as the engine", async () => {
  const found = await fixtures();
  const { code, out } = callboard(["list", TREE, "--json"]);
  const { sessions, foreign, files, unread, skipped } = JSON.parse(out);
  assert.deepEqual([code, foreign, unread, skipped], [0, found.sessions, [], found.skipped]);
  const byPath = (all) => [...all].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => ({ ...file, sessions: file.sessions.length }));
  assert.deepEqual(byPath(files), byPath(found.files));
  assert.deepEqual(sessions.map(({ session_id, state }) => [session_id, state]), [["ep_001_20240811_1430", "WRITING"]]);
});

test("a converted session is one of the framework's, with what was assumed", async () => {
  opened(await fixtures(), (found) => {
    const { text, file_name, assumptions } = found.convert("ep_022_20251005_081500", { now: NOW });
    const session = Session.parse(text);
    assert.deepEqual([session.state, session.spending().total, file_name], ["FAILED", 5.85, "ep022_session_20251005.json"]);
    assert.ok(assumptions.some((said) => said.startsWith("No attempt count of writing")), assumptions.join("\n"));
    session.free();
    assert.throws(() => found.convert("nobody", { now: NOW }), { code: "session_not_found" });
    assert.throws(() => found.convert("pilot_strange", { now: NOW }), { code: "not_convertible" });
  });
});

/** Passes an import to `work`, and frees it. */
function opened(found, work) {
  try {
    return work(found);
  } finally {
    found.free();
  }
}

test("a shape of one's own reads the files after it, from the option and from the import", () => {
  const shape = { name: "plays", title: "Radio plays", version: 1, kind: "session", recognise: { has: { "/play": "text" } }, id: "/play", cost: "/spent" };
  const play = bytes({ play: "Macbeth", spent: 3.5 });
  const given = new Importer({ shapes: [JSON.stringify(shape)] });
  assert.deepEqual(given.shapes()[0], { name: "plays", title: "Radio plays" });
  const among = new Importer();
  among.add("callboard.shapes/plays.json", bytes(shape));
  for (const importer of [given, among]) {
    importer.add("a.json", play);
    const [{ key, cost }] = importer.finish().sessions;
    assert.deepEqual([key, cost.value, cost.from[0].line], ["Macbeth", 3.5, 1]);
  }
  assert.throws(() => new Importer({ shapes: ['{"name": 1}'] }), (error) => error instanceof CallboardError && error.line === 1);
});

test("of two shapes with one name, the later one counts", () => {
  const shape = (cost) => JSON.stringify({ name: "plays", title: cost, version: 1, kind: "session", recognise: { has: { "/play": "text" } }, id: "/play", cost });
  const importer = new Importer({ shapes: [shape("/spent"), shape("/paid")] });
  assert.equal(importer.shapes().filter(({ name }) => name === "plays").length, 1);
  importer.add("a.json", bytes({ play: "Macbeth", spent: 1, paid: 2 }));
  opened(importer.finish(), ({ sessions: [{ cost }] }) => assert.equal(cost.value, 2));
});

test("a session has a label of its state, which names the one stage that a pipeline is, and an overall score", async () => {
  opened(await fixtures(), ({ sessions }) => {
    const quality = (key) => sessions.find((session) => session.key === key).quality?.raw.value;
    assert.deepEqual([quality("ep_023_20251006_0700"), quality("ep_030_glass"), quality("ep_026_lean_20251009")], [91, 0.93, undefined]);
    const label = (key) => sessions.find((session) => session.key === key).state_label;
    assert.deepEqual(
      [label("ep_026_lean_20251009"), label("ep_021_20251004_0900"), label("pilot_strange")],
      ["Research complete", "In progress", null],
    );
  });
});

test("a damaged file is read with its repairs, or leaves a choice", () => {
  const fenced = mend(bytes('```json\n{"session_id": "a",}\n```\n'));
  assert.deepEqual(fenced.documents, [{ text: '       \n{"session_id": "a" }', index: null, line: 1, column: 1 }]);
  assert.deepEqual(fenced.repairs.map(({ code, line, column }) => [code, line, column]), [["fence", 1, 1], ["trailing_comma", 2, 19]]);
  assert.deepEqual([fenced.encoding, fenced.read_only, fenced.broken], ["UTF-8", false, null]);

  const several = mend(bytes('Two of them: {"a": 1} and {"b": 2}'));
  assert.deepEqual([several.documents, several.encoding, several.read_only, several.broken.code], [[], null, true, "several"]);
  assert.deepEqual(several.broken.choices.map(({ text, column }) => [text.trimStart(), column]), [['{"a": 1}', 14], ['{"b": 2}', 27]]);

  const { broken } = mend(bytes('{\n<<<<<<< ours\n"a": 1\n=======\n"a": 2\n>>>>>>> theirs\n}\n'));
  const sides = { ours: '{\n"a": 1\n}\n', theirs: '{\n"a": 2\n}\n', base: null, ours_label: "ours", theirs_label: "theirs", line: 2 };
  assert.deepEqual([broken.code, broken.sides, broken.choices], ["conflict", sides, []]);

  assert.equal(mend(new Uint8Array(4096)).broken.message, "4,096 zero bytes: the file was lost in a crash. Restore it from git or a backup.");
  assert.deepEqual(mend(bytes('{"a": 1}\n{"a": 2}\n')).documents.map(({ index, line }) => [index, line]), [[0, 1], [1, 2]]);
  assert.throws(() => mend("{}"), { code: "invalid_value" });
});

test("an outline lists the values of a text with their pointers and places", () => {
  const text = '{"phases": {\n  "draft": {"state": "done"}}}';
  assert.deepEqual(outline(text)[2], { pointer: "/phases/draft/state", key: "state", depth: 3, text: "done", members: 0, line: 2, column: 22 });
  assert.equal(outline(text, { most: 1 }).length, 1);
  assert.throws(() => outline("{"), { code: "unexpected_end", line: 1 });
  for (const most of [-1, 0.5, NaN, "3", 2 ** 32]) assert.throws(() => outline(text, { most }), { code: "invalid_value" });
});

test("a shape is taught by pointing at values, and reads other files", () => {
  const sample = JSON.stringify({ show: "Tides", acts: { pitch: { state: "fertig" }, cast: { state: "offen" } } });
  const draft = new ShapeDraft({ name: "plays", title: "Radio plays", listsEveryStage: true });
  assert.throws(() => draft.definition("a.json", sample), { code: "invalid_shape", line: undefined });
  draft.point("id", "/show");
  draft.point("topic", "/show");
  draft.point("state", "/acts");
  draft.remove("/acts");
  draft.point("stage_status", "/acts/pitch/state");
  assert.deepEqual(draft.points(), [{ meaning: "topic", pointer: "/show" }, { meaning: "stage_status", pointer: "/acts/pitch/state" }]);
  assert.deepEqual(draft.unknownWords(sample), ["fertig", "offen"]);
  draft.mean("fertig", "complete");
  draft.mean("offen", "not_started");
  assert.deepEqual(draft.unknownWords(sample), []);

  const { text, file_name } = draft.definition("a.json", sample);
  assert.deepEqual([file_name, isDefinition(file_name), JSON.parse(text).title], ["plays.callboard-shape.json", true, "Radio plays"]);
  const importer = new Importer({ shapes: [text] });
  importer.add("b.json", bytes({ show: "Ebb", acts: { pitch: { state: "fertig" }, cast: { state: "fertig" }, cut: { state: "offen" } } }));
  opened(importer.finish(), ({ sessions: [{ topic, stages }] }) => {
    assert.deepEqual([topic.value, stages.map(({ name, status }) => [name, status.value])], ["Ebb", [["pitch", "complete"], ["cast", "complete"], ["cut", "not_started"]]]);
  });

  assert.throws(() => draft.point("stage", "/a"), { code: "invalid_value", message: /^There is no meaning "stage"\. There are id, episode, / });
  assert.throws(() => draft.mean("offen", "open"), { code: "invalid_value", message: /^There is no status "open"\. There are not_started, / });
  assert.throws(() => draft.definition("a.json", "{"), { code: "unexpected_end", line: 1 });
  assert.throws(() => new ShapeDraft({ name: "plays" }), { code: "invalid_value" });
  draft.free();
  assert.throws(() => draft.points(), { code: "freed" });
});

test("each meaning has a label, and says if it is of a stage", () => {
  const all = meanings();
  assert.ok(all.every(({ name, of_stage }) => of_stage === name.startsWith("stage_")));
  assert.deepEqual(all.find(({ name }) => name === "stage_status"), { name: "stage_status", label: "This stage's status", of_stage: true });
});

test("init has nothing to load in Node, and the errors are those of callboard", async () => {
  await init();
  assert.equal(ImportError, CallboardError);
});

test("packed files are unpacked, and folders of tools are told", () => {
  const packed = gzipSync(bytes({ a: 1 }));
  const { entries } = unpack("a.json.gz", packed);
  assert.deepEqual([entries[0].path, new TextDecoder().decode(entries[0].bytes)], ["a.json", '{"a":1}']);
  assert.equal(unpack("a.json", bytes({})), undefined);
  assert.throws(() => unpack("a.gz", packed.subarray(0, 12)), { code: "unreadable" });
  assert.deepEqual([isToolFolder(".git"), isToolFolder("sessions"), isDefinition("x/a.callboard-shape.json")], [true, false, true]);
});

test("misuse is an error with a reason", () => {
  const importer = new Importer();
  assert.throws(() => importer.add("a.json", "{}"), { code: "invalid_value" });
  assert.throws(() => importer.add("", bytes({})), { code: "invalid_value" });
  assert.throws(() => importer.skip(-1), { code: "invalid_value" });
  const found = importer.finish();
  assert.throws(() => importer.add("a.json", bytes({})), { code: "freed" });
  found.free();
  assert.throws(() => found.convert("a", { now: NOW }), { code: "freed" });
});
