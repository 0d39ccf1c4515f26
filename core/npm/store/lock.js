// A lock that is a file, and that does not outlive the process that holds it.
//
// The lock is held by the owner that the file names. `link` takes it: that makes the file with its whole contents, or
// fails if there is one. Removing the file releases it. The difficult case is an owner that has died: exactly one of the
// processes that notice may go on, and none may ever remove a lock that is not the dead owner's.
//
// So the right to succeed an owner X is itself a file, `….X.next`, made by `link`. Its maker owns the lock; should that
// process die too, the next makes `….Y.next`, and the last of this chain holds the lock. Only that one may then put
// itself in the lock's own place by `rename`, and remove the chain. A process that has read X long ago and makes
// `….X.next` anew finds that the lock no longer names X, which it never does again, and gives way.
//
// A file system without hard links (FAT, some network shares) cannot make a file with its contents in one step. There
// the lock is made empty, then written: only silence shows that an owner died between the two.
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { CallboardError } from "../error.js";
import { disk } from "./disk.js";
import { beside, hasNoLinks } from "./files.js";
import { isDead, newOwner } from "./owner.js";
import { isSystems, unwritable } from "./system.js";

/** Milliseconds without a heartbeat after which an owner counts as dead, unless it is known to be. */
const SILENCE_MS = 30_000;

/** Longest wait for a lock, in milliseconds. */
const TIMEOUT_MS = 90_000;

/** Interval between looks at the owner of a lock, in milliseconds: longer than one is commonly held. */
const OWNER_CHECK_MS = 20;

/** Path of the lock of a file. The file must be no link: every path to it leads to the same lock. */
export const lockOf = (path) => beside(path, "lock");

/**
 * Takes a lock, waiting for it if need be.
 * @param {string} path the lock's file
 */
export async function takeLock(path, { silence = SILENCE_MS, timeout = TIMEOUT_MS } = {}) {
  const { owner, inherited } = await acquire(path, silence, timeout).catch((error) => {
    throw isSystems(error) ? unwritable(error, dirname(path)) : error;
  });
  return new FileLock(path, owner, inherited, silence);
}

/** A lock that this process holds. It sends heartbeats until it is released. */
class FileLock {
  /** True if the lock's last owner died holding it. */
  inherited;
  #path;
  #owner;
  #silence;
  #pulse;
  #lastBeat = performance.now();

  constructor(path, owner, inherited, silence) {
    this.#path = path;
    this.#owner = owner;
    this.inherited = inherited;
    this.#silence = silence;
    // Most work takes a few milliseconds, and needs no heartbeat.
    this.#pulse = setInterval(() => this.#beat(), silence / 4);
    this.#pulse.unref?.();
  }

  /** True if the lock is still this owner's. */
  async isHeld() {
    return (await read(this.#path))?.nonce === this.#owner.nonce;
  }

  async release() {
    clearInterval(this.#pulse);
    // An unreadable lock (too many open files, for one) is still ours unless we have been silent for long.
    const isOurs = await this.isHeld().catch(() => performance.now() - this.#lastBeat < this.#silence / 2);
    // The result of the work matters more than a lock that cannot be removed: its owner will be dead.
    if (isOurs) await disk.unlink(this.#path).catch(() => {});
  }

  #beat() {
    const now = new Date();
    return disk.utimes(this.#path, now, now).then(() => (this.#lastBeat = performance.now()), () => {});
  }
}

async function acquire(path, silence, timeout) {
  const owner = await newOwner();
  const source = { path: `${path}.${owner.nonce}`, text: JSON.stringify(owner) };
  const watch = new SilenceWatch(silence);
  const began = performance.now();
  let look = began + OWNER_CHECK_MS;
  try {
    await disk.writeFile(source.path, source.text, { flag: "wx" });
    for (;;) {
      if (await made(source, path)) return { owner, inherited: false };
      if (performance.now() < look) {
        await delay(1 + Math.random() * 3);
        continue;
      }
      look = performance.now() + OWNER_CHECK_MS;
      const chain = await follow(path);
      if (chain === undefined) continue;
      if ((await isDead(chain.last)) || (await watch.isOver(chain))) {
        if (await succeed(path, source, chain)) return { owner, inherited: true };
      } else if (performance.now() - began > timeout) {
        throw locked(path, chain.last);
      }
    }
  } finally {
    // A full disk leaves the file empty; it is removed all the same.
    await disk.unlink(source.path).catch(() => {});
  }
}

/** Reads the chain of owners, from the one that the lock names to the last, its holder; undefined for a free lock. */
async function follow(path) {
  const first = await read(path);
  if (first === undefined) return undefined;
  let [last, place] = [first, path];
  for (;;) {
    const next = `${path}.${last.nonce}.next`;
    const successor = await read(next);
    if (successor === undefined) return { first, last, place, next };
    [last, place] = [successor, next];
  }
}

/** Takes the lock of a dead owner; false if another process was quicker. */
async function succeed(path, source, { first, next }) {
  if (!(await made(source, next))) return false;
  if ((await read(path))?.nonce !== first.nonce) {
    await remove(next);
    return false;
  }
  await disk.rename(source.path, path);
  await sweep(path);
  return true;
}

/** Removes the files of earlier owners: claims to the lock that is ours now, and claims that the dead were preparing. */
async function sweep(path) {
  const own = await read(path);
  for (const name of await disk.readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    const file = join(dirname(path), name);
    if (name.endsWith(".next")) {
      if (!name.endsWith(`${own?.nonce}.next`)) await remove(file);
      continue;
    }
    const owner = await read(file);
    if (owner !== undefined && (await isDead(owner))) await remove(file);
  }
}

/** Measures by our own clock for how long the same owner has held a lock without a heartbeat. */
class SilenceWatch {
  #limit;
  #seen;
  #since = 0;

  constructor(limit) {
    this.#limit = limit;
  }

  async isOver({ last, place }) {
    const pulse = await disk.stat(place).then(({ mtimeMs }) => mtimeMs, () => 0);
    const seen = `${last.nonce} ${pulse}`;
    if (seen !== this.#seen) [this.#seen, this.#since] = [seen, performance.now()];
    return performance.now() - this.#since > this.#limit;
  }
}

/** Gives a file a second name; false if that name is taken. */
async function made(source, path) {
  try {
    await disk.link(source.path, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    if (hasNoLinks(error)) return madeWithoutLinks(source, path);
    throw error;
  }
}

async function madeWithoutLinks({ text }, path) {
  let file;
  try {
    file = await disk.open(path, "wx");
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  try {
    await file.writeFile(text);
  } catch (error) {
    await remove(path);
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

async function read(path) {
  try {
    return JSON.parse(await disk.readFile(path, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    // Another program's file, one that is being written, or one cut off by a machine that died: only silence shows that
    // it means nothing. Each gets a name of its own, so that no process succeeds one in the place of another.
    const found = await disk.stat(path).catch(() => undefined);
    return found && { nonce: `unreadable-${found.ino}-${found.mtimeMs}`, place: undefined, pid: 0 };
  }
}

async function remove(path) {
  await disk.unlink(path).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
}

function locked(path, { pid, place }) {
  const message = `${basename(path)} has been held for long by process ${pid} of ${String(place).split("/")[0]}.`;
  return new CallboardError({ code: "locked", message, hint: "End that process or wait for it, then try again." });
}
