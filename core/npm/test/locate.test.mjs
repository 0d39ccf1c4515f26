// The folder of the sessions and their policy: callboard.json, the search upwards, and the order of precedence.
import assert from "node:assert/strict";
import { mkdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { sessionFolder } from "callboard";
import { FileStore, findSessions } from "callboard/node";

import { folder } from "./support/folder.mjs";

const now = "2024-08-11T14:30:00Z";
const env = {};

/** A repository with a folder deep in it. */
async function repository() {
  const root = await realpath(await folder());
  const deep = join(root, "tools", "agents");
  await mkdir(join(root, ".git"));
  await mkdir(deep, { recursive: true });
  return { root, deep };
}

const configure = (at, config) => writeFile(join(at, "callboard.json"), JSON.stringify(config));

test("the sessions are found from any folder below, and no second tree is created beside one", async () => {
  const { root, deep } = await repository();
  const tree = join(root, sessionFolder());
  assert.deepEqual(findSessions({ cwd: deep, env }), { folder: join(deep, sessionFolder()), source: "default", config: undefined });
  await mkdir(tree, { recursive: true });
  for (const cwd of [root, deep, tree, join(root, "projects")]) {
    assert.deepEqual(findSessions({ cwd, env }), { folder: tree, source: "found", config: undefined }, cwd);
  }
});

test("callboard.json names the folder, the environment wins over it, and an option over both", async () => {
  const { root, deep } = await repository();
  await mkdir(join(root, sessionFolder()), { recursive: true });
  await configure(root, { sessions: "data/episodes" });
  const config = join(root, "callboard.json");
  assert.deepEqual(findSessions({ cwd: deep, env }), { folder: join(root, "data/episodes"), source: "config", config });
  assert.equal(findSessions({ cwd: deep, env: { CALLBOARD_DIR: "" } }).source, "config");
  const variable = { CALLBOARD_DIR: "../elsewhere" };
  assert.deepEqual(findSessions({ cwd: deep, env: variable }), { folder: join(root, "tools/elsewhere"), source: "environment", config: undefined });
  assert.deepEqual(findSessions({ cwd: deep, env: variable, dir: "here" }), { folder: join(deep, "here"), source: "option", config: undefined });
  await configure(deep, { policy: { retry_limit: 5 } });
  assert.equal(findSessions({ cwd: deep, env }).folder, join(root, "data/episodes"), "one that names no folder hides none");
  assert.throws(() => findSessions({ cwd: deep, env, dir: "" }), { code: "invalid_value" });
});

test("the search ends at the repository's root, also of a worktree and a submodule", async () => {
  const { root, deep } = await repository();
  await configure(root, { sessions: "outside", policy: { retry_limit: 9 } });
  await writeFile(join(deep, ".git"), "gitdir: ../../.git/worktrees/agents\n");
  assert.deepEqual(findSessions({ cwd: deep, env }), { folder: join(deep, sessionFolder()), source: "default", config: undefined });
  assert.equal(new FileStore(join(deep, "sessions")).policy, undefined);
});

test("the first sessions belong beside the nearest callboard.json", async () => {
  const { root, deep } = await repository();
  await configure(root, { policy: { retry_limit: 5 } });
  assert.equal(findSessions({ cwd: deep, env }).folder, join(root, sessionFolder()));
});

test("a store uses the nearest policy, as it is now, and an explicit one wins key by key", async () => {
  const { root } = await repository();
  const sessions = join(root, "data", "sessions");
  const policy = { retry_limit: 0, thresholds: { overall: 0.5, technical: 0.6 } };
  await configure(root, { policy });
  const store = new FileStore(sessions, { now: () => now });
  assert.deepEqual(store.policy, policy);
  const own = new FileStore(sessions, { policy: { retry_limit: undefined, thresholds: { overall: 0.7 }, budget: 2 } });
  assert.deepEqual(own.policy, { retry_limit: 0, thresholds: { overall: 0.7, technical: 0.6 }, budget: 2 });

  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  await store.apply(id, { type: "start", agent: "research_coordinator" });
  const failed = await store.handleAgentFailure(id, "research_coordinator", "timeout");
  assert.equal(failed.next.step, "escalate", "no retry is allowed by the file");
  assert.equal((await store.getSessionHealth(id)).health, "failed");
  assert.deepEqual((await store.dashboard()).active_sessions.map(({ health }) => health), ["failed"]);
  assert.deepEqual((await store.list()).broken, [], "callboard.json is no broken session");

  await mkdir(sessions, { recursive: true });
  await configure(sessions, { policy: { retry_limit: 2 } });
  assert.deepEqual(store.policy, { retry_limit: 2 }, "the nearest wins, and is read when it comes");
  assert.deepEqual((await store.list()).broken, [], "callboard.json is no broken session");
  await configure(sessions, { policy: { retry_limit: 12 } });
  assert.deepEqual(store.policy, { retry_limit: 12 });
  await rm(join(sessions, "callboard.json"));
  assert.deepEqual(store.policy, policy);
});

test("a folder reached by a link has the same policy", async () => {
  const { root } = await repository();
  const real = join(root, "real", "sessions");
  await mkdir(real, { recursive: true });
  await mkdir(join(root, "work"));
  await symlink(real, join(root, "work", "sessions"));
  await configure(join(root, "real"), { policy: { retry_limit: 5 } });
  assert.deepEqual(new FileStore(join(root, "work", "sessions")).policy, { retry_limit: 5 });
});

test("the policy of a callboard.json that names a folder elsewhere governs it", async () => {
  const { root, deep } = await repository();
  await configure(deep, { sessions: "../../data", policy: { retry_limit: 7 } });
  const { folder: sessions, config } = findSessions({ cwd: deep, env });
  assert.deepEqual(new FileStore(sessions, { config }).policy, { retry_limit: 7 });
  await configure(root, { policy: { retry_limit: 8 } });
  assert.deepEqual(new FileStore(sessions, { config }).policy, { retry_limit: 8 }, "one above the sessions comes first");
});
