// The installed package in every runtime that is not a browser: the same program, the same answer.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

const PROJECT = process.env.CALLBOARD_PROJECT;
const FIXTURE = fileURLToPath(new URL("../fixtures/sessions/ep001_session_20240811.json", import.meta.url));
const programs = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));

const program = `
const run = async ({ Session }, { FileStore, runAgent }, { mkdtemp, readFile, rm }, { tmpdir }, { join }) => {
  const session = Session.parse(await readFile(${JSON.stringify(FIXTURE)}, "utf8"));
  const event = { type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 };
  session.apply(event, { now: "2024-08-11T15:20:00Z" });
  const folder = await mkdtemp(join(tmpdir(), "callboard-"));
  const store = new FileStore(folder, { now: () => "2024-08-11T14:30:00Z" });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const { next } = await runAgent(store, id, "research_coordinator", async () => ({ cost: 1 }));
  // No two runs have the same keys.
  const text = (await store.load(id)).text.replace(/run-[0-9a-f]{20}/g, "run-");
  await rm(folder, { recursive: true });
  console.log(JSON.stringify({ state: session.state, text: session.toString(), id, next, kept: text }));
};
`;
const modules = ["callboard", "callboard/node", "node:fs/promises", "node:os", "node:path"];

before(async () => {
  const imports = modules.map((name, at) => `import * as m${at} from "${name}";\n`).join("");
  await writeFile(join(PROJECT, "run.mjs"), `${imports}${program}await run(m0, m1, m2, m3, m4);\n`);
  const required = modules.map((name) => `require("${name}")`).join(", ");
  await writeFile(join(PROJECT, "run.cjs"), `${program}run(${required});\n`);
});

/** Runs the program; the answer it prints. */
function answer(command, ...args) {
  // Deno and Bun come with their own places to keep things: nothing of theirs is to be in the home folder.
  const env = { ...process.env, DENO_DIR: join(PROJECT, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: PROJECT, encoding: "utf8", env });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const node = () => answer(process.execPath, "run.mjs");

test("Node imports it", () => {
  const { state, id, next } = node();
  assert.deepEqual([state, id, next.agent], ["EVALUATING", "ep_001_20240811_1430", "script_writer"]);
});

test("Node requires it", () => assert.deepEqual(answer(process.execPath, "run.cjs"), node()));

test("Deno runs it", () => {
  const flags = ["run", "--no-prompt", "--allow-all", "--cached-only", "--node-modules-dir=manual"];
  assert.deepEqual(answer(join(programs, "deno"), ...flags, "run.mjs"), node());
});

test("Bun runs it", () => assert.deepEqual(answer(join(programs, "bun"), "run", "--no-install", "run.mjs"), node()));
