// Concurrent writes of one file by many processes, and recovery from killed ones.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { Session } from "callboard";
import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const WRITER = fileURLToPath(new URL("support/writer.mjs", import.meta.url));
const now = "2024-08-11T14:30:00Z";

/** Number of updates by each of eight processes, and of killed processes. Higher numbers find rarer problems. */
const UPDATES = Number(process.env.CALLBOARD_UPDATES ?? 200);
const KILLS = Number(process.env.CALLBOARD_KILLED_WRITERS ?? 200);
const event = { type: "progress", agent: "research_coordinator", cost: 0.01 };

async function running() {
  const store = new FileStore(await folder(), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  await store.updateSessionState(id, "research_coordinator", { status: "in_progress" });
  const { file, text } = await store.load(id);
  return { store, id, text, path: join(store.folder, file) };
}

/** Starts a process that writes. `dots` counts the updates that it reports as stored. */
function writer(store, id, times, onDot = () => {}) {
  const child = spawn(process.execPath, [WRITER, store.folder, id, String(times)], { stdio: ["ignore", "pipe", "inherit"] });
  const state = { child, dots: 0, ended: once(child, "close") };
  child.stdout.on("data", (chunk) => {
    state.dots += chunk.length;
    onDot(state);
  });
  return state;
}

/** Generates all possible versions of the file: each has one more event than the one before it. */
function versions(text) {
  const session = Session.parse(text);
  const known = [text];
  return (count) => {
    while (known.length <= count) {
      session.apply(event, { now: "2024-08-11T14:31:00Z" });
      known.push(session.toString());
    }
    return known[count];
  };
}

/** Counts the events of a file's text since it had two. */
const events = (text) => JSON.parse(text).history.length - 2;

test(`eight processes of ${UPDATES} updates each lose nothing, and no reader sees a torn file`, async () => {
  const { store, id, path, text } = await running();
  const version = versions(text);
  let writing = true;
  const reading = (async () => {
    let seen = 0;
    for (let reads = 0; writing; reads += 1) {
      const found = await readFile(path, "utf8");
      const count = events(found);
      assert.ok(count >= seen, "the file never goes back");
      // Each spelling of each version is compared, not only that it parses.
      if (count > seen || reads === 0) assert.ok(found === version(count), `version ${count} is whole`);
      seen = count;
    }
  })();
  const writers = Array.from({ length: 8 }, () => writer(store, id, UPDATES));
  for (const { ended } of writers) assert.deepEqual(await ended, [0, null]);
  writing = false;
  await reading;
  const after = await readFile(path, "utf8");
  assert.equal(events(after), 8 * UPDATES);
  assert.equal(JSON.parse(after).cost_tracking.total, (8 * UPDATES) / 100);
  assert.equal(after, version(8 * UPDATES));
  assert.deepEqual(await readdir(store.folder), ["ep001_session_20240811.json"], "no lock or temporary file is left");
});

test("a killed writer leaves one version or the next, and its lock is taken over", async () => {
  const { store, id, path, text } = await running();
  const version = versions(text);
  let kills = 0;
  let kept = 0;
  // Several at once, so that more than one process finds the lock of a dead one.
  const lane = async () => {
    while (kills < KILLS) {
      kills += 1;
      const at = 1 + Math.floor(Math.random() * 4);
      let shot = false;
      const state = writer(store, id, 1000, ({ child, dots }) => {
        if (dots < at || shot) return;
        shot = true;
        setTimeout(() => child.kill("SIGKILL"), Math.random() * 6);
      });
      const [, signal] = await state.ended;
      assert.equal(signal, "SIGKILL", "it wrote until it was killed: the lock before it was taken over");
      kept += state.dots;
      const found = await readFile(path, "utf8");
      assert.ok(found === version(events(found)), "the file is one of the versions");
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  await store.apply(id, event, { now: "2024-08-11T14:31:00Z" });
  const after = await readFile(path, "utf8");
  assert.equal(after, version(events(after)));
  // The file has every reported update of each killed process, and at most one unreported update.
  assert.ok(events(after) > kept && events(after) <= kept + 1 + KILLS, `${events(after)} of ${kept}`);
  const left = await readdir(store.folder);
  assert.ok(!left.some((name) => name.endsWith(".lock")), "no lock is left");
});
