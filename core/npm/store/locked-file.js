// The one way in which the content of an existing file is replaced: under its lock, and only if it is still as expected.
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { disk } from "./disk.js";
import { read, replace, resolved, revisionOf, temporaryPrefix } from "./files.js";
import { lockOf, takeLock } from "./lock.js";

/** Milliseconds that a program may take to write a file, and for which it writes nothing once it has. */
const WRITING_MS = 1000;
const PAUSE_MS = 30;

/** Locks a file, waiting for whoever holds it. All links to a file, and the file itself, share one lock. */
export async function lockFile(path, options) {
  const target = await resolved(path);
  const lock = await takeLock(lockOf(target), options);
  try {
    if (lock.inherited) await sweep(target);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return new LockedFile(path, target, lock);
}

/** A file whose lock this process holds. */
class LockedFile {
  #path;
  #target;
  #lock;

  constructor(path, target, lock) {
    this.#path = path;
    this.#target = target;
    this.#lock = lock;
  }

  /** True once the file is gone, or its link leads to another one: the lock is then of a place that it has left. */
  moved = false;

  /** Reads the file: `{ bytes, stat, revision }`, undefined if it is gone. */
  async read() {
    const current = await read(this.#path);
    this.moved = current === undefined || (await resolved(this.#path)) !== this.#target;
    return current && { ...current, revision: revisionOf(current.bytes) };
  }

  /**
   * Replaces the file's content if its revision is the given one; false if not. A program that takes no lock may write
   * while the replacement is prepared, so the revision is checked again just before the replacement takes its place, and
   * what was written to the old file even after that is put back. A file that such a program renames into its place after
   * that check is lost: Node has no call that replaces a file only if it is still the same.
   */
  async swap(revision, contents) {
    const isExpected = async () => {
      const current = await this.read();
      return !this.moved && current.revision === revision;
    };
    const old = await opened(this.#target);
    try {
      if (!(await isExpected())) return false;
      const isAllowed = async () => (await this.#lock.isHeld()) && (await isExpected());
      if (!(await replace(this.#target, contents, isAllowed))) return false;
      return !(await this.#restored(old, revision, contents));
    } finally {
      await old?.close();
    }
  }

  /** Puts back what another program wrote to the file that has just been replaced; false if it wrote nothing. */
  async #restored(old, revision, contents) {
    if (old === undefined || revisionOf(await textIn(old)) === revision) return false;
    const theirs = await settledText(old);
    const isOurs = async () => (await this.#lock.isHeld()) && (await this.read())?.revision === revisionOf(contents);
    return replace(this.#target, theirs, isOurs);
  }

  release() {
    return this.#lock.release();
  }
}

/** Opens a file to see what is written to it; undefined where that is not possible, or would keep it from being replaced. */
async function opened(path) {
  if (process.platform === "win32") return undefined;
  return disk.open(path, "r").catch(() => undefined);
}

/** Reads all of an open file, from its beginning. */
async function textIn(file) {
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  return buffer.subarray(0, bytesRead);
}

/** Reads an open file once its writer has paused: it is emptied before it is written. */
async function settledText(file) {
  let before = await textIn(file);
  for (const end = performance.now() + WRITING_MS; performance.now() < end; ) {
    await delay(PAUSE_MS);
    const text = await textIn(file);
    if (text.length > 0 && text.equals(before)) return text;
    before = text;
  }
  return before;
}

/** Removes what a process that died while it wrote a file has left. Only the holder of the file's lock writes. */
async function sweep(path) {
  for (const name of await disk.readdir(dirname(path))) {
    if (name.startsWith(temporaryPrefix(path))) await disk.unlink(join(dirname(path), name)).catch(() => {});
  }
}
