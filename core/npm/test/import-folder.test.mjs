// Folders of any pipeline's files, imported by the package and by the commands.
import assert from "node:assert/strict";
import { copyFile, cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { importFolder } from "callboard/import/node";

import { FIXTURE, callboard, internal } from "./support/cli.mjs";
import { systemError, withFault } from "./support/fault.mjs";
import { folder } from "./support/folder.mjs";
import { tar, zip } from "./support/pack.mjs";

const TREE = fileURLToPath(new URL("../../../tests/fixtures/foreign/tree", import.meta.url));
const NOW = "2026-01-01T00:00:00Z";
const OWN = "own/ep001_session_20240811.json";
const FAILED = "ep_022_20251005_081500/state.json";

const fixture = (path) => readFile(join(TREE, path));

/** Writes files into a new folder, by their paths. */
async function tree(files) {
  const root = await folder();
  for (const [path, contents] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), contents);
  }
  return root;
}

const listed = (args, options) => {
  const { code, out, err } = callboard(["list", "--json", "--now", NOW, ...args], options);
  assert.deepEqual([code, err], [0, ""]);
  return JSON.parse(out);
};

/** A shape of radio plays, which spend an amount under a key. */
const plays = (spent, title = "Radio plays") =>
  JSON.stringify({ name: "plays", title, version: 1, kind: "session", recognise: { has: { "/play": "text" } }, id: "/play", cost: spent });
const PLAY = JSON.stringify({ play: "Macbeth", spent: 3.5, paid: 4.5 });

test("a folder in a ZIP or tar archive gives the same sessions as the folder", async () => {
  const paths = (await readdir(TREE, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(TREE, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
    .sort();
  const files = await Promise.all(paths.map(async (path) => [path, await fixture(path)]));
  const plain = listed([TREE]);
  for (const [name, packed] of [["all.zip", zip(files)], ["all.tar.gz", gzipSync(tar(files))], ["all.tar", tar(files)]]) {
    const { sessions, foreign, unread } = listed([await tree({ [name]: packed })]);
    assert.deepEqual(unread, []);
    assert.deepEqual(sessions, plain.sessions.map((session) => ({ ...session, file: `${name}/${session.file}` })));
    // Keys that are paths have the archive's before them, and another order.
    const figures = (session) => [session.id?.value, session.state_label, session.progress?.value, session.cost?.value, session.stages.length];
    const sorted = (all) => all.map((session) => JSON.stringify(figures(session))).sort();
    assert.deepEqual(sorted(foreign), sorted(plain.foreign), name);
  }
});

test("sessions of callboard in archives, lists and lines are listed with their figures, and checked", async () => {
  const text = await readFile(FIXTURE, "utf8");
  const compact = (id) => JSON.stringify({ ...JSON.parse(text), session_id: id });
  const wrong = compact("ep_005_20240811_1430").replace('"writing"', '"writting"');
  const root = await tree({
    "a.tar.gz": gzipSync(tar([["in/a.json", await readFile(FIXTURE)]])),
    "b.json": text.replaceAll("ep_001", "ep_002"),
    "b.json.gz": gzipSync(text.replaceAll("ep_001", "ep_003")),
    "lines.jsonl": `${compact("ep_004_20240811_1430")}\n${wrong}\n`,
    "list.json": `[${compact("ep_006_20240811_1430")},\n ${compact("ep_007_20240811_1430")}]`,
  });
  const { sessions } = listed([root]);
  const rows = sessions.map(({ session_id, file, index, state, progress }) => [session_id.slice(0, 6), file, index, state, progress]);
  assert.deepEqual(rows.sort(), [
    ["ep_001", "a.tar.gz/in/a.json", null, "WRITING", 25],
    ["ep_002", "b.json", null, "WRITING", 25],
    ["ep_003", "b.json.gz", null, "WRITING", 25],
    ["ep_004", "lines.jsonl", 0, "WRITING", 25],
    ["ep_005", "lines.jsonl", 1, null, null],
    ["ep_006", "list.json", 0, "WRITING", 25],
    ["ep_007", "list.json", 1, "WRITING", 25],
  ]);
  const before = await readFile(join(root, "lines.jsonl"));
  const { code, out } = callboard(["validate", root, "--json", "--fix"]);
  const { files, summary } = JSON.parse(out);
  assert.deepEqual(files.map(({ file, session_id }) => [relative(root, file).replaceAll("\\", "/"), session_id.slice(0, 6)]).sort(), rows.map(([id, file]) => [file, id]).sort());
  assert.deepEqual([code, summary.files, summary.errors, summary.fixed], [1, 7, 1, 0]);
  const [found] = files.flatMap(({ diagnostics }) => diagnostics).filter(({ message }) => message.includes("writting"));
  assert.equal(found.line, 2, "the line in the file");
  assert.deepEqual(await readFile(join(root, "lines.jsonl")), before, "a session among others is not corrected in its place");
});

test("a damaged archive is listed, and the other files are read", async () => {
  const packed = gzipSync(tar([["a.json", await fixture(FAILED)]]));
  const root = await tree({ "cut.tar.gz": packed.subarray(0, packed.length - 20), "zeros.json": Buffer.alloc(4096), "state.json": await fixture(FAILED) });
  const { foreign, files, unread } = listed([root]);
  assert.deepEqual([foreign.length, files.find(({ path }) => path === "zeros.json").broken], [1, "zeros"]);
  assert.deepEqual(unread.map(({ path, code }) => [path, code]), [["cut.tar.gz", "unreadable"]]);
  const { out } = callboard(["list", root]);
  assert.match(out, /\nUnreadable\n  zeros\.json: 4,096 zero bytes: [^\n]*\n  cut\.tar\.gz: The gzip file cannot be unpacked: [^\n]*\n/);
  assert.match(out, /\n3 files: 1 session file, 2 unreadable\.\n$/);
  const { damaged, summary } = JSON.parse(callboard(["validate", root, "--json"]).out);
  assert.deepEqual([damaged.map(({ file }) => relative(root, file)).sort(), summary.damaged], [["cut.tar.gz", "zeros.json"], 2]);
});

test("list aligns its columns, names what is uncertain, and counts the files", async () => {
  const root = await tree({ [FAILED]: await fixture(FAILED), [OWN]: await fixture(OWN), "node_modules/a/package.json": "{}", "b.json": "{}" });
  const { out } = callboard(["list", root, "--now", "2024-08-11T15:20:00Z"]);
  assert.deepEqual(out.split("\n"), [
    "1 session of callboard",
    `  ep_001_20240811_1430  WRITING   25 %  –  healthy  ${OWN}`,
    "",
    "1 session of another pipeline",
    "  ep_022_20251005_081500  Failed  66.7 %  $5.85  6 scores  phases; 1 contradiction",
    "",
    "3 files: 2 session files, 1 not recognised. 1 in folders of tools skipped.",
    "",
  ]);
  const all = callboard(["list", root, "--files"]).out;
  assert.match(all, /\n2 session files\n {2}ep_022_20251005_081500\/state\.json {2}\S.*\n {2}own\/ep001_session_20240811\.json {3,}\S/);
  assert.match(all, /\n1 not recognised\n {2}b\.json {2}No known shape reads this file\.\n/);
  assert.equal(callboard(["list", "--files"]).code, 2);
  assert.match(callboard(["list", await tree({ "b.json": "{}" })]).out, /^No sessions\.\n\n1 file: 1 not recognised\.\n$/);
});

test("the nearest folder callboard.shapes above the working folder counts, up to the repository's root", async () => {
  const root = await tree({
    "callboard.shapes/plays.json": plays("/spent", "Outer"),
    "repository/.git/HEAD": "",
    "repository/callboard.shapes/plays.json": plays("/paid", "Nearest"),
    "repository/callboard.shapes/README.md": "Shapes",
    "repository/inner/below/x": "",
    "other/.git/HEAD": "",
    "data/a.json": PLAY,
    "more/plays.json": plays("/spent", "More"),
  });
  const data = join(root, "data");
  const cost = ({ foreign: [session] }) => session?.cost.value;
  const at = (cwd, ...args) => cost(listed([data, ...args], { cwd: join(root, cwd) }));
  assert.deepEqual([at("repository/inner/below"), at("repository"), at("other"), at("data")], [4.5, 4.5, undefined, 3.5]);
  assert.equal(at("repository", "--shapes", join(root, "more")), 3.5, "--shapes comes before the folder");
  assert.equal(at("other", "--shapes", join(root, "more", "plays.json"), "--shapes", join(root, "repository", "callboard.shapes")), 4.5, "the last one counts");
  const cwd = join(root, "repository");
  for (const args of [["validate", data], ["session", "status", "Macbeth", data], ["session", "resume", "Macbeth", data]]) {
    assert.equal(callboard(args, { cwd }).code, 0, args.join(" "));
  }
  const inTree = listed(["."], { cwd });
  assert.deepEqual(inTree.files.filter(({ group }) => group === "configuration").map(({ path }) => path), ["callboard.shapes/plays.json"]);

  const found = await importFolder(data, { cwd, shapes: [join(root, "more")] });
  assert.deepEqual([found.found.sessions[0].cost.value, found.found.sessions[0].shapes], [3.5, ["plays"]]);
  found.free();
});

test("a shape in an archive reads the other files of the archive", async () => {
  const root = await tree({ "a.zip": zip([["a.json", PLAY], ["callboard.shapes/plays.json", plays("/spent")]]) });
  assert.deepEqual(listed([root]).foreign.map(({ key, cost }) => [key, cost.value]), [["Macbeth", 3.5]]);
});

test("a wrong definition is an error with its file and line, and so are wrong paths", async () => {
  const root = await tree({ "callboard.shapes/wrong.json": '{\n"name": 1}', "data/a.json": PLAY });
  const { code, err } = callboard(["list", "data"], { cwd: root });
  assert.deepEqual([code, /^callboard: [^\n]*wrong\.json: [^\n]*\n$/.test(err)], [3, true], err);
  const { error } = JSON.parse(callboard(["list", "data", "--json"], { cwd: root }).out);
  assert.deepEqual([error.code, error.line], ["invalid_shape", 2]);
  assert.equal(callboard(["list", "data", "--shapes", "none"], { cwd: join(root, "data") }).code, 3);
  assert.equal(callboard(["list", "data", "--shapes="], { cwd: root }).code, 2);
  assert.equal(callboard(["list", "--shapes", "a"], { cwd: root }).code, 2);
  await assert.rejects(importFolder(join(root, "none")), { code: "folder_not_found" });
});

test("a file of an import is read again, also from an archive", async () => {
  const own = await fixture(OWN);
  const root = await tree({ "a.zip": zip([["x/a.json", own], ["x/b.json", PLAY]]), "c.json.gz": gzipSync(own), "d.json": own });
  const imported = await importFolder(root);
  assert.deepEqual(["a.zip/x/a.json", "c.json", "d.json"].map((path) => imported.archiveOf(path)), ["a.zip", "c.json.gz", undefined]);
  const read = [];
  for await (const { path, bytes } of imported.read(["d.json", "c.json", "a.zip/x/a.json"])) {
    read.push(path);
    assert.ok(own.equals(bytes), path);
  }
  assert.deepEqual(read.sort(), ["a.zip/x/a.json", "c.json", "d.json"]);
  imported.free();
});

test("a session in an archive is converted to a file beside the archive", async () => {
  const root = await tree({ "packed/all.zip": zip([[FAILED, await fixture(FAILED)]]) });
  const { code, out } = callboard(["convert", "22", root, "--json", "--now", NOW]);
  const { file, written } = JSON.parse(out);
  assert.deepEqual([code, written, file], [0, true, join(root, "packed", "ep022_session_20251005.json")]);
  assert.deepEqual(callboard(["validate", file]).code, 0);
  const again = callboard(["convert", "22", root, "--now", NOW]);
  assert.deepEqual([again.code, (await readdir(join(root, "packed"))).sort()], [1, ["all.zip", "ep022_session_20251005.json"]]);
});

test("a callboard.json in a tree is checked", async () => {
  const root = await tree({ "callboard.json": '{ "policy": { "retries": 5 } }', [FAILED]: await fixture(FAILED) });
  const { code, out } = callboard(["validate", root, "--json"]);
  const { files } = JSON.parse(out);
  assert.deepEqual([code, files.map(({ file, diagnostics }) => [relative(root, file), diagnostics[0].code])], [1, [["callboard.json", "invalid_config"]]]);
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
  assert.match(status.out, /^Progress {2}66\.7 % {2}2 of 3 stages\. {2,}line 8, line 21$/mu);
  const several = callboard(["session", "status", "ep_027_test", TREE]);
  assert.match(several.out, /^State {5}In progress {2}3 stages are complete, .* {2,}01_deep_research_complete\.json:\d+, .*$/mu);
  assert.match(several.out, /^part {3}ep_027_test\/01_deep_research_complete\.json$/mu);
});

test("a full disk leaves no part of a converted session, and the next run writes it", async () => {
  const { convert } = await internal("cli/convert.js");
  const root = await tree({ [FAILED]: await fixture(FAILED) });
  const place = join(root, dirname(FAILED));
  const lines = [];
  const run = () => convert.run({ values: { now: NOW }, positionals: ["22", root], out: (line) => lines.push(line) });
  const full = async (real, path, ...args) => {
    const file = await real(path, ...args);
    if (!String(path).includes("ep022_session")) return file;
    file.writeFile = async (text) => {
      await file.write(text.slice(0, 100));
      throw systemError("ENOSPC", "write");
    };
    return file;
  };
  await withFault("open", full, () => assert.rejects(run(), { code: "unwritable", message: `${place} cannot be written to: there is no space left.` }));
  assert.deepEqual(await readdir(place), ["state.json"]);
  await run();
  assert.ok(lines[0].startsWith("Wrote "), lines[0]);
  await assert.rejects(run(), { code: "session_exists", file: join(place, "ep022_session_20251005.json") });
  assert.deepEqual(await readdir(place), ["ep022_session_20251005.json", "state.json"]);
});
