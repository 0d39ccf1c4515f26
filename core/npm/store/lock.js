// A lock that is a file, and that a process which dies does not leave behind.
//
// The lock is held by the owner that the file names. It is taken by `link`, which makes the file with its whole
// contents or fails where it exists, and released by removing it. What takes thought is an owner that has died:
// of those who notice, exactly one may go on, and nobody may ever remove a lock that is not the dead one's.
//
// So the right to succeed an owner X is itself a file, `….X.next`, made by `link`: whoever makes it is the lock's
// owner, and should that one die too, the next makes `….Y.next`; the last of this chain holds the lock. Only it may
// then put itself in the lock's own place by `rename`, and remove the chain. A latecomer who has read X long ago and
// makes `….X.next` anew finds that the lock no longer names X, which it never does again, and gives way.
//
// A file system without hard links (FAT, some network shares) cannot make a file with its contents in one step. There
// the lock is made empty, then written: an owner that dies between the two is known by its silence only.
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { CallboardError } from "../error.js";
import { disk } from "./disk.js";
import { beside, hasNoLinks } from "./files.js";
import { isDead, newOwner } from "./owner.js";
import { isSystems, unwritable } from "./system.js";

/** For how long an owner that cannot be seen to be dead may give no sign of life, in milliseconds. */
const SILENT = 30_000;

/** For how long a lock is waited for, in milliseconds. */
const PATIENCE = 90_000;

/** The wait for a lock before its owner is looked at, in milliseconds: longer than one is commonly held. */
const OWNER_CHECK_MS = 20;

/** The lock of a file, which must be the file itself and no link: all who reach it share the lock. */
export const lockOf = (path) => beside(path, "lock");

/**
 * Runs `work` while holding the lock; `work` is told whether the lock was `inherited` from a dead owner, and given
 * a function that says whether it is still `held`.
 * @param {string} path the lock's file
 */
export async function withLock(path, work, { silent = SILENT, patience = PATIENCE } = {}) {
  const { owner, inherited } = await acquire(path, silent, patience).catch((error) => {
    throw isSystems(error) ? unwritable(error, dirname(path)) : error;
  });
  // A sign of life, should the work take long; it commonly takes some milliseconds.
  let alive = performance.now();
  const beat = () => disk.utimes(path, new Date(), new Date()).then(() => (alive = performance.now()), () => {});
  const pulse = setInterval(beat, silent / 4);
  pulse.unref?.();
  const held = async () => (await read(path))?.nonce === owner.nonce;
  try {
    return await work({ held, inherited });
  } finally {
    clearInterval(pulse);
    // Where it cannot be read, such as when too many files are open, it is ours until we have been silent for long.
    const ours = await held().catch(() => performance.now() - alive < silent / 2);
    // What `work` gives or throws is more important than a lock that cannot be removed: its owner will be dead.
    if (ours) await disk.unlink(path).catch(() => {});
  }
}

async function acquire(path, silent, patience) {
  const owner = await newOwner();
  const source = { path: `${path}.${owner.nonce}`, text: JSON.stringify(owner) };
  const watch = new Silence(silent);
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
      } else if (performance.now() - began > patience) {
        throw locked(path, chain.last);
      }
    }
  } finally {
    // A full disk leaves it empty, and it is removed all the same.
    await disk.unlink(source.path).catch(() => {});
  }
}

/** The owners from the one the lock names to the last, who holds it; undefined where nobody does. */
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

/** Takes the lock of a dead owner; false where another was quicker. */
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

/** Removes what those before have left: claims to a lock that is ours now, and what the dead wanted to claim with. */
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

/** How long the same owner has held a lock without a sign of life, by our own clock. */
class Silence {
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

/** Gives a file a second name; false where that name is taken. */
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
    // Not one of ours, being written, or cut off by a machine that died: only silence tells that it means nothing. No
    // two such are the same, so that nobody succeeds one in the place of another.
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
  return new CallboardError({ code: "locked", message, hint: "End that process, or wait for it, and try again." });
}
