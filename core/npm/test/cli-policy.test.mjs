// Every command goes by the policy and the folder that callboard.json, the environment or an option names.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { Session } from "callboard";
import { FileStore } from "callboard/node";

import { NOW, callboard, env } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

const AGENT = "research_coordinator";
const FAIL = JSON.stringify({ type: "fail", agent: AGENT, error: "timeout" });
const TREE = "projects/nobody-knows/output/sessions";

/** Creates a repository with a separate folder of sessions and a policy of five retries. */
async function repository(config = { policy: { retry_limit: 5 }, sessions: "episodes" }) {
  const root = await folder();
  await mkdir(join(root, ".git"));
  await mkdir(join(root, "tools", "deep"), { recursive: true });
  await writeFile(join(root, "callboard.json"), JSON.stringify(config, null, 2));
  return { root, deep: join(root, "tools", "deep") };
}

/** Creates a session in a folder that failed three times and is running again. */
async function threeFailures(dir) {
  const store = new FileStore(dir, { now: () => NOW, policy: { retry_limit: 5 } });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  for (let count = 0; count < 3; count += 1) {
    await store.apply(id, { type: "start", agent: AGENT });
    await store.handleAgentFailure(id, AGENT, "timeout");
  }
  await store.apply(id, { type: "start", agent: AGENT });
  return id;
}

const dataIn = async (dir) => JSON.parse(await readFile(join(dir, (await readdir(dir)).find((name) => name.endsWith(".json"))), "utf8"));

test("the fourth failure of a harness that allows five retries escalates nothing", async () => {
  const { root, deep } = await repository();
  const dir = join(root, "episodes");
  await threeFailures(dir);
  const run = (...args) => callboard([...args, "--now", NOW], { cwd: deep });
  const applied = run("apply", "1", FAIL);
  assert.deepEqual([applied.code, applied.err], [0, ""]);
  assert.match(applied.out, new RegExp(`Next: retry ${AGENT}\\.`));
  assert.equal((await dataIn(dir)).pipeline_state.escalation, undefined);
  assert.match(run("session", "status", "1").out, /^Attempts +4 of 6$/m);
  assert.match(run("session", "dashboard").out, /FAILED +\S+ +0 % +at_risk/);
  assert.match(run("list").out, /FAILED +0 % +at_risk/);
  const resumed = run("session", "resume", "1");
  assert.deepEqual([resumed.code, resumed.out], [0, `${AGENT}: FAILED → RETRY. Next: start ${AGENT}.\n`]);
  assert.match(run("session", "init", "--episode", "2", "--topic", "x").out, /^ep_002_/);
  assert.equal((await readdir(dir)).length, 2, "init goes by it too");
});

test("an explicit policy wins over the file's, and the default one comes last", async () => {
  const { root, deep } = await repository();
  const dir = join(root, "episodes");
  await threeFailures(dir);
  const strict = join(root, "strict.json");
  await writeFile(strict, '{ "policy": { "retry_limit": 3 } }');
  const attempts = (...args) => JSON.parse(callboard(["session", "status", "1", "--json", "--now", NOW, ...args], { cwd: deep }).out).attempts.limit;
  assert.equal(attempts(), 6);
  assert.equal(attempts("--policy", strict), 4);
  await writeFile(join(root, "callboard.json"), '{ "sessions": "episodes" }');
  assert.equal(attempts(), 4);
  const escalated = callboard(["--policy", strict, "apply", "1", FAIL, "--now", NOW], { cwd: deep });
  assert.match(escalated.out, /is escalated: decide/);
});

test("an unreadable policy is an error with its place, and changes nothing", async () => {
  const { root, deep } = await repository();
  await threeFailures(join(root, "episodes"));
  const before = await dataIn(join(root, "episodes"));
  await writeFile(join(root, "callboard.json"), '{\n  "policy": { "retry_limt": 5 },\n  "sessions": "episodes"\n}\n');
  for (const args of [["apply", "1", FAIL], ["session", "status", "1"], ["session", "dashboard"], ["list"]]) {
    const { code, out, err } = callboard([...args, "--now", NOW], { cwd: deep });
    assert.deepEqual([code, out], [3, ""], args.join(" "));
    assert.match(err, /^callboard: .*callboard\.json: .*"retry_limt"\. Did you mean "retry_limit"\? \(line 2, column 15\)\.\n$/, args.join(" "));
  }
  const { error } = JSON.parse(callboard(["list", "--json"], { cwd: deep }).out);
  assert.deepEqual([error.line, error.column], [2, 15]);
  assert.deepEqual(await dataIn(join(root, "episodes")), before);
  const found = callboard(["validate", join(root, "callboard.json")]);
  assert.equal(found.code, 1);
  assert.match(found.out, /callboard\.json:2:15: error: /);
  assert.match(callboard(["list", "--policy", join(root, "none.json")], { cwd: await folder() }).err, /^callboard: There is no file .*none\.json\.\n$/);
});

test("CALLBOARD_DIR names the folder, and --dir wins over it", async () => {
  const { root, deep } = await repository();
  const [one, two] = [join(root, "one"), join(root, "two")];
  await threeFailures(one);
  await mkdir(two);
  const list = (args, extra) => JSON.parse(callboard(["list", "--json", ...args], { cwd: deep, env: { ...env, ...extra } }).out).sessions?.length;
  assert.equal(list([], { CALLBOARD_DIR: one }), 1);
  assert.equal(list(["--dir", two], { CALLBOARD_DIR: one }), 0);
  assert.equal(list(["--dir", "../../one"], {}), 1);
});

test("no second tree is created below an existing one", async () => {
  const root = await folder();
  await mkdir(join(root, ".git"));
  const init = (cwd, number, ...more) => callboard(["session", "init", "--episode", String(number), "--topic", "x", "--now", NOW, ...more], { cwd });
  assert.equal(init(root, 1).code, 0);
  const deep = join(root, "projects", "nobody-knows");
  assert.equal(init(deep, 2).code, 0);
  assert.equal(init(join(root, TREE), 3).code, 0);
  assert.equal((await readdir(join(root, TREE))).length, 3);
  assert.deepEqual(await readdir(deep), ["output"]);
  // A folder that is named explicitly is created.
  assert.equal(init(deep, 4, "--dir", "own").code, 0);
  assert.deepEqual(await readdir(deep), ["output", "own"]);
});

test("a session created by the command follows the policy of its repository", async () => {
  const { root, deep } = await repository({ policy: { budget: 12.5 } });
  callboard(["session", "init", "--episode", "1", "--topic", "x"], { cwd: deep });
  const session = Session.parse(JSON.stringify(await dataIn(join(root, TREE))));
  assert.equal(session.data().cost_tracking.budget, 12.5);
  session.free();
});
