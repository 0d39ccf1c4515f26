// With --json, every outcome of every command is one JSON document on standard output.
import assert from "node:assert/strict";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { FIXTURE, ID, NOW, callboard, sample } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

/** Runs a command with --json. Returns its exit code and the document that it prints. */
function documentOf(args, options) {
  const { code, out, err } = callboard(args, options);
  assert.equal(err, "", args.join(" "));
  assert.ok(out.endsWith("\n"), args.join(" "));
  return { code, ...JSON.parse(out) };
}

test("errors of every kind are printed as one document, with the same exit code as in text", async () => {
  const { dir, at } = await sample();
  const none = join(dir, "none");
  const broken = join(dir, "broken.json");
  await writeFile(broken, "{");
  const cases = [
    [2, "unknown_command", ["lisst", "--json"]],
    [2, "unknown_command", ["session", "stats", "--json"]],
    [2, "unknown_command", ["help", "lisst", "--json"]],
    [2, "usage", ["session", "--json"]],
    [2, "usage", ["--json", "--dir", dir]],
    [2, "unknown_option", ["--jsn", "--json"]],
    [2, "unknown_option", ["list", "--color", "--json"]],
    [2, "usage", ["list", "--json", "--dir"]],
    [2, "usage", ["list", "--json", "--dir", ""]],
    [2, "usage", ["list", "--json", "too", "many"]],
    [2, "usage", ["list", "--json", "--now", "noon", "--dir", dir]],
    [2, "usage", ["session", "status", "--json"]],
    [2, "usage", ["session", "init", "--episode", "1", "--json"]],
    [2, "usage", ["session", "init", "--episode", "one", "--topic", "x", "--json"]],
    [2, "invalid_value", ["session", "init", "--episode", "1", "--topic", "x", "--complexity", "9", "--json", ...at]],
    [2, "usage", ["apply", ID, "{", "--json", ...at]],
    [2, "usage", ["validate", dir, "--yes", "--json"]],
    [3, "session_not_found", ["session", "status", "tides", "--json", ...at]],
    [3, "session_not_found", ["session", "resume", "tides", "--json", ...at]],
    [3, "session_not_found", ["apply", "tides", '{"type": "retry", "agent": "script_writer"}', "--json", ...at]],
    [3, "unexpected_end", ["session", "status", broken, "--json", ...at]],
    [3, "folder_not_found", ["list", "--json", "--dir", none]],
    [3, "folder_not_found", ["session", "dashboard", "--json", "--dir", none]],
    [3, "file_not_found", ["merge", none, none, none, "--json"]],
    [1, "not_stalled", ["session", "resume", ID, "--json", ...at]],
  ];
  for (const [expected, code, args] of cases) {
    const { code: exit, error } = documentOf(args);
    assert.deepEqual([exit, error?.code], [expected, code], args.join(" "));
    assert.ok(error.message.length > 0, args.join(" "));
  }
});

test("the document has the whole refusal", async () => {
  const { at } = await sample();
  const { code, error, refusal } = documentOf(["apply", ID, '{"type": "start", "agent": "audio_synthesizer"}', "--json", ...at]);
  assert.deepEqual([code, error.code, refusal.code, error.hint], [1, "wrong_stage", "wrong_stage", refusal.hint]);
  assert.deepEqual(Object.keys(refusal), ["code", "message", "expected", "actual", "allowed", "hint"]);
});

test("a second session in the same minute is an error in the document", async () => {
  const { at } = await sample();
  const args = ["session", "init", "--episode", "1", "--topic", "x", "--json", ...at];
  assert.deepEqual(documentOf(args), { code: 0, session_id: "ep_001_20240811_1520", file: "ep001_session_20240811_1520.json" });
  const { code, error } = documentOf(args);
  assert.deepEqual([code, error.code], [1, "session_exists"]);
});

test("every command's own result is one document, and names a session by session_id", async () => {
  const { dir, at } = await sample();
  const text = (name) => join(dir, name);
  await mkdir(text("merge"));
  for (const name of ["base", "ours", "theirs"]) await copyFile(FIXTURE, text(`merge/${name}`));
  const commands = [
    ["session", "status", ID, ...at],
    ["list", ...at],
    ["session", "dashboard", ...at],
    ["validate", dir],
    ["validate", dir, "--fix"],
    ["apply", ID, '{"type": "progress", "agent": "script_writer"}', ...at],
    ["merge", text("merge/base"), text("merge/ours"), text("merge/theirs")],
    ["schema"],
    ["--help"],
    ["--version"],
    ["help", "list"],
    ["session", "--help"],
    ["list", "--help"],
  ];
  for (const command of commands) {
    const { code, ...found } = documentOf([...command, "--json"]);
    assert.equal(code, 0, command.join(" "));
    const keys = [];
    JSON.stringify(found, (key, value) => {
      keys.push(key);
      return value;
    });
    if (command[0] !== "schema") assert.ok(!keys.includes("id"), `${command.join(" ")} has a key "id"`);
  }
  assert.equal(documentOf(["session", "status", ID, "--json", ...at]).session_id, ID);
  assert.equal(documentOf(["list", "--json", ...at]).sessions[0].session_id, ID);
  assert.equal(documentOf(["validate", dir, "--json"]).files[0].session_id, ID);
});

test("a watched dashboard prints its error as a line too", async () => {
  const none = join(await folder(), "none");
  const { code, out } = callboard(["session", "dashboard", "--watch", "--json", "--dir", none, "--now", NOW]);
  assert.equal(code, 3);
  assert.equal(out.trimEnd().split("\n").length, 1);
  assert.equal(JSON.parse(out).error.code, "folder_not_found");
});
