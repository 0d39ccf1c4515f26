// Validation of files, folders and standard input, and certain fixes.
import assert from "node:assert/strict";
import { chmod, mkdir, open, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import test from "node:test";

import { FIXTURE, callboard, internal, sample } from "./support/cli.mjs";
import { withFault } from "./support/fault.mjs";
import { folder } from "./support/folder.mjs";

const GOOD = await readFile(FIXTURE, "utf8");
/** A session with one problem that has a certain fix, in a file with unusual line ends. */
const BAD = GOOD.replace('"current_stage": "writing"', '"current_stage": "writting"').replaceAll("\n", "\r\n");
const MENDED = GOOD.replaceAll("\n", "\r\n");

/** Writes files into a new folder, by their paths. */
async function tree(files) {
  const root = await folder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const report = (args, options) => {
  const { code, out, err } = callboard(["validate", "--json", ...args], options);
  assert.equal(err, "");
  return { code, ...JSON.parse(out) };
};

test("a folder is walked to its end, past circular links and folders without sessions", async () => {
  const root = await tree({
    "a.json": GOOD,
    "one/two/b.json": GOOD.replaceAll("20240811_1430", "20240812_1430"),
    "node_modules/pkg/c.json": BAD,
    ".git/d.json": BAD,
    ".hidden.json": BAD,
    "notes.txt": "none",
  });
  await symlink(root, join(root, "one", "circle"));
  await symlink("circle.json", join(root, "circle.json"));
  await symlink(join(root, "one", "two"), join(root, "again"));
  const { files, summary, code } = report([root]);
  const names = files.map(({ file }) => relative(root, file));
  assert.deepEqual(names, ["a.json", join("again", "b.json"), "circle.json"]);
  assert.deepEqual(summary, { files: 3, errors: 1, warnings: 0, not_sessions: 0, foreign_sessions: 0, foreign_files: 0, damaged: 0, skipped: 2, fixed: 0 });
  assert.deepEqual([code, files[2].diagnostics[0].code], [1, "unreadable"]);
});

test("files in a folder that are no sessions are listed without failing it; a file given by path fails", async () => {
  const root = await tree({
    "a.json": GOOD,
    "package.json": '{ "name": "x" }',
    "tsconfig.json": "{ // with a comment\n}",
    "list.json": "[1, 2]",
    "cut-off.json": GOOD.slice(0, 200),
  });
  const { files, not_sessions, summary, code } = report([root]);
  assert.deepEqual(files.map(({ file }) => relative(root, file)), ["a.json", "cut-off.json"]);
  assert.deepEqual(not_sessions.map(({ file }) => relative(root, file)), ["list.json", "package.json", "tsconfig.json"]);
  assert.deepEqual([code, summary.errors, summary.not_sessions], [1, 1, 3], "a session that is cut off is an error");
  const { out } = callboard(["validate", root]);
  assert.match(out, /\n2 files, 1 with errors, 0 with warnings\.\n3 files skipped as no session: [^\n]*list\.json, [^\n]*package\.json, [^\n]*tsconfig\.json\.\n$/);
  assert.equal(callboard(["validate", join(root, "package.json")]).code, 1);
});

test("a dash is standard input", async () => {
  assert.deepEqual(callboard(["validate", "-"], { input: GOOD }), { code: 0, out: "1 file, 0 with errors, 0 with warnings.\n", err: "" });
  const { code, out } = callboard(["validate", "-"], { input: "{" });
  assert.equal(code, 1);
  assert.match(out, /^-:1:2: error: /);
  const mended = callboard(["validate", "-", "--fix"], { input: BAD });
  assert.deepEqual([mended.code, mended.out], [0, MENDED]);
  assert.match(mended.err, /^--- a\/session\.json\n/);
  assert.equal(report(["-", "--fix"], { input: BAD }).files[0].text, MENDED);
  const hopeless = callboard(["validate", "-", "--fix"], { input: "{" });
  assert.deepEqual([hopeless.code, hopeless.out], [1, ""]);
});

test("--fix shows the corrections, makes them, and keeps every other byte", async () => {
  const root = await tree({ "bad.json": BAD, "good.json": GOOD });
  const bad = join(root, "bad.json");
  await chmod(bad, 0o640);
  const before = callboard(["validate", root]);
  assert.match(before.out, /"writting"/);
  const shown = callboard(["validate", root, "--fix", "--dry-run"]);
  assert.match(shown.out, /^--- a\/.*bad\.json\n\+\+\+ b\/.*bad\.json\n@@ /);
  assert.equal(await readFile(bad, "utf8"), BAD, "a dry run writes nothing");
  const { code, out, err } = callboard(["validate", root, "--fix"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.ok(out.includes('\n-    "current_stage": "writting",') && out.includes('\n+    "current_stage": "writing",'), out);
  assert.ok(out.endsWith("2 files, 0 with errors, 0 with warnings, 1 corrected.\n"), out);
  assert.equal(await readFile(bad, "utf8"), MENDED);
  assert.equal((await stat(bad)).mode & 0o777, 0o640);
  assert.deepEqual((await readdir(root)).sort(), ["bad.json", "good.json"], "nothing is left behind");
  assert.ok(callboard(["validate", root, "--fix"]).out.endsWith("2 files, 0 with errors, 0 with warnings.\n"), "once is enough");
});

test("a file that changed after it was read is not overwritten", async () => {
  const { write } = await internal("cli/fix.js");
  const root = await tree({ "a.json": GOOD });
  const path = join(root, "a.json");
  await assert.rejects(write(path, BAD, MENDED), { code: "unwritable", hint: "Run the command again." });
  assert.equal(await readFile(path, "utf8"), GOOD);
  await write(path, GOOD, MENDED);
  assert.equal(await readFile(path, "utf8"), MENDED);
});

test("what a program writes to the old file at the very moment of a correction is put back", async () => {
  const { write } = await internal("cli/fix.js");
  const root = await tree({ "a.json": BAD });
  const path = join(root, "a.json");
  const other = `${BAD}\r\n`;
  const old = await open(path, "r+");
  // It has opened the file before the replacement, and writes after it.
  const fault = async (real, from, to) => {
    await real(from, to);
    await old.truncate();
    await old.write(other, 0);
  };
  await withFault("rename", fault, () => assert.rejects(write(path, BAD, MENDED), { code: "unwritable", hint: "Run the command again." }));
  await old.close();
  assert.equal(await readFile(path, "utf8"), other);
  assert.deepEqual(await readdir(root), ["a.json"]);
});

test("--fix with --json lists the corrections", async () => {
  const root = await tree({ "bad.json": BAD });
  const { files, summary } = report([root, "--fix"]);
  assert.equal(files[0].fixed.length, 1);
  assert.equal(summary.fixed, 1);
});

test("every path is checked, whatever the others contain", async () => {
  const { dir } = await sample();
  const { code, files, missing } = report([dir, join(dir, "none"), "-"], { input: GOOD });
  assert.deepEqual([code, files.length, missing.length], [3, 2, 1]);
});
