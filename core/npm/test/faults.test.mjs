// Failures of the disk: each is reported with its cause, and leaves nothing behind.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, chown, link, mkdir, readFile, readdir, stat, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { FileStore } from "callboard/node";

import { systemError, withFault } from "./support/fault.mjs";
import { folder } from "./support/folder.mjs";

const now = "2024-08-11T14:30:00Z";
const FILE = "ep001_session_20240811.json";
const start = { type: "start", agent: "research_coordinator" };
const bill = { type: "progress", agent: "research_coordinator", cost: 0.01 };
const isRoot = process.getuid?.() === 0;

async function open() {
  const store = new FileStore(await folder(), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const path = join(store.folder, FILE);
  return { store, id, path, text: await readFile(path, "utf8") };
}

/** Makes the next writes to files with matching names fail, like on a full disk. */
const full = (code, names) => async (real, path, ...args) => {
  const file = await real(path, ...args);
  if (!names.test(String(path))) return file;
  file.writeFile = () => Promise.reject(systemError(code, "write"));
  return file;
};

for (const [code, message] of [
  ["ENOSPC", "there is no space left"],
  ["EDQUOT", "there is no space left for this user"],
  ["EIO", "the disk gives an error"],
]) {
  test(`${code} during a write is reported, and fifty such failures leave nothing behind`, async () => {
    const { store, id, text } = await open();
    await withFault("open", full(code, /\.tmp-|\.new-/), async () => {
      for (let count = 0; count < 50; count += 1) {
        await assert.rejects(store.apply(id, start), { code: "unwritable", message: `${FILE} cannot be written to: ${message}.` });
      }
      await assert.rejects(store.initializeSession({ episode: 2, topic: "tides" }), { code: "unwritable" });
    });
    assert.deepEqual(await readdir(store.folder), [FILE]);
    assert.equal((await store.load(id)).text, text);
    assert.equal((await store.apply(id, start)).to, "RESEARCHING", "with room again, it goes on");
  });
}

test("a disk that is full when the lock is created is reported, and no lock is left", async () => {
  const { store, id } = await open();
  // The file is created, but there is no space for its content.
  const fault = async (real, path, text, options) => {
    await real(path, "", options);
    throw systemError("ENOSPC", "write");
  };
  await withFault("writeFile", fault, async () => {
    for (let count = 0; count < 50; count += 1) {
      await assert.rejects(store.apply(id, start), { code: "unwritable", message: `${store.folder} cannot be written to: there is no space left.` });
    }
  });
  assert.deepEqual(await readdir(store.folder), [FILE]);
});

test("a lock that cannot be read is released all the same, such as with too many open files", async () => {
  const { store, id } = await open();
  let failing = false;
  const fault = (real, path, ...args) => (failing && String(path).endsWith(".lock") ? Promise.reject(systemError("EMFILE")) : real(path, ...args));
  await withFault("readFile", fault, async () => {
    const change = store.change(id, () => {
      failing = true;
    });
    await change;
    failing = false;
  });
  assert.deepEqual(await readdir(store.folder), [FILE]);
});

test("too many open files are an error of the list, not of its files", async () => {
  const { store } = await open();
  const fault = () => {
    throw systemError("EMFILE");
  };
  const expected = { code: "unreadable", message: /too many files are open\.$/ };
  await withFault("openSync", fault, () => assert.rejects(new FileStore(store.folder).list(), expected));
});

test("a file that is mounted by itself, or open in a program, is refused", async () => {
  const { store, id, text } = await open();
  await withFault("rename", () => Promise.reject(systemError("EBUSY", "rename")), async () => {
    const message = `${FILE} cannot be written to: it is mounted by itself, or another program holds it.`;
    await assert.rejects(store.apply(id, start), { code: "unwritable", message, hint: /^Mount the folder/ });
  });
  assert.deepEqual([await readdir(store.folder), (await store.load(id)).text], [[FILE], text]);
});

for (const code of ["EPERM", "ENOTSUP", "ENOSYS"]) {
  test(`without hard links (${code}), sessions are created, changed and locked all the same`, async () => {
    const store = new FileStore(await folder(), { now: () => now });
    await withFault("link", () => Promise.reject(systemError(code, "link")), async () => {
      const stores = [store, new FileStore(store.folder), new FileStore(store.folder)];
      const episode = { episode: 1, topic: "tides" };
      const made = await Promise.allSettled(stores.map((each) => each.initializeSession(episode, { now })));
      assert.deepEqual(made.map(({ reason }) => reason?.code).sort(), ["session_exists", "session_exists", undefined]);
      const id = "ep_001_20240811_1430";
      await store.apply(id, start);
      await Promise.all(stores.flatMap((each) => Array.from({ length: 20 }, () => each.apply(id, bill, { now }))));
      assert.equal((await store.read(id, (session) => session.data())).cost_tracking.total, 0.6);
    });
    assert.deepEqual(await readdir(store.folder), [FILE]);
  });
}

test("a folder that cannot be synced does not fail a completed write", async () => {
  const { store, id } = await open();
  const fault = (real, path, ...args) => (path === store.folder ? Promise.reject(systemError("EACCES")) : real(path, ...args));
  await withFault("open", fault, async () => assert.equal((await store.apply(id, start)).to, "RESEARCHING"));
});

test("a read-only file is not replaced, even by an administrator", async () => {
  const { store, id, path, text } = await open();
  await chmod(path, 0o444);
  const expected = { code: "unwritable", message: `${FILE} cannot be written to: it is read-only.`, hint: "Allow writing to it first (chmod u+w)." };
  // The system itself refuses a user who is not an administrator.
  const plain = { code: "unwritable", message: `${FILE} cannot be written to: its permissions do not allow it.` };
  await assert.rejects(store.apply(id, start), isRoot ? expected : plain);
  assert.deepEqual([await readdir(store.folder), await readFile(path, "utf8")], [[FILE], text]);
  await chmod(path, 0o644);
  await store.apply(id, start);
});

test("permission on the folder alone does not allow replacing a file", async () => {
  const { store, id, path, text } = await open();
  await chmod(store.folder, 0o777);
  const refused = () => assert.rejects(store.apply(id, start), { code: "unwritable", message: `${FILE} cannot be written to: its permissions do not allow it.` });
  const fault = (real, name, flags, ...rest) => (name === path && flags === "r+" ? Promise.reject(systemError("EACCES")) : real(name, flags, ...rest));
  await withFault("open", fault, refused);
  if (isRoot) {
    process.seteuid(65_534);
    await refused().finally(() => process.seteuid(0));
  }
  assert.deepEqual([await readdir(store.folder), await readFile(path, "utf8")], [[FILE], text]);
});

test("a file keeps its owner and group, if the system permits it", async () => {
  const { store, id, path } = await open();
  if (isRoot) await chown(path, 1234, 2345);
  await chmod(path, 0o640);
  const given = [];
  await withFault("open", foreign(path, (...owner) => given.push(owner)), () => store.apply(id, start));
  const { uid, gid, mode } = await stat(path);
  assert.equal(mode & 0o777, 0o640);
  assert.deepEqual(given.at(-1), [4321, 5432]);
  if (!isRoot) return;
  await chown(path, 1234, 2345);
  await store.apply(id, bill);
  const after = await stat(path);
  assert.deepEqual([after.uid, after.gid, after.mode & 0o777], [1234, 2345, 0o640], `not ${uid} and ${gid}`);
});

/** Opens files of which one seems to be another user's, and `chown` is as given. */
const foreign = (path, chown) => async (open, name, ...args) => {
  const file = await open(name, ...args);
  const real = file.stat.bind(file);
  if (name === path) file.stat = async () => Object.assign(await real(), { uid: 4321, gid: 5432 });
  file.chown = async (...owner) => chown(...owner);
  return file;
};

test("an owner that cannot be kept is reported, and nobody gets more permissions", async () => {
  const { store, id, path } = await open();
  await chmod(path, 0o664);
  const warned = new Promise((resolve) => process.once("warning", resolve));
  const refuse = () => {
    throw systemError("EPERM", "fchown");
  };
  await withFault("open", foreign(path, refuse), () => store.apply(id, start));
  const { code, message } = await warned;
  const { uid, mode } = await stat(path);
  assert.equal(code, "owner_changed");
  assert.ok(message.includes(`${FILE} now belongs to user ${uid}, not 4321`), message);
  assert.equal(mode & 0o777, 0o644);
});

test("a file with several names is refused, since the others would keep the old text", async () => {
  const { store, id, path, text } = await open();
  await mkdir(join(store.folder, "backup"));
  await link(path, join(store.folder, "backup", "other"));
  const message = `${FILE} cannot be written to: it has 2 names (hard links), and the others would keep the old text.`;
  await assert.rejects(store.apply(id, start), { code: "unwritable", message, hint: "Make the other names symbolic links, or copies." });
  assert.equal(await readFile(path, "utf8"), text);
  await unlink(join(store.folder, "backup", "other"));
  await store.apply(id, start);
});

test("the second name of a new file that a killed process left does not count as a hard link", async () => {
  const { store, id, path } = await open();
  await link(path, join(store.folder, `.${FILE}.new-0`));
  await store.apply(id, start);
  assert.deepEqual(await readdir(store.folder), [FILE]);
});

test("a file with a long name can be changed, despite the longer names of the files beside it", async () => {
  const { store, id, path } = await open();
  const name = `${"é".repeat(120)}.json`;
  await writeFile(join(store.folder, name), await readFile(path));
  await unlink(path);
  await store.apply(id, start);
  assert.deepEqual(await readdir(store.folder), [name]);
});

test("a really full disk is reported, and nothing is left on it", async (t) => {
  const mounted = await folder();
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mounted]);
  // Without permission to mount, the tests above cover this case.
  if (status !== 0) return t.diagnostic("nothing may be mounted here");
  try {
    const store = new FileStore(mounted, { now: () => now });
    const id = await store.initializeSession({ episode: 1, topic: "tides" });
    for (const size of [60_000, 4_000, 1_000, 100]) await writeFile(join(mounted, `ballast-${size}`), "x".repeat(size)).catch(() => {});
    const before = await readdir(mounted);
    const { text } = await store.load(id);
    for (let count = 0; count < 50; count += 1) {
      await assert.rejects(store.apply(id, start), { code: "unwritable", message: /cannot be written to: there is no space left\.$/ });
    }
    assert.deepEqual([await readdir(mounted), (await store.load(id)).text], [before, text]);
    await unlink(join(mounted, "ballast-60000"));
    assert.equal((await store.apply(id, start)).to, "RESEARCHING");
  } finally {
    spawnSync("umount", [mounted]);
  }
});

test("a file that is mounted by itself is really refused", async (t) => {
  const { store, id, path, text } = await open();
  const other = join(await folder(), "other");
  await writeFile(other, text);
  const { status } = spawnSync("mount", ["--bind", other, path]);
  if (status !== 0) return t.diagnostic("nothing may be mounted here");
  try {
    await assert.rejects(store.apply(id, start), { code: "unwritable", message: /it is mounted by itself, or another program holds it\.$/ });
    assert.equal(await readFile(other, "utf8"), text);
  } finally {
    spawnSync("umount", [path]);
  }
  assert.deepEqual(await readdir(store.folder), [FILE]);
});

test("every operation reports a link to a missing file", async () => {
  const { store, id, path } = await open();
  await unlink(path);
  await symlink("nowhere", path);
  await assert.rejects(store.apply(id, start), { code: "unreadable", message: `${FILE} is a link to a file that is not there.` });
  assert.deepEqual(await readdir(store.folder), [FILE]);
});
