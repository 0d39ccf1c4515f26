// Reports of a watch: every change at least once, and the end of the folder.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import test from "node:test";

import { FileStore } from "callboard/node";

import { systemError, withFault } from "./support/fault.mjs";
import { folder } from "./support/folder.mjs";

const now = "2024-08-11T14:30:00Z";
const text = (id, more = "") => `{"session_id": "${id}", "pipeline_state": {"current_stage": "writing"}${more}}`;

/** Starts a watch of a folder. `all` collects its reports until it has reported files of these names. */
async function watching({ fault, ...options }, prepare = async () => {}) {
  if (fault !== undefined) return withFault("watch", fault, () => watching(options, prepare));
  const store = new FileStore(await folder(), { now: () => now });
  await prepare(store.folder);
  const stop = new AbortController();
  const changes = store.watch({ ...options, signal: stop.signal });
  let next = changes.next();
  const until = async (...names) => {
    const told = new Map();
    told.count = 0;
    while (names.some((name) => !told.has(name))) {
      const { value, done } = await next;
      assert.equal(done, false);
      told.set(value.file, value);
      told.count += 1;
      next = changes.next();
    }
    return told;
  };
  const at = (name) => join(store.folder, name);
  return { store, at, stop, changes, until, pending: () => next };
}

/** Reads the reports of a watch until it ends. */
async function ended(pending, changes) {
  for (let next = await pending(); !next.done; next = await changes.next());
}

/** Every technique of watching a folder. */
const noEvents = (code) => () => {
  throw systemError(code, "watch");
};
const ways = {
  "by events": {},
  "by looking": { poll: 20, fault: noEvents("ENOSPC") },
  "by both": { poll: 20 },
};

for (const [way, options] of Object.entries(ways)) {
  test(`${way}: forty files that change at once are all reported`, async () => {
    const names = Array.from({ length: 40 }, (_, count) => `ep${count}.json`);
    const { at, until, stop } = await watching(options);
    await Promise.all(names.map((name) => writeFile(at(name), text(name))));
    const told = await until(...names);
    for (const name of names) assert.equal(told.get(name).id, name);
    await Promise.all(names.map((name) => writeFile(at(name), text(name, ', "more": 1'))));
    await until(...names);
    stop.abort();
  });

  test(`${way}: a renamed file is reported by both names, a removed one by its own`, async () => {
    const { at, until, stop } = await watching(options, async (path) => {
      await writeFile(join(path, "one.json"), text("one"));
      await writeFile(join(path, "gone.json"), text("gone"));
    });
    await rename(at("one.json"), at("renamed.json"));
    await unlink(at("gone.json"));
    const told = await until("one.json", "renamed.json", "gone.json");
    // A poll may find the file as just written before its removal is reported.
    while (told.get("gone.json").id !== undefined) told.set("gone.json", (await until("gone.json")).get("gone.json"));
    assert.deepEqual(told.get("renamed.json"), { file: "renamed.json", id: "one", error: undefined });
    assert.deepEqual(told.get("gone.json"), { file: "gone.json", id: undefined, error: undefined });
    stop.abort();
  });

  for (const [what, undo] of [
    ["removed", (path) => rm(path, { recursive: true })],
    ["renamed", (path) => rename(path, `${path}-elsewhere`)],
    ["replaced", async (path) => {
      await rename(path, `${path}-elsewhere`);
      await mkdir(path);
    }],
  ]) {
    test(`${way}: a folder that is ${what} ends the watch with an error`, async () => {
      const { store, pending, changes } = await watching(options, async (path) => writeFile(join(path, "a.json"), text("a")));
      await undo(store.folder);
      const expected = { code: "folder_not_found", message: `The folder ${store.folder} is gone: it was removed, renamed or unmounted.` };
      await assert.rejects(ended(pending, changes), expected);
      assert.deepEqual(await changes.next(), { done: true, value: undefined }, "and is over");
      await rm(`${store.folder}-elsewhere`, { recursive: true, force: true });
    });
  }
}

test("a folder that is removed and made again at once is watched further", async () => {
  const write = (path, name) => writeFileSync(join(path, name), text(name));
  const { store, until, stop, pending, changes } = await watching({}, async (path) => write(path, "before.json"));
  const identity = () => [statSync(store.folder).dev, statSync(store.folder).ino].join();
  const before = identity();
  rmSync(store.folder, { recursive: true });
  mkdirSync(store.folder);
  write(store.folder, "before.json");
  write(store.folder, "a.json");
  // Some file systems use the number of the removed folder again, so that only an event tells the two apart.
  if (identity() !== before) return assert.rejects(ended(pending, changes), { code: "folder_not_found" });
  await until("before.json", "a.json");
  write(store.folder, "b.json");
  await until("b.json");
  stop.abort();
});

test("a file of its folder's own name does not end the watch, or keep it busy", async () => {
  let opened = 0;
  const counted = (real, path) => {
    opened += 1;
    return real(path);
  };
  await withFault("watch", counted, async () => {
    const { store, at, until, stop } = await watching({});
    await writeFile(at(basename(store.folder)), "");
    await writeFile(at("a.json"), text("a"));
    await until("a.json");
    await unlink(at(basename(store.folder)));
    await writeFile(at("b.json"), text("b"));
    await until("b.json");
    stop.abort();
  });
  assert.ok(opened < 20, `${opened} watches`);
});

test("a missing folder is reported at once", async () => {
  const store = new FileStore(join(await folder(), "none"));
  await assert.rejects(store.watch().next(), { code: "folder_not_found", message: `There is no folder ${store.folder}.` });
});

test("a folder that is unmounted ends the watch with an error", async (t) => {
  const path = await folder();
  // Without permission to mount, the replaced folder above covers this case.
  if (spawnSync("mount", ["-t", "tmpfs", "tmpfs", path]).status !== 0) return t.diagnostic("nothing may be mounted here");
  const next = new FileStore(path).watch().next();
  next.catch(() => {});
  assert.equal(spawnSync("umount", [path]).status, 0);
  await assert.rejects(next, { code: "folder_not_found" });
});

for (const code of ["ENOSPC", "EMFILE", "ENOSYS"]) {
  test(`without events of the system (${code}), the files are checked instead`, async () => {
    const fault = noEvents(code);
    const { at, until, stop } = await watching({ fault });
    await writeFile(at("a.json"), text("a"));
    await until("a.json");
    stop.abort();
    await withFault("watch", fault, async () => {
      const store = new FileStore(await folder());
      await assert.rejects(store.watch({ poll: false }).next(), { code: "unreadable", message: /cannot be watched/ });
    });
  });
}

test("the files on a network file system, which has no events for others' writes, are checked too", async () => {
  const silent = () => ({ on() {}, close() {} });
  await withFault("statfsSync", () => ({ type: 0x6969 }), () =>
    withFault("watch", silent, async () => {
      const { at, until, stop } = await watching({});
      await writeFile(at("a.json"), text("a"));
      await until("a.json");
      stop.abort();
    }),
  );
});

test("the files are checked after events end with an error, and no change between is lost", async () => {
  let watcher;
  const fault = (real, path) => (watcher = real(path));
  const { at, until, stop } = await withFault("watch", fault, () => watching({}));
  watcher.close();
  await writeFile(at("a.json"), text("a"));
  watcher.emit("error", systemError("EMFILE", "watch"));
  await until("a.json");
  stop.abort();
});

test("a slow consumer loses nothing, and gets one report for all changes of a file meanwhile", async () => {
  const { at, until, stop, pending } = await watching({});
  await writeFile(at("first.json"), text("first"));
  const first = await pending();
  assert.equal(first.value.file, "first.json");
  for (let count = 0; count < 20; count += 1) {
    for (const name of ["a", "b", "c"]) await writeFile(at(`${name}.json`), text(name, `, "count": ${count}`));
  }
  const { count } = await until("a.json", "b.json", "c.json");
  assert.ok(count <= 6, `${count} changes were told of for 60 writes of three files`);
  await writeFile(at("a.json"), text("a", ', "count": "last"'));
  await until("a.json");
  stop.abort();
});

test("a session file that is a link is reported when its target changes", async () => {
  const target = join(await folder(), "target");
  await writeFile(target, text("a"));
  const { until, stop } = await watching({ poll: undefined }, (path) => symlink(target, join(path, "link.json")));
  await writeFile(target, text("a", ', "more": 1'));
  assert.equal((await until("link.json")).get("link.json").id, "a");
  stop.abort();
});

test("a file that an editor empties before it writes it is reported when it is whole", async () => {
  const { at, pending, stop } = await watching({}, (path) => writeFile(join(path, "a.json"), text("a")));
  await writeFile(at("a.json"), "");
  const next = pending();
  setTimeout(() => writeFile(at("a.json"), text("a")), 50);
  assert.deepEqual((await next).value, { file: "a.json", id: "a", error: undefined });
  stop.abort();
});

test("a watch that ends in any way leaves nothing behind", async () => {
  const open = new Set();
  const fault = (real, path) => {
    const watcher = real(path);
    open.add(watcher);
    watcher.on("close", () => open.delete(watcher));
    return watcher;
  };
  const closed = async () => {
    while (open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  };
  await withFault("watch", fault, async () => {
    const { changes, stop, pending } = await watching({});
    assert.equal(open.size, 1);
    // A pending `next()` does not delay it.
    await changes.return();
    assert.deepEqual(await pending(), { done: true, value: undefined });
    assert.equal(getEventListeners(stop.signal, "abort").length, 0);
    await closed();

    const aborted = await watching({});
    aborted.stop.abort();
    assert.deepEqual(await aborted.pending(), { done: true, value: undefined });
    await closed();

    const left = await watching({}, (path) => writeFile(join(path, "a.json"), text("a")));
    await writeFile(left.at("a.json"), text("a", ', "more": 1'));
    await left.pending();
    await writeFile(left.at("a.json"), text("a", ', "more": 2'));
    for await (const change of left.changes) {
      assert.equal(change.file, "a.json");
      break;
    }
    await closed();

    const early = new AbortController();
    early.abort();
    assert.deepEqual(await left.store.watch({ signal: early.signal }).next(), { done: true, value: undefined });
    assert.equal(open.size, 0);
  });
});
