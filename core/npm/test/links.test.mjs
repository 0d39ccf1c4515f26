// One session file reached by several paths: one lock, and no update lost.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, readFile, readdir, rename, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const WRITER = fileURLToPath(new URL("support/writer.mjs", import.meta.url));
const now = "2024-08-11T14:30:00Z";
const FILE = "ep001_session_20240811.json";

async function running() {
  const root = await folder();
  const store = new FileStore(join(root, "real"), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  await store.apply(id, { type: "start", agent: "research_coordinator" });
  return { root, store, id, path: join(store.folder, FILE) };
}

/** Creates a folder in which the session's file is a link to another. */
async function linked(root, name, target) {
  const made = join(root, name);
  await mkdir(made);
  await symlink(target, join(made, `${name}.json`));
  return made;
}

async function writes(folder, id, times) {
  const child = spawn(process.execPath, [WRITER, folder, id, String(times)], { stdio: ["ignore", "ignore", "inherit"] });
  assert.deepEqual(await once(child, "close"), [0, null]);
}

test("processes that come by links and directly take turns: every update is kept", async () => {
  const { root, store, id, path } = await running();
  await symlink(store.folder, join(root, "folder-link"));
  const ways = [
    store.folder,
    join(root, "folder-link"),
    await linked(root, "direct", path),
    await linked(root, "relative", relative(join(root, "relative"), path)),
    await linked(root, "chain", join(root, "direct", "direct.json")),
    await linked(root, "through", join(root, "folder-link", FILE)),
  ];
  await Promise.all(ways.map((way) => writes(way, id, 40)));
  const { history, cost_tracking } = JSON.parse(await readFile(path, "utf8"));
  assert.equal(history.filter(({ event }) => event === "progress").length, 40 * ways.length);
  assert.equal(cost_tracking.total, (40 * ways.length) / 100);
  assert.ok((await lstat(join(root, "chain", "chain.json"))).isSymbolicLink(), "a link stays one");
  assert.deepEqual(await readdir(store.folder), [FILE]);
  for (const name of ["direct", "relative", "chain", "through"]) assert.deepEqual(await readdir(join(root, name)), [`${name}.json`]);
});

test("a link whose target changes while its lock is held is followed again", async () => {
  const { root, id, path } = await running();
  const way = await linked(root, "moving", path);
  const other = join(root, "other.json");
  await writeFile(other, await readFile(path));
  const before = await readFile(path, "utf8");
  const store = new FileStore(way, { now: () => now });
  let tries = 0;
  await store.exclusively(id, async (swap) => {
    tries += 1;
    const { text } = await store.load(id);
    if (tries === 1) {
      await symlink(other, join(way, "new-link"));
      await rename(join(way, "new-link"), join(way, "moving.json"));
    }
    return swap(text, `${text}\n`);
  });
  assert.equal(tries, 2);
  assert.deepEqual([await readFile(path, "utf8"), await readFile(other, "utf8")], [before, `${before}\n`]);
});
