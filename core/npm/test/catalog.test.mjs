// The file that represents a session, and the files that are read to find it.
import assert from "node:assert/strict";
import { readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { MemoryStore, Store } from "callboard/memory";
import { FileStore } from "callboard/node";

import { withFault } from "./support/fault.mjs";
import { folder } from "./support/folder.mjs";

const now = "2024-08-11T14:30:00Z";
const start = { type: "start", agent: "research_coordinator" };

const took = (id, seconds) => `{"session_id": "${id}", "pipeline_state": {"current_stage": "complete"},
  "agent_outputs": {"research_coordinator": {"status": "complete", "execution_time": ${seconds}}}}`;

/** Creates a folder of sessions that were last changed long ago. */
async function many(count) {
  const path = await folder();
  const long = new Date(Date.now() - 60_000);
  for (let at = 0; at < count; at += 1) {
    const file = join(path, `s${at}.json`);
    await writeFile(file, took(`s${at}`, 100 + at));
    await utimes(file, long, long);
  }
  // Setting a file's times is also a change, whose own time cannot be set.
  return path;
}

/** Counts the files that `work` reads. */
async function reads(work) {
  let count = 0;
  const counted = (real, path, ...args) => {
    if (String(path).endsWith(".json")) count += 1;
    return real(path, ...args);
  };
  await withFault("open", counted, () => withFault("openSync", counted, work));
  return count;
}

test("a question about one session reads the others once, and again only when they change", async () => {
  const store = new FileStore(await many(40), { now: () => now, durationsAge: 0 });
  await store.list();
  await old(store.folder);
  await store.getSessionHealth("s7");
  assert.equal(await reads(() => store.getSessionProgress("s7")), 1);
  assert.equal(await reads(() => store.getSessionHealth("s7")), 1);
  assert.equal(await reads(() => store.typicalPolicy()), 0);
  await writeFile(join(store.folder, "s3.json"), took("s3", 5000));
  assert.equal(await reads(() => store.typicalPolicy()), 1);
});

/** Waits until all files are old enough that no later change can have the same time. */
async function old(path) {
  const files = (await readdir(path)).map((name) => join(path, name));
  for (;;) {
    const times = await Promise.all(files.map(async (file) => (await stat(file)).ctimeMs));
    if (Date.now() - Math.max(...times) > 2100) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("typical durations are fetched again when they are older than durationsAge", async () => {
  let lists = 0;
  class Remote extends Store {
    texts = [took("a", 60), took("b", 60), took("c", 60)];

    async list() {
      lists += 1;
      return { sessions: this.texts.map((text) => ({ id: JSON.parse(text).session_id, text })), broken: [] };
    }

    async load(id) {
      return { id, text: this.texts.find((text) => text.includes(`"${id}"`)) };
    }
  }
  const store = new Remote({ now: () => now });
  for (let count = 0; count < 5; count += 1) await Promise.all([store.getSessionProgress("a"), store.getSessionHealth("b")]);
  assert.equal(lists, 1);
  store.texts = [took("a", 90), took("b", 90), took("c", 90)];
  assert.equal((await store.typicalPolicy()).typical_durations.research, 60, "as it was");
  await store.dashboard();
  assert.equal((await store.typicalPolicy()).typical_durations.research, 90, "as the dashboard has just said");
  assert.equal(lists, 2);
  const impatient = new Remote({ durationsAge: 0 });
  await impatient.typicalPolicy();
  await new Promise((resolve) => setTimeout(resolve, 2));
  await impatient.typicalPolicy();
  assert.equal(lists, 4);
  assert.throws(() => new Remote({ durationsAge: "1 min" }), { code: "invalid_value" });
});

test("a store in memory sees changes at once", async () => {
  const store = new MemoryStore({ sessions: [took("a", 60), took("b", 60), took("c", 60)] });
  assert.equal((await store.typicalPolicy()).typical_durations.research, 60);
  for (const id of ["a", "b", "c"]) await store.compareAndSwap(id, took(id, 60), took(id, 90));
  assert.equal((await store.typicalPolicy()).typical_durations.research, 90);
});

test("load, list, the dashboard and a change use the same one of several files of a session", async () => {
  const store = new FileStore(await folder(), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const own = (await store.load(id)).file;
  const agree = async (asked) => {
    const { sessions } = await asked.list();
    assert.deepEqual(sessions.map(({ id }) => id), [id]);
    assert.equal((await asked.load(id)).file, sessions[0].file);
    assert.equal((await asked.dashboard()).active_sessions.length, 1);
    const other = new FileStore(store.folder, { now: () => now });
    assert.equal((await other.load(id)).file, sessions[0].file);
    return sessions[0].file;
  };
  assert.equal(await agree(store), own);
  await writeFile(join(store.folder, "another name.json"), await readFile(join(store.folder, own)));
  const loaded = await agree(store);
  await store.apply(id, start);
  assert.equal(await agree(store), loaded);
  assert.equal((await store.dashboard()).active_sessions[0].state, "RESEARCHING");
  await rm(join(store.folder, loaded));
  const left = await agree(store);
  assert.notEqual(left, loaded);
  await rename(join(store.folder, left), join(store.folder, "renamed.json"));
  assert.equal(await agree(store), "renamed.json");
});

test("a file whose session_id is changed in place is found by the new one", async () => {
  const store = new FileStore(await folder(), { now: () => now });
  await writeFile(join(store.folder, "one.json"), took("a", 60));
  assert.equal((await store.load("a")).file, "one.json");
  await writeFile(join(store.folder, "one.json"), took("b", 60));
  assert.equal((await store.load("b")).file, "one.json");
  await assert.rejects(store.load("a"), { code: "session_not_found" });
});

test("reading thousands of files does not block the process", async () => {
  const path = await many(2000);
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  await new FileStore(path).list();
  clearInterval(ticking);
  assert.ok(turns > 0, `${turns} turns`);
});
