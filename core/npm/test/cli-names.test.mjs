// Names of commands, options and sessions, and suggestions for misspelt ones.
import assert from "node:assert/strict";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { FIXTURE, ID, NOW, callboard, internal, sample } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

/** Writes a session like the fixture under another id. */
async function another(dir, id, file) {
  const text = await readFile(FIXTURE, "utf8");
  const number = Number(/^ep_(\d+)/.exec(id)?.[1] ?? 1);
  await writeFile(join(dir, file), text.replaceAll(ID, id).replace('"number": 1', `"number": ${number}`));
}

const idOf = (args) => {
  const { code, out, err } = callboard(["session", "status", ...args, "--json"]);
  assert.equal(code, 0, `${args.join(" ")}: ${out}${err}`);
  return JSON.parse(out).session_id;
};

test("a session is named by its id, the beginning of one, its number or its file", async () => {
  const { dir, at } = await sample();
  await another(dir, "ep_010_20240812_0900", "ep010_session_20240812.json");
  await another(dir, "batch-7", "seven.json");
  const names = {
    [ID]: [ID, "ep_001", "ep_1", "ep1", "EP_001", "1", "001", "ep_001_2024", "ep001_session_20240811", "ep001_session_20240811.json", join(dir, "ep001_session_20240811.json")],
    ep_010_20240812_0900: ["ep_010", "10", "ep_010_20240812", "ep010"],
    "batch-7": ["batch", "batch_7", "seven", "seven.json"],
  };
  for (const [id, given] of Object.entries(names)) {
    for (const name of given) assert.equal(idOf([name, ...at]), id, name);
  }
});

test("every command that takes an id takes a short one", async () => {
  const { at } = await sample();
  assert.equal(callboard(["apply", "1", '{"type": "fail", "agent": "script_writer", "error": "timeout"}', ...at]).code, 0);
  assert.equal(callboard(["session", "resume", "ep_001", ...at]).out, "script_writer: FAILED → RETRY. Next: start script_writer.\n");
  assert.match(callboard(["session", "status", "1", ...at]).out, /^State +RETRY$/m);
});

test("a name that matches several sessions lists them and selects none", async () => {
  const { dir, at } = await sample();
  await another(dir, "ep_001_20240812_0900", "second.json");
  const { code, out, err } = callboard(["session", "status", "ep_001", ...at]);
  assert.deepEqual([code, out], [2, ""]);
  assert.equal(err, `callboard: "ep_001" matches 2 sessions: ${ID}, ep_001_20240812_0900. Give the whole id of one of them.\n`);
  const { error } = JSON.parse(callboard(["session", "resume", "1", "--json", ...at]).out);
  assert.deepEqual([error.code, error.candidates], ["ambiguous_id", [ID, "ep_001_20240812_0900"]]);
  const event = '{"type": "complete", "agent": "script_writer"}';
  assert.equal(callboard(["apply", "ep_001", event, ...at]).code, 2);
  assert.equal(await readFile(join(dir, "ep001_session_20240811.json"), "utf8"), await readFile(FIXTURE, "utf8"));
  assert.equal(idOf(["ep_001_20240812", ...at]), "ep_001_20240812_0900");
});

test("a file outside of the folder is changed in its own folder", async () => {
  const { dir } = await sample();
  const elsewhere = await folder();
  const file = join(dir, "ep001_session_20240811.json");
  const at = ["--dir", elsewhere, "--now", NOW];
  assert.equal(idOf([file, ...at]), ID);
  assert.equal(callboard(["apply", file, '{"type": "complete", "agent": "script_writer"}', ...at]).code, 0);
  assert.equal(JSON.parse(await readFile(file, "utf8")).pipeline_state.current_stage, "evaluation");
  await writeFile(join(dir, "broken.json"), "{");
  const { code, err } = callboard(["session", "status", join(dir, "broken.json"), ...at]);
  assert.equal(code, 3);
  assert.match(err, /^callboard: broken\.json: /);
});

test("errors suggest the nearest session, command and option", async () => {
  const { dir, at } = await sample();
  const says = (args, expected) => assert.equal(callboard(args).err, `callboard: ${expected}\n`);
  says(["session", "status", "ep_001_20240811_1403", ...at], `There is no session ep_001_20240811_1403 in ${dir}. Did you mean ${ID}?`);
  says(["session", "status", "ep_002", ...at], `There is no session ep_002 in ${dir}. Did you mean ${ID}?`);
  says(["status", "1"], 'Unknown command "status". Did you mean "session status"?');
  says(["dashbord"], 'Unknown command "dashbord". Did you mean "session dashboard"?');
  says(["sesion", "status"], 'Unknown command "sesion". Did you mean "session"?');
  says(["validte", "x"], 'Unknown command "validte". Did you mean "validate"?');
  says(["list", "--drir", dir], "Unknown option '--drir'. Did you mean --dir?");
  says(["session", "resume", "1", "--overide"], "Unknown option '--overide'. Did you mean --override?");
  says(["--polcy", "x", "list"], "Unknown option '--polcy'. Did you mean --policy?");
});

test("options stand before the command, between its words and after it, with a space or a =", async () => {
  const { dir } = await sample();
  const orders = [
    ["--dir", dir, "session", "status", "1"],
    ["session", "--dir", dir, "status", "1"],
    ["session", "status", "--dir", dir, "1"],
    ["session", "status", "1", `--dir=${dir}`],
    [`--dir=${dir}`, "session", "status", "1"],
  ];
  for (const order of orders) assert.equal(JSON.parse(callboard(["--json", ...order, "--now", NOW]).out).session_id, ID, order.join(" "));
  assert.equal(callboard(["--help", "list"]).out, callboard(["list", "--help"]).out);
  await mkdir(join(dir, "list"));
  await copyFile(FIXTURE, join(dir, "list", "a.json"));
  // The value of an option is no command.
  assert.match(callboard(["--dir", "list", "list"], { cwd: dir }).out, /a\.json/);
});

test("a misspelt name is compared by letters, regardless of case and dashes", async () => {
  const { nearest } = await internal("store/nearest.js");
  const check = (name, candidates, expected) => assert.equal(nearest(name, candidates), expected, name);
  check("lsit", ["list", "apply"], "list");
  check("outputFile", ["output_file", "cost"], "output_file");
  check("quality-score", ["quality_score"], "quality_score");
  check("x", ["list"], undefined);
  check("", ["list"], undefined);
  check("weather", ["status", "init"], undefined);
});
