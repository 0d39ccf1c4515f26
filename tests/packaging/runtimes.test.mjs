// The installed package in every runtime except browsers: the same program prints the same output.
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
  // Keys differ between runs.
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

/** Runs the program, and returns its output. */
function answer(command, ...args) {
  // Deno and Bun have folders of their own, which must not be in the home folder.
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
