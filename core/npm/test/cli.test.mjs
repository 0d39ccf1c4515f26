// The commands.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { FileStore } from "callboard/node";

import { CLI, FIXTURE, ID, NOW, callboard, env, sample } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

test("init creates the framework's folder and file, and prints the id", async () => {
  const cwd = await folder();
  const args = ["session", "init", "--episode", "1", "--topic", "consciousness", "--complexity", "3"];
  assert.deepEqual(callboard([...args, "--now", "2024-08-11T14:30:00Z"], { cwd }), { code: 0, out: `${ID}\n`, err: "" });
  const file = join(cwd, "projects/nobody-knows/output/sessions/ep001_session_20240811.json");
  assert.equal(JSON.parse(await readFile(file, "utf8")).session_id, ID);
  const again = callboard([...args, "--now", "2024-08-11T14:30:59Z"], { cwd });
  assert.equal(again.code, 1);
  assert.equal(again.err, `callboard: There is already a session ${ID}. Session ids contain the minute: try again in a minute, or give another episode number.\n`);
  const json = callboard([...args, "--now", "2024-08-11T16:00:00Z", "--json"], { cwd });
  assert.deepEqual(JSON.parse(json.out), { session_id: "ep_001_20240811_1600", file: "ep001_session_20240811_1600.json" });
});

test("status shows a session, for people and as JSON", async () => {
  const { at } = await sample();
  const { code, out } = callboard(["session", "status", ID, ...at]);
  assert.equal(code, 0);
  for (const part of [ID, "WRITING", "25 %", "script_writer", "Why Octopuses Dream", "complete script_writer"]) assert.ok(out.includes(part), `${part}\n${out}`);
  assert.ok(!out.includes("\u001b"), "no colours in a pipe");
  const report = JSON.parse(callboard(["session", "status", ID, "--json", ...at]).out);
  assert.deepEqual([report.session_id, report.state, report.progress.progress_percentage], [ID, "WRITING", 25]);
});

test("FORCE_COLOR turns colours on, and NO_COLOR off", async () => {
  const { at } = await sample();
  const coloured = (extra) => callboard(["list", ...at], { env: { ...env, ...extra } }).out.includes("\u001b[");
  assert.equal(coloured({ FORCE_COLOR: "1" }), true);
  assert.equal(coloured({ FORCE_COLOR: "0" }), false);
  assert.equal(coloured({ NO_COLOR: "1" }), false);
  assert.equal(coloured({ NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assert.equal(coloured({ NO_COLOR: "", FORCE_COLOR: "1" }), true);
});

test("apply prints the next step, or the refusal with its hint", async () => {
  const { dir, at } = await sample();
  const event = JSON.stringify({ type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 });
  const refused = callboard(["apply", ID, '{"type": "start", "agent": "audio_synthesizer"}', ...at]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^callboard: .*audio_synthesizer cannot start: .* Complete or skip writing first\.\n$/);
  const asJson = callboard(["apply", ID, '{"type": "retry", "agent": "script_writer"}', "--json", ...at]);
  assert.deepEqual([asJson.code, JSON.parse(asJson.out).refusal.code, asJson.err], [1, "not_failed", ""]);
  const applied = callboard(["apply", ID, "-", ...at], { input: event });
  assert.equal(applied.code, 0);
  assert.ok(applied.out.startsWith("script_writer: WRITING → EVALUATING. Next: start quality_evaluator.\n"), applied.out);
  assert.equal(JSON.parse(await readFile(join(dir, "ep001_session_20240811.json"), "utf8")).cost_tracking.writing, 1.2);
});

test("resume lets a failed agent try again, and requires an override for an escalated one", async () => {
  const { dir, at } = await sample();
  const store = new FileStore(dir, { now: () => NOW, policy: { retry_limit: 0 } });
  await store.handleAgentFailure(ID, "script_writer", "timeout");
  const refused = callboard(["session", "resume", ID, ...at]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /Resume script_writer with an override\.\n$/);
  const asJson = callboard(["session", "resume", ID, "--json", ...at]);
  assert.deepEqual([asJson.code, JSON.parse(asJson.out).refusal.code, asJson.err], [1, "escalated", ""]);
  const resumed = callboard(["session", "resume", ID, "--override", "--reason", "it is back", ...at]);
  assert.deepEqual([resumed.code, resumed.out], [0, "script_writer: FAILED → RETRY. Next: start script_writer.\n"]);
});

test("list prints the sessions and the unreadable files", async () => {
  const { dir, at } = await sample();
  await writeFile(join(dir, "broken.json"), "{");
  const { code, out } = callboard(["list", ...at]);
  assert.equal(code, 0);
  assert.match(out, /^ep_001_20240811_1430 +WRITING +25 % +at_risk +ep001_session_20240811\.json\nbroken\.json: /);
  const { sessions, broken } = JSON.parse(callboard(["list", "--json", ...at]).out);
  assert.deepEqual([sessions.length, broken[0].file], [1, "broken.json"]);
});

test("validate reports findings with their place", async () => {
  const { dir } = await sample();
  assert.deepEqual(callboard(["validate", dir]), { code: 0, out: "1 file, 0 with errors, 0 with warnings.\n", err: "" });
  const broken = join(dir, "broken.json");
  await writeFile(broken, '{"session_id": "a",\n}');
  const found = callboard(["validate", dir, broken]);
  assert.equal(found.code, 1);
  assert.ok(found.out.startsWith(`${broken}:2:1: error: `), found.out);
  assert.ok(found.out.endsWith("3 files, 2 with errors, 0 with warnings.\n"));
  const nofile = join(dir, "none.json");
  const half = callboard(["validate", nofile, broken]);
  assert.deepEqual([half.code, half.err], [3, `callboard: There is no file or folder ${nofile}.\n`]);
  assert.ok(half.out.endsWith("1 file, 1 with errors, 0 with warnings.\n"));
  const { files, missing } = JSON.parse(callboard(["validate", "--json", nofile, broken]).out);
  assert.deepEqual(files.map(({ file, diagnostics }) => [file, diagnostics[0].code]), [[broken, "unexpected_character"]]);
  assert.deepEqual(missing.map(({ file, code }) => [file, code]), [[nofile, "session_not_found"]]);
  const empty = await folder();
  assert.deepEqual(callboard(["validate", empty]), { code: 3, out: "", err: `callboard: There are no session files in ${empty}.\n` });
});

test("the dashboard draws a table with bars, and again when a session changes", async () => {
  const { dir, at } = await sample();
  const { out } = callboard(["session", "dashboard", ...at]);
  assert.match(out, /^Active +1\n/);
  assert.match(out, /ep_001_20240811_1430 +WRITING +███░░░░░░░░░ +25 % +at_risk +script_writer: expected 2 min ago\./);
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
  assert.deepEqual(callboard(["schema", "--json"]), callboard(["schema"]));
  assert.ok(JSON.parse(callboard(["schema", "--shape"]).out).properties.recognise, "the schema of shapes");
});

test("mistakes on the command line are explained, with exit code 2", () => {
  const check = (args, expected) => {
    const { code, out, err } = callboard(args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, expected);
    assert.equal(err.trimEnd().split("\n").length, 1);
  };
  check(["lisst"], /^callboard: Unknown command "lisst"\. Did you mean "list"\?\n$/);
  check(["session", "stats"], /^callboard: Unknown command "session stats"\. Did you mean "session status"\?\n$/);
  check(["session", "weather"], /^callboard: Unknown command "session weather"\. The subcommands of session are init, /);
  check(["production"], /^callboard: Unknown command "production"\. The commands are open, session init, /);
  check(["session", "init", "--episode", "1"], /^callboard: session init needs --topic\./);
  check(["session", "init", "--episode", "one", "--topic", "x"], /^callboard: --episode must be a number, not "one"\.\n$/);
  check(["session", "init", "--episode", "1", "--topic", "x", "--complexity", "9"], /^callboard: .*complexity/);
  check(["session", "init", "--episode", "1", "--topic", "x", "--complexity", "abc"], /^callboard: --complexity must be a number/);
  check(["session"], /^callboard: session needs a subcommand\. Give one of init, status, resume, dashboard\.\n$/);
  check(["help", "lisst"], /^callboard: Unknown command "lisst"\. Did you mean "list"\?/);
  check(["session", "status"], /^callboard: The number of arguments is wrong\. Usage: callboard session status <id> \[<tree>\]\./);
  check(["list", "--color"], /^callboard: Unknown option '--color'\./);
  check(["session", "init", "--episode", "1", "--topic", "x", "--budget", "-1"], /^callboard: --budget has no value\. Write a value that begins with a dash as --budget=-1\.\n$/);
  for (const now of ["noon", "", "5"]) {
    check(["session", "dashboard", "--dir", HERE, "--now", now], /^callboard: --now must be a time such as 2024-08-11T14:30:00Z, not "\w*"\.\n$/);
  }
  check(["list", "--dir", ""], /^callboard: --dir is empty: it must be the path of a folder\.\n$/);
  for (const event of ["[]", "null", '"start"']) check(["apply", ID, event], /^callboard: The event must be a JSON object\. See callboard apply --help\.\n$/);
  check(["apply", ID, "{"], /^callboard: The event is not JSON: /);
});

test("missing sessions and folders are reported, with exit code 3", async () => {
  const { dir } = await sample();
  const { code, err } = callboard(["session", "status", "tides", "--dir", dir]);
  assert.deepEqual([code, err], [3, `callboard: There is no session tides in ${dir}. Run \`callboard list\` to see the sessions, and the files that cannot be read.\n`]);
  assert.equal(callboard(["list", "--dir", join(dir, "none")]).code, 3);
  assert.equal(callboard(["validate", join(dir, "none")]).code, 3);
  for (const extra of [[], ["--watch"]]) {
    const nowhere = callboard(["session", "dashboard", ...extra, "--dir", join(dir, "none")]);
    assert.deepEqual([nowhere.code, nowhere.out], [3, ""]);
    assert.equal(nowhere.err, `callboard: There is no folder ${join(dir, "none")}. Name the folder that holds the session files.\n`);
  }
  const merged = callboard(["merge", join(dir, "a"), join(dir, "b"), join(dir, "c")]);
  assert.equal(merged.code, 3);
  assert.match(merged.err, /^callboard: There is no file [^ ]+\.\n$/);
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
  for (const name of names) assert.equal(callboard(["help", ...name.split(" ")]).out, callboard([...name.split(" "), "--help"]).out);
  assert.deepEqual(callboard(["help"]), { code: 0, out, err: "" });
  for (const args of [["session", "--help"], ["session", "-h"], ["help", "session"]]) {
    const session = callboard(args);
    assert.deepEqual([session.code, session.err], [0, ""]);
    assert.ok(session.out.includes("\n  session resume ") && !session.out.includes("\n  merge "));
  }
  assert.match(callboard(["--version"]).out, /^\d+\.\d+\.\d+\n$/);
});

test("control characters in a file do not reach the terminal", async () => {
  const dir = await folder();
  const at = ["--dir", dir, "--now", NOW];
  const id = "ep\u001b[2J\n\u009b1m\u202e";
  const data = JSON.parse(await readFile(FIXTURE, "utf8"));
  data.session_id = id;
  data.episode.topic = "a\u0007b";
  data.agent_outputs.script_writer.error = "c\u001b]0;title\u0007";
  await writeFile(join(dir, "a.json"), JSON.stringify(data));
  await writeFile(join(dir, "b\u001b[31m.json"), "{");
  const commands = [
    ["list", ...at],
    ["session", "status", id, ...at],
    ["session", "dashboard", ...at],
    ["validate", dir],
    ["session", "status", "none\u001b[2J", ...at],
    ["apply", id, '{"type": "start", "agent": "a\\u001b[2J"}', ...at],
    ["apply", id, '{"type": "fail", "agent": "script_writer", "error": "d\\u001b[2J"}', ...at],
    ["lisst\u001b[2J"],
  ];
  for (const command of commands) {
    const { out, err } = callboard(command);
    assert.doesNotMatch(out + err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/, command.join(" "));
    if (command.includes("--dir") === false || command[0] === "validate") continue;
    const json = callboard([...command, "--json"]);
    assert.doesNotMatch(json.out + json.err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/, command.join(" "));
  }
  assert.ok(callboard(["session", "status", id, ...at]).out.includes("ep\\u001b[2J\\n\\u009b1m\\u202e"));
  assert.equal(JSON.parse(callboard(["list", "--json", ...at]).out).sessions[0].session_id, id);
});

test("status shows a topic of any kind", async () => {
  const dir = await folder();
  for (const [topic, shown] of [[5, "5"], [{ a: 1 }, '{"a":1}'], [null, "–"]]) {
    const data = JSON.parse(await readFile(FIXTURE, "utf8"));
    data.episode.topic = topic;
    await writeFile(join(dir, "a.json"), JSON.stringify(data));
    const { code, out, err } = callboard(["session", "status", ID, "--dir", dir, "--now", NOW]);
    assert.deepEqual([code, err], [0, ""]);
    assert.ok(out.includes(`Topic     ${shown}\n`), out);
  }
});

test("the dashboard counts in one line the files that it leaves out", async () => {
  const { dir, at } = await sample();
  await copyFile(FIXTURE, join(dir, "twin.json"));
  await writeFile(join(dir, "broken.json"), "{");
  await mkdir(join(dir, "folder.json"));
  const { code, out } = callboard(["session", "dashboard", ...at]);
  assert.equal(code, 0);
  const line = "Not included: 2 files unreadable, and 1 file with another's session_id. See callboard list.\n";
  assert.ok(out.endsWith(`\n\n${line}`), out);
  assert.ok(callboard(["list", ...at]).out.includes("folder.json is a folder, not a file.\n"));
  const json = callboard(["session", "dashboard", "--json", ...at]);
  assert.deepEqual([json.err, JSON.parse(json.out).active_sessions.length], [`callboard: ${line}`, 1]);
});

test("every command reports a link to nothing", async () => {
  const { dir, at } = await sample();
  const gone = join(dir, "gone.json");
  await symlink("nothing", gone);
  const says = "gone.json is a link to a file that is not there.";
  assert.ok(callboard(["list", ...at]).out.endsWith(`${says}\n`));
  assert.ok(callboard(["session", "dashboard", ...at]).out.endsWith("Not included: 1 file unreadable. See callboard list.\n"));
  const found = callboard(["validate", dir]);
  assert.deepEqual([found.code, found.out], [1, `${gone}:1:1: error: ${says} [unreadable]\n2 files, 1 with errors, 0 with warnings.\n`]);
  assert.deepEqual(callboard(["validate", gone]), { code: 3, out: "", err: `callboard: ${says}\n` });
});

test("list, status, the dashboard and resume agree on a session", async () => {
  const dir = await folder();
  for (const count of [1, 2, 3]) {
    const agent = { status: "complete", execution_time: 60 };
    const session = { session_id: `done_${count}`, pipeline_state: { current_stage: "complete" }, agent_outputs: { research_coordinator: agent } };
    await writeFile(join(dir, `${count}.json`), JSON.stringify(session));
  }
  const agent = { status: "in_progress", start_time: "2024-08-11T14:10:00Z" };
  const late = { session_id: "late", pipeline_state: { current_stage: "research" }, agent_outputs: { research_coordinator: agent } };
  await writeFile(join(dir, "late.json"), JSON.stringify(late));
  const json = (...args) => JSON.parse(callboard([...args, "--json", "--dir", dir, "--now", NOW]).out);
  // An hour and ten minutes: more than the median of a minute allows, and less than the default.
  assert.equal(json("session", "dashboard").active_sessions[0].health, "stalled");
  assert.equal(json("session", "status", "late").health.health, "stalled");
  assert.equal(json("list").sessions.find(({ session_id }) => session_id === "late").health, "stalled");
  assert.equal(json("session", "resume", "late").to, "RETRY");
});
