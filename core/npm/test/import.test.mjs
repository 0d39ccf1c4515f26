// The import of other pipelines' files: the same report as the core's.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { CallboardError, Session } from "callboard";
import { Importer, isDefinition, isToolFolder, unpack } from "callboard/import";

import { callboard } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";
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
  const { sessions, foreign, files, skipped } = JSON.parse(out);
  assert.deepEqual([code, foreign, skipped], [0, found.sessions, found.skipped]);
  const byPath = (all) => [...all].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => ({ ...file, sessions: file.sessions.length }));
  assert.deepEqual(byPath(files), byPath(found.files));
  assert.deepEqual(sessions.map(({ session_id, state }) => [session_id, state]), [["ep_001_20240811_1430", "WRITING"]]);
});

test("a converted session is one of the framework's, with what was assumed", async () => {
  opened(await fixtures(), (found) => {
    const { text, file_name, assumptions } = found.convert("ep_022_20251005_081500", { now: NOW });
    const session = Session.parse(text);
    assert.deepEqual([session.state, session.spending().total, file_name], ["FAILED", 5.85, "ep022_session_20251005.json"]);
    assert.ok(assumptions.some((said) => said.startsWith("No file says how often writing was tried")), assumptions.join("\n"));
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

test("convert writes beside the session's files, and never over one", async () => {
  const root = await folder();
  await mkdir(join(root, "ep_022_20251005_081500"));
  const path = join(root, "ep_022_20251005_081500", "state.json");
  const before = await readFile(join(TREE, "ep_022_20251005_081500", "state.json"));
  await writeFile(path, before);
  const first = callboard(["convert", "22", root, "--json", "--now", NOW]);
  const { file, written } = JSON.parse(first.out);
  assert.deepEqual([first.code, written, file], [0, true, join(root, "ep_022_20251005_081500", "ep022_session_20251005.json")]);
  const made = await readFile(file, "utf8");
  const again = callboard(["convert", "22", root, "--now", NOW]);
  assert.deepEqual([again.code, await readFile(file, "utf8"), await readFile(path)], [1, made, before], again.err);
});

test("resume and status show the resume point of another pipeline's session", () => {
  const { out } = callboard(["session", "resume", "22", TREE, "--json"]);
  assert.deepEqual(JSON.parse(out).resume, { last_trusted: "research", next: "script", spent: 5.85, spent_again: 2.1 });
  const status = callboard(["session", "status", "22", TREE]);
  assert.match(status.out, /^Resume point: after research, next script, \$5\.85 spent, \$2\.10 of it would be spent again\.$/mu);
});
