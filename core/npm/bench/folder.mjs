// A folder of ten thousand session files: the time of the store's list and of a question about one session, beside
// bare reading and parsing. Every side runs in every round, in a new order; the medians are of rounds.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { median, shuffled } from "./shuffle.mjs";

const root = new URL("../../../", import.meta.url);
const { FileStore } = await import(new URL("target/npm/package/store/node.js", root));

const FILES = 10_000;
const ROUNDS = 15;
const now = "2024-08-11T15:20:00Z";
const folder = fileURLToPath(new URL("target/bench-folder", root));
const text = readFileSync(new URL("tests/fixtures/sessions/ep001_session_20240811.json", root), "utf8");
const idOf = (count) => `ep_${String(count).padStart(5, "0")}_20240811_1430`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (let count = 1; count <= FILES; count++) {
  const own = text.replace("ep_001_20240811_1430", idOf(count));
  writeFileSync(join(folder, `ep${String(count).padStart(5, "0")}_session_20240811.json`), own);
}

const known = new FileStore(folder, { now: () => now, durationsAge: 0 });
const sides = {
  "bare read + JSON.parse": () => {
    const found = [];
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), "utf8");
      found.push({ id: JSON.parse(text).session_id, text });
    }
    return found;
  },
  "list, of a new store": async () => (await new FileStore(folder).list()).sessions,
  "list, again": async () => (await known.list()).sessions,
  "dashboard, of a new store": async () => (await new FileStore(folder, { now: () => now }).dashboard()).active_sessions,
  "progress of one, again": async () => [await known.getSessionProgress(idOf(5000))],
};

const BARE = "bare read + JSON.parse";
const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
for (let round = -3; round < ROUNDS; round++) {
  for (const [name, run] of shuffled(Object.entries(sides))) {
    globalThis.gc?.();
    const start = performance.now();
    const found = await run();
    const spent = performance.now() - start;
    assert.ok(found.length === FILES || name === "progress of one, again");
    if (round >= 0) times[name].push(spent);
  }
}
rmSync(folder, { recursive: true });

const bare = median(times[BARE]);
console.log(`${FILES} files of ${text.length} bytes, median of ${ROUNDS} rounds\n`);
for (const [name, spent] of Object.entries(times)) {
  const time = median(spent);
  console.log(`${name.padEnd(26)} ${time.toFixed(1).padStart(7)} ms   this / bare = ${(time / bare).toFixed(2)}`);
}
