// Backends: their revisions and pages, and the calls that a store makes to them.
import assert from "node:assert/strict";
import { copyFile, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { Session } from "callboard";
import { MemoryStore, Store } from "callboard/memory";
import { FileStore } from "callboard/node";

import { internal } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

const { Folder } = await internal("store/folder.js");
const { eachOf } = await internal("store/backend.js");

const now = "2024-08-11T14:30:00Z";
const AGENT = "research_coordinator";
const digest = { durations: { research: null, writing: null, evaluation: null, synthesis: null } };
const text = (id, note = "") => `{"session_id": "${id}", "pipeline_state": {"current_stage": "initialized"}, "note": "${note}"}`;

/** Counts the texts that are parsed while `work` runs. */
async function parses(work) {
  const { parse, fromBytes } = Session;
  let count = 0;
  Session.parse = (...args) => (count++, parse.apply(Session, args));
  Session.fromBytes = (...args) => (count++, fromBytes.apply(Session, args));
  try {
    await work();
  } finally {
    Object.assign(Session, { parse, fromBytes });
  }
  return count;
}

const stores = {
  memory: async () => new MemoryStore({ now: () => now }),
  files: async () => new FileStore(await folder(), { now: () => now }),
};

for (const [name, open] of Object.entries(stores)) {
  test(`${name}: an update parses the session once`, async () => {
    const store = await open();
    const id = await store.initializeSession({ episode: 1, topic: "tides" });
    const update = (cost) => store.updateSessionState(id, AGENT, { status: "in_progress", ...cost });
    assert.equal(await parses(() => update()), 1, "the first update after the session was created");
    for (let count = 0; count < 5; count += 1) assert.equal(await parses(() => update({ cost: 0.1 })), 1);
    assert.equal(await parses(() => store.handleAgentFailure(id, AGENT, "timeout")), 1, "two events in one write");
    assert.equal(await parses(() => store.change(id, () => {})), 1, "a change that writes nothing");
    assert.equal(await parses(() => store.durations()), 0, "the durations came with the writes");
  });
}

test("a text that another program has written is parsed again, and its session found", async () => {
  const store = new FileStore(await folder(), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const path = join(store.folder, (await store.load(id)).file);
  await writeFile(path, (await readFile(path, "utf8")).replace("tides", "the moon"));
  const start = { type: "start", agent: AGENT };
  assert.equal(await parses(() => store.apply(id, start)), 2, "once to see whose text it is, once for the event");
  assert.equal((await store.read(id, (session) => session.data())).episode.topic, "the moon");
  await writeFile(path, text("another"));
  await assert.rejects(store.apply(id, start), { code: "session_not_found" });
});

test("a folder's revision is that of the contents, and only its text is replaced", async () => {
  const path = await folder();
  const backend = new Folder(path);
  assert.equal(await backend.create("a", text("a"), digest), true);
  assert.equal(await backend.create("a", text("a"), digest), false, "it exists");
  const first = await backend.load("a");
  assert.equal(await backend.compareAndSwap("a", first.revision, text("a", "new"), digest), true);
  const second = await backend.load("a");
  assert.notEqual(second.revision, first.revision);
  assert.equal(await backend.compareAndSwap("a", first.revision, text("a", "lost"), digest), false);
  assert.equal(await backend.compareAndSwap("b", first.revision, text("b"), digest), false, "there is no such session");
  assert.equal((await backend.load("a")).text, text("a", "new"));
  // Another store of the folder has the same revision, which depends on the text only.
  assert.equal((await new Folder(path).load("a")).revision, second.revision);
});

test("a lock of a file that the session has left writes nothing, and says so", async () => {
  const backend = new Folder(await folder());
  await backend.create("a", text("a"), digest);
  const { file, revision } = await backend.load("a");
  const lock = await backend.lock("a");
  await rename(join(backend.path, file), join(backend.path, "moved.json"));
  assert.equal(await lock.compareAndSwap(revision, text("a", "new"), digest), false);
  assert.equal(lock.moved, true);
  await lock.release();
  assert.equal(await backend.compareAndSwap("a", revision, text("a", "new"), digest), true);
  assert.deepEqual((await backend.load("a")).file, "moved.json");
});

test("the pages of a folder are its list: each session once, in order, and every broken file", async () => {
  const path = await folder();
  const names = Array.from({ length: 150 }, (_, at) => `s${String(at).padStart(3, "0")}`);
  for (const id of names) await writeFile(join(path, `${id}.json`), text(id));
  await writeFile(join(path, "s010 broken.json"), "{]");
  for (const at of ["s020", "s120"]) await copyFile(join(path, `${at}.json`), join(path, `${at} copy.json`));
  const whole = await new Folder(path).list();
  const backend = new Folder(path);
  const sessions = [];
  const broken = [];
  let pages = 0;
  let cursor;
  do {
    const page = await backend.list({ limit: 40 }, cursor);
    assert.ok(page.sessions.length + page.broken.length <= 40);
    sessions.push(...page.sessions);
    broken.push(...page.broken);
    pages += 1;
    ({ cursor } = page);
  } while (cursor !== undefined);
  assert.equal(pages, 4);
  assert.deepEqual(sessions, whole.sessions);
  assert.deepEqual(sessions.map(({ id }) => id), names);
  const codes = (found) => found.map(({ file, error }) => [file, error.code]).sort();
  assert.deepEqual(codes(broken), codes(whole.broken));
  assert.equal(broken.length, 3);
  const each = [];
  for await (const { id } of eachOf(backend)) each.push(id);
  assert.deepEqual(each, names);
});

test("a store calls its backend only, and retries on a new revision", async () => {
  const calls = [];
  const memory = new Map([["a", { text: text("a"), revision: 1 }]]);
  const backend = {
    async load(id) {
      calls.push("load");
      return { id, ...memory.get(id) };
    },
    async compareAndSwap(id, revision, text) {
      calls.push("compareAndSwap");
      if (memory.get(id).revision !== revision) return false;
      memory.set(id, { text, revision: revision + 1 });
      return true;
    },
  };
  const store = new Store({ backend, now: () => now });
  // Another process writes between the read and the write of the first try.
  let tries = 0;
  await store.change("a", (session) => {
    if (tries++ === 0) memory.set("a", { ...memory.get("a"), revision: 5 });
    session.apply({ type: "start", agent: AGENT }, { now });
  });
  assert.equal(tries, 2);
  assert.equal(memory.get("a").revision, 6);
  assert.deepEqual(calls, ["load", "compareAndSwap", "load", "compareAndSwap"]);
});

test("a subclass may wrap the storage methods of the store that it extends", async () => {
  const seen = [];
  class Logged extends FileStore {
    async load(id) {
      seen.push("load");
      return super.load(id);
    }

    async exclusively(id, work) {
      seen.push("exclusively");
      return super.exclusively(id, work);
    }
  }
  const store = new Logged(await folder(), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  await Promise.all([1, 2, 3].map(() => store.updateSessionState(id, AGENT, {}).catch(({ code }) => code)));
  await store.apply(id, { type: "start", agent: AGENT });
  await assert.rejects(store.change(id, () => assert.fail("on purpose")), { message: "on purpose" });
  assert.equal(await store.read(id, (session) => session.state), "RESEARCHING");
  assert.deepEqual(seen.slice(0, 2), ["exclusively", "load"]);
  assert.equal((await readdir(store.folder)).length, 1, "no lock is left");

  // Without its own `exclusively`, it still holds the folder's lock from the read to the write.
  class Counted extends FileStore {
    loads = 0;

    async load(id) {
      this.loads += 1;
      return super.load(id);
    }
  }
  const counted = new Counted(store.folder, { now: () => now });
  const bills = () => store.apply(id, { type: "progress", agent: AGENT, cost: 0.1 });
  const others = Array.from({ length: 20 }, bills);
  for (let count = 0; count < 20; count += 1) await counted.apply(id, { type: "progress", agent: AGENT, cost: 0.1 });
  await Promise.all(others);
  assert.equal(counted.loads, 20, "no write came between");
  assert.equal((await store.read(id, (session) => session.data())).cost_tracking.total, 4);
});

test("a store without a backend says which method it lacks", async () => {
  class Half extends Store {
    async load(id) {
      return { id, text: text(id) };
    }
  }
  const start = { type: "start", agent: AGENT };
  await assert.rejects(new Half({ now: () => now }).apply("a", start), {
    code: "invalid_value",
    message: "This store cannot compareAndSwap: it has no backend.",
    hint: "Define compareAndSwap() in the class that extends Store.",
  });
});
