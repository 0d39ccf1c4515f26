// The one way in which the content of an existing file is replaced: under its lock, and only if it is still as expected.
import { dirname, join } from "node:path";

import { disk } from "./disk.js";
import { read, replace, resolved, revisionOf, temporaryPrefix } from "./files.js";
import { lockOf, takeLock } from "./lock.js";

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
   * while the replacement is prepared, so the revision is checked again just before the replacement takes its place.
   */
  async swap(revision, contents) {
    const isExpected = async () => {
      const current = await this.read();
      return !this.moved && current.revision === revision;
    };
    if (!(await isExpected())) return false;
    return replace(this.#target, contents, async () => (await this.#lock.isHeld()) && (await isExpected()));
  }

  release() {
    return this.#lock.release();
  }
}

/** Removes what a process that died while it wrote a file has left. Only the holder of the file's lock writes. */
async function sweep(path) {
  for (const name of await disk.readdir(dirname(path))) {
    if (name.startsWith(temporaryPrefix(path))) await disk.unlink(join(dirname(path), name)).catch(() => {});
  }
}
