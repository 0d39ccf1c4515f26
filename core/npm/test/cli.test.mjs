// The commands, as they are typed.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const { bin } = JSON.parse(await readFile(fileURLToPath(import.meta.resolve("callboard/package.json")), "utf8"));
const CLI = fileURLToPath(new URL(bin.callboard, import.meta.resolve("callboard/package.json")));
const FIXTURE = fileURLToPath(new URL("../../../tests/fixtures/sessions/ep001_session_20240811.json", import.meta.url));
const ID = "ep_001_20240811_1430";
const HERE = fileURLToPath(new URL(".", import.meta.url));
const NOW = "2024-08-11T15:20:00Z";

/** The environment without what turns colours on or off. */
const { NO_COLOR, FORCE_COLOR, ...env } = process.env;

function callboard(args, options = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", env, ...options });
  return { code: status, out: stdout, err: stderr };
}

/** A folder with the fixture, and the options that name it. */
async function sample() {
  const dir = await folder();
  await copyFile(FIXTURE, join(dir, "ep001_session_20240811.json"));
  return { dir, at: ["--dir", dir, "--now", NOW] };
}

test("init makes the framework's folder and file, and prints the id", async () => {
  const cwd = await folder();
  const args = ["session", "init", "--episode", "1", "--topic", "consciousness", "--complexity", "3"];
  assert.deepEqual(callboard([...args, "--now", "2024-08-11T14:30:00Z"], { cwd }), { code: 0, out: `${ID}\n`, err: "" });
  const file = join(cwd, "projects/nobody-knows/output/sessions/ep001_session_20240811.json");
  assert.equal(JSON.parse(await readFile(file, "utf8")).session_id, ID);
  const again = callboard([...args, "--now", "2024-08-11T14:30:59Z"], { cwd });
  assert.equal(again.code, 1);
  assert.equal(again.err, `callboard: There is a session ${ID} already. An episode can have one new session a minute.\n`);
  const json = callboard([...args, "--now", "2024-08-11T16:00:00Z", "--json"], { cwd });
  assert.deepEqual(JSON.parse(json.out), { id: "ep_001_20240811_1600", file: "ep001_session_20240811_1600.json" });
});

test("status shows a session, for people and as JSON", async () => {
  const { at } = await sample();
  const { code, out } = callboard(["session", "status", ID, ...at]);
  assert.equal(code, 0);
  for (const part of [ID, "WRITING", "25 %", "script_writer", "Why Octopuses Dream", "complete script_writer"]) assert.ok(out.includes(part), `${part}\n${out}`);
  assert.ok(!out.includes("\u001b"), "no colours in a pipe");
  const report = JSON.parse(callboard(["session", "status", ID, "--json", ...at]).out);
  assert.deepEqual([report.id, report.state, report.progress.progress_percentage], [ID, "WRITING", 25]);
});

test("colours are written when FORCE_COLOR asks, and never when they are turned off", async () => {
  const { at } = await sample();
  const coloured = (extra) => callboard(["list", ...at], { env: { ...env, ...extra } }).out.includes("\u001b[");
  assert.equal(coloured({ FORCE_COLOR: "1" }), true);
  assert.equal(coloured({ FORCE_COLOR: "0" }), false);
  assert.equal(coloured({ NO_COLOR: "1" }), false);
});

test("apply says what comes next, or refuses in a sentence with the hint", async () => {
  const { dir, at } = await sample();
  const event = JSON.stringify({ type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 });
  const refused = callboard(["apply", ID, '{"type": "start", "agent": "audio_synthesizer"}', ...at]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^callboard: .*audio_synthesizer cannot start: .* script_writer comes first\.\n$/);
  const asJson = callboard(["apply", ID, '{"type": "retry", "agent": "script_writer"}', "--json", ...at]);
  assert.deepEqual([asJson.code, JSON.parse(asJson.out).refusal.code, asJson.err], [1, "not_failed", ""]);
  const applied = callboard(["apply", ID, "-", ...at], { input: event });
  assert.equal(applied.code, 0);
  assert.ok(applied.out.startsWith("script_writer: WRITING → EVALUATING. Next: start quality_evaluator.\n"), applied.out);
  assert.equal(JSON.parse(await readFile(join(dir, "ep001_session_20240811.json"), "utf8")).cost_tracking.writing, 1.2);
});

test("resume lets a failed agent try again, and asks for an override where that is needed", async () => {
  const { dir, at } = await sample();
  const store = new FileStore(dir, { now: () => NOW, policy: { retry_limit: 0 } });
  await store.handleAgentFailure(ID, "script_writer", "timeout");
  const refused = callboard(["session", "resume", ID, ...at]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /Resume script_writer with an override\.\n$/);
  const resumed = callboard(["session", "resume", ID, "--override", "--reason", "it is back", ...at]);
  assert.deepEqual([resumed.code, resumed.out], [0, "script_writer: FAILED → RETRY. Next: start script_writer.\n"]);
});

test("list names the sessions and what cannot be read", async () => {
  const { dir, at } = await sample();
  await writeFile(join(dir, "broken.json"), "{");
  const { code, out } = callboard(["list", ...at]);
  assert.equal(code, 0);
  assert.match(out, /^ep_001_20240811_1430 +WRITING +25 % +at_risk +ep001_session_20240811\.json\nbroken\.json: /);
  const { sessions, broken } = JSON.parse(callboard(["list", "--json", ...at]).out);
  assert.deepEqual([sessions.length, broken[0].file], [1, "broken.json"]);
});

test("validate finds what is wrong, with its place", async () => {
  const { dir } = await sample();
  assert.deepEqual(callboard(["validate", dir]), { code: 0, out: "1 file, 0 with errors.\n", err: "" });
  const broken = join(dir, "broken.json");
  await writeFile(broken, '{"session_id": "a",\n}');
  const found = callboard(["validate", dir, broken]);
  assert.equal(found.code, 1);
  assert.ok(found.out.startsWith(`${broken}:2:1: error: `), found.out);
  assert.ok(found.out.endsWith("3 files, 2 with errors.\n"));
});

test("the dashboard draws a table with bars, and again when a session changes", async () => {
  const { dir, at } = await sample();
  const { out } = callboard(["session", "dashboard", ...at]);
  assert.match(out, /^Active +1\n/);
  assert.match(out, /ep_001_20240811_1430 +WRITING +███░░░░░░░░░ +25 % +at_risk +script_writer is 2 min past its estimate\./);
  const child = spawn(process.execPath, [CLI, "session", "dashboard", "--watch", "--json", ...at], { env, stdio: ["ignore", "pipe", "inherit"] });
  const states = [];
  let text = "";
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      states.push(JSON.parse(text.slice(0, end)).active_sessions[0].state);
      text = text.slice(end + 1);
      if (states.length === 1) await new FileStore(dir, { now: () => NOW }).apply(ID, { type: "complete", agent: "script_writer" });
      if (states.at(-1) === "EVALUATING") child.kill("SIGINT");
    }
  }
  assert.deepEqual([states[0], states.at(-1), await ended], ["WRITING", "EVALUATING", 0]);
});

test("schema prints the schema", () => {
  assert.equal(JSON.parse(callboard(["schema"]).out).title, "A session file");
});

test("mistakes on the command line are said in a sentence, with exit code 2", () => {
  const check = (args, expected) => {
    const { code, out, err } = callboard(args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, expected);
    assert.equal(err.trimEnd().split("\n").length, 1);
  };
  check(["lisst"], /^callboard: There is no command "lisst"\. There are: session init, /);
  check(["session", "stats"], /^callboard: There is no command "session stats"\. There are session init, /);
  check(["session", "init", "--episode", "1"], /^callboard: session init needs --topic\./);
  check(["session", "init", "--episode", "one", "--topic", "x"], /^callboard: --episode must be a number, not "one"\.\n$/);
  check(["session", "status"], /^callboard: This is called as: callboard session status <id>\./);
  check(["list", "--color"], /^callboard: Unknown option '--color'\./);
  check(["session", "dashboard", "--dir", HERE, "--now", "noon"], /^callboard: now must be a Date, /);
  check(["apply", ID, "{"], /^callboard: The event is not JSON: /);
});

test("what is missing is said, with exit code 3", async () => {
  const { dir } = await sample();
  const { code, err } = callboard(["session", "status", "ep_9", "--dir", dir]);
  assert.deepEqual([code, err], [3, `callboard: There is no session ep_9 in ${dir}. \`callboard list\` shows the sessions there are.\n`]);
  assert.equal(callboard(["list", "--dir", join(dir, "none")]).code, 3);
  assert.equal(callboard(["validate", join(dir, "none")]).code, 3);
});

test("every command has its help", () => {
  const { code, out } = callboard(["--help"]);
  assert.equal(code, 0);
  const names = ["session init", "session status", "session resume", "session dashboard", "list", "validate", "apply", "merge", "schema"];
  for (const name of names) {
    assert.ok(out.includes(`\n  ${name}`), name);
    const help = callboard([...name.split(" "), "--help"]);
    assert.deepEqual([help.code, help.err], [0, ""]);
    assert.ok(help.out.startsWith(`Usage: callboard ${name}`) && help.out.includes("Exit codes"));
  }
  assert.match(callboard(["--version"]).out, /^\d+\.\d+\.\d+\n$/);
});
