// A folder of session files: names, foreign files, broken ones, foreign writers, locks.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { chmod, mkdir, readFile, readdir, rename, stat, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const now = "2024-08-11T14:30:00Z";
const FILE = "ep001_session_20240811.json";
const start = { type: "start", agent: "research_coordinator" };

/** Saves the file like an editor, without a lock. */
const edit = (path) => writeFileSync(path, readFileSync(path, "utf8").replace('"tides"', '"the moon"'));

async function open() {
  const store = new FileStore(await folder(), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  return { store, id, path: join(store.folder, FILE) };
}

test("the folder is created, and a second session of the same day gets the time in its name", async () => {
  const store = new FileStore(join(await folder(), "projects", "sessions"), { now: () => now });
  await store.initializeSession({ episode: 1, topic: "tides" });
  const second = await store.initializeSession({ episode: 1, topic: "tides" }, { now: "2024-08-11T18:05:00Z" });
  assert.equal(second, "ep_001_20240811_1805");
  assert.deepEqual(await readdir(store.folder), [FILE, "ep001_session_20240811_1805.json"]);
  assert.equal((await store.load(second)).file, "ep001_session_20240811_1805.json");
});

test("two calls that create the same session at once create one", async () => {
  const dir = await folder();
  const stores = Array.from({ length: 4 }, () => new FileStore(dir, { now: () => now }));
  const made = await Promise.allSettled(stores.map((store) => store.initializeSession({ episode: 1, topic: "tides" })));
  assert.equal(made.filter(({ status }) => status === "fulfilled").length, 1);
  assert.deepEqual(await readdir(dir), [FILE]);
});

test("a session is found by its id, whatever the name of its file, and after it is renamed", async () => {
  const { store, id, path } = await open();
  await rename(path, join(store.folder, "renamed by hand.json"));
  await store.apply(id, start);
  assert.deepEqual(await readdir(store.folder), ["renamed by hand.json"]);
});

test("broken and foreign files are listed, and stay as they are", async () => {
  const { store, id, path } = await open();
  const foreign = {
    "broken.json": '{"session_id": ',
    "copy.json": await readFile(path, "utf8"),
    "notes.txt": "notes",
    "package.json": "{}",
    ".hidden.json": "{",
  };
  for (const [name, text] of Object.entries(foreign)) await writeFile(join(store.folder, name), text);
  const { sessions, broken } = await store.list();
  // Of two equal files, the one with the session's own name represents it.
  assert.deepEqual(sessions.map(({ file }) => file), [FILE]);
  assert.deepEqual(broken.map(({ file, error }) => [file, error.code]), [
    ["broken.json", "unexpected_end"],
    ["copy.json", "duplicate_id"],
    ["package.json", "not_a_session"],
  ]);
  assert.ok(broken[0].error.line === 1 && broken[0].error.message.startsWith("broken.json: "));
  // If a session has two files, the one in the list is changed.
  await store.apply(id, start);
  for (const [name, text] of Object.entries(foreign)) assert.equal(await readFile(join(store.folder, name), "utf8"), text);
  assert.equal((await store.load(id)).file, FILE);
  assert.equal((await store.dashboard()).active_sessions.length, 1);
});

test("an unreadable file that should hold the session is reported by name", async () => {
  const { store, id, path } = await open();
  await writeFile(path, '{"session_id": "ep_001_20240811_1430"');
  await assert.rejects(store.load(id), { code: "unexpected_end", file: FILE });
  await assert.rejects(new FileStore(join(store.folder, "none")).list(), { code: "folder_not_found" });
});

test("a byte order mark, line ends, the mode and a link all survive a change", async () => {
  const { store, id, path } = await open();
  const odd = `\ufeff${(await readFile(path, "utf8")).replaceAll("\n", "\r\n")}`;
  const target = join(store.folder, "elsewhere");
  await writeFile(target, odd);
  await chmod(target, 0o600);
  await rename(path, join(await folder(), "gone"));
  await symlink(target, path);
  await store.apply(id, start);
  const after = await readFile(target, "utf8");
  assert.ok(after.startsWith("\ufeff{\r\n") && !/[^\r]\n/.test(after) && after.includes("in_progress"));
  assert.equal((await stat(target)).mode & 0o777, 0o600);
});

test("an event is applied to the text of a writer without a lock that comes between", async () => {
  const { store, id, path } = await open();
  let tries = 0;
  await store.apply(id, start);
  const outcome = await store.change(id, (session) => {
    tries += 1;
    // Between reading and writing, an editor saves the file; only a synchronous writer can be so quick.
    if (tries === 1) edit(path);
    return session.apply({ type: "progress", agent: "research_coordinator", cost: 1 }, { now });
  });
  assert.equal(tries, 2);
  assert.equal(outcome.event, "progress");
  const { episode, cost_tracking } = JSON.parse(await readFile(path, "utf8"));
  assert.deepEqual([episode.topic, cost_tracking.research], ["the moon", 1]);
});

test("the lock of a dead process is taken over, and its temporary files are removed", async () => {
  const { store, id, path } = await open();
  const lock = join(store.folder, `.${FILE}.lock`);
  const { place, started } = await ownerNow(store, id, lock);
  // Another process had this id before: its start time differs.
  const dead = { nonce: "dead", place, pid: process.pid, started: started === undefined ? undefined : "1" };
  if (started === undefined) dead.pid = 2 ** 22 + 1;
  const heir = { ...dead, nonce: "heir" };
  await writeFile(lock, JSON.stringify(dead));
  await writeFile(`${lock}.dead.next`, JSON.stringify(heir));
  await writeFile(`${lock}.heir`, JSON.stringify(heir));
  await writeFile(join(store.folder, `.${FILE}.tmp-1`), "{");
  await store.apply(id, start);
  assert.deepEqual(await readdir(store.folder), [FILE]);
  assert.equal(JSON.parse(await readFile(path, "utf8")).pipeline_state.current_stage, "research");
});

/** Returns this process's entry in the lock while it holds it. */
async function ownerNow(store, id, lock) {
  return store.exclusively(id, async () => JSON.parse(await readFile(lock, "utf8")));
}

test("a held lock names its owner", async () => {
  const { store, id } = await open();
  const owner = await ownerNow(store, id, join(store.folder, `.${FILE}.lock`));
  assert.equal(owner.pid, process.pid);
  assert.ok(owner.place.startsWith(hostname()));
  assert.deepEqual(await readdir(store.folder), [FILE]);
});

test("a module that is not loaded is not reported as broken files", async () => {
  const { store } = await open();
  const program = `
    import { FileStore } from "callboard/node";
    await new FileStore(${JSON.stringify(store.folder)}).list().catch(({ code }) => console.log(code));
  `;
  // Resolved like a bundler for browsers does: nothing is loaded before init().
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions", "browser", "--input-type", "module", "--eval", program],
    { cwd: HERE, encoding: "utf8" },
  );
  assert.equal(stdout, "not_initialised\n", stderr);
});

test("a failed init names the address and what to do, and can be called again", () => {
  const program = `
    import init, { Session } from "callboard";
    const told = await init("http://127.0.0.1:1/callboard_wasm_bg.wasm").catch(({ code, message }) => [code, message]);
    console.log(told.join(": "));
    const { readFileSync } = await import("node:fs");
    await init(readFileSync(new URL("callboard_wasm_bg.wasm", import.meta.resolve("callboard"))));
    console.log(Session.parse('{"session_id": "a"}').id);
  `;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions", "browser", "--input-type", "module", "--eval", program],
    { cwd: HERE, encoding: "utf8" },
  );
  assert.match(stdout, /^not_initialised: The module could not be loaded from http:.*wasm: .*\. Serve callboard_wasm_bg\.wasm there, or give init its address; callboard\/inline needs no file\.\na\n$/, stderr);
});

test("unreadable entries of a folder are listed, and the others are read", async (t) => {
  const { store, id } = await open();
  const at = (name) => join(store.folder, name);
  await mkdir(at("folder.json"));
  await symlink("loop.json", at("loop.json"));
  await symlink(store.folder, at("link-to-a-folder.json"));
  await symlink("nothing", at("link-to-nothing.json"));
  await writeFile(at("huge.json"), "");
  await truncate(at("huge.json"), 600 * 2 ** 20);
  spawnSync("mkfifo", [at("pipe.json")]);
  const expected = [
    ["folder.json", "unreadable", "folder.json is a folder, not a file."],
    ["huge.json", "too_large", "huge.json has 600 MB, and a session has at most 511 MB."],
    ["link-to-a-folder.json", "unreadable", "link-to-a-folder.json is a folder, not a file."],
    ["link-to-nothing.json", "unreadable", "link-to-nothing.json is a link to a file that is not there."],
    ["loop.json", "unreadable", "loop.json cannot be read: its links lead in a circle."],
    ["pipe.json", "unreadable", "pipe.json is a device or a pipe, not a file."],
  ];
  await writeFile(at("secret.json"), "{}");
  await chmod(at("secret.json"), 0);
  if (process.getuid() === 0) await unlink(at("secret.json"));
  else expected.push(["secret.json", "unreadable", "secret.json cannot be read: its permissions do not allow it."]);
  const { sessions, broken } = await store.list();
  assert.deepEqual(broken.map(({ file, error }) => [file, error.code, error.message]), expected);
  assert.deepEqual(sessions.map(({ file }) => file), [FILE]);
  assert.equal((await store.dashboard()).active_sessions.length, 1);
  assert.equal((await store.apply(id, start)).to, "RESEARCHING");
  await t.test("a watch goes on", async () => {
    const stop = new AbortController();
    const changes = store.watch({ signal: stop.signal });
    const first = changes.next();
    await mkdir(at("later.json"));
    assert.deepEqual(await first.then(({ value }) => [value.file, value.error.code]), ["later.json", "unreadable"]);
    stop.abort();
  });
});

test("a new session gets the second name if an unreadable file has the first", async () => {
  const { store, path } = await open();
  await writeFile(path, "{");
  const id = await new FileStore(store.folder, { now: () => now }).initializeSession({ episode: 1, topic: "tides" });
  assert.equal((await store.load(id)).file, "ep001_session_20240811_1430.json");
  assert.equal(await readFile(path, "utf8"), "{");
});

test("a session of any id gets a file of its own in the folder", async () => {
  const store = new FileStore(await folder());
  const text = (id) => JSON.stringify({ session_id: id, pipeline_state: { current_stage: "writing" } });
  const ids = ["test_stuck", "../escape", ".hidden", "con", "a/b\\c", "a\nb", "", "é", "x".repeat(300), `${"x".repeat(300)}y`];
  for (const id of ids) {
    assert.equal(await store.compareAndSwap(id, null, text(id)), true, id);
    assert.equal(await store.compareAndSwap(id, null, text(id)), false, "it exists");
    assert.equal((await new FileStore(store.folder).load(id)).text, text(id));
  }
  const names = await readdir(store.folder);
  assert.equal(names.length, ids.length);
  assert.ok(names.every((name) => /^session_[\w%-]{0,102}\.json$/.test(name)), names.join());
  assert.equal(names[0].startsWith("session_") && names.includes("session_test_stuck.json"), true);
  assert.equal((await store.list()).sessions.length, ids.length);
});

test("a file keeps its mode, regardless of the process's mask", async () => {
  const { store, id, path } = await open();
  await chmod(path, 0o666);
  const before = process.umask(0o077);
  try {
    await store.apply(id, start);
  } finally {
    process.umask(before);
  }
  assert.equal((await stat(path)).mode & 0o777, 0o666);
});

test("an unwritable folder is reported with a hint", async () => {
  const { store, id } = await open();
  await chmod(store.folder, 0o555);
  // Root may write everywhere, so the test becomes another user for a while.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid(65_534);
  const expected = {
    code: "unwritable",
    message: `${store.folder} cannot be written to: its permissions do not allow it.`,
    hint: "Change its permissions, or work as a user who has them.",
  };
  try {
    await assert.rejects(store.apply(id, start), expected);
    await assert.rejects(store.initializeSession({ episode: 2, topic: "tides" }), expected);
  } finally {
    if (isRoot) process.seteuid(0);
    await chmod(store.folder, 0o755);
  }
});

test("a file in place of the folder is reported", async () => {
  const { store, id, path } = await open();
  const within = new FileStore(join(path, "sessions"));
  await assert.rejects(within.list(), { code: "unreadable", message: /a part of its path is a file, not a folder\.$/ });
  await assert.rejects(within.initializeSession({ episode: 1, topic: "tides" }), { code: "unwritable" });
  await assert.rejects(new FileStore(path).initializeSession({ episode: 1, topic: "tides" }), {
    code: "unwritable",
    message: `${path} cannot be written to: a file of its name is in its place.`,
  });
  assert.equal((await store.load(id)).file, FILE);
});

test("a folder is named by a path", () => {
  for (const folder of ["", 5, null, new URL("file:///sessions")]) {
    assert.throws(() => new FileStore(folder), { code: "invalid_value", message: "A FileStore's folder must be a path, a string that is not empty." });
  }
  assert.ok(new FileStore().folder.endsWith(join("nobody-knows", "output", "sessions")));
});

test("a lack of watches is not reported as a full disk", async () => {
  const { unfollowed } = await import(new URL("store/system.js", import.meta.resolve("callboard/package.json")));
  const { code, message, hint } = unfollowed({ code: "ENOSPC", syscall: "watch" }, "sessions");
  assert.deepEqual(
    [code, message, hint],
    ["unreadable", "sessions cannot be watched: too many are being watched on this machine already.", "End another program that watches files, or raise the system's limit."],
  );
  assert.equal(unfollowed({ code: "EACCES" }, "a").message, "a cannot be watched: its permissions do not allow it.");
});
