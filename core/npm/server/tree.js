// A folder as a source of files: listed, read, written and watched by their paths.
import { basename, dirname, join, relative, sep } from "node:path";
import { setImmediate, setTimeout as delay } from "node:timers/promises";

import { isToolFolder } from "callboard/import";

import { isRead } from "../import/folder.js";
import { PATIENCE, PATIENCE_GONE, isCutOff } from "../store/catalog.js";
import { disk } from "../store/disk.js";
import { create, read, readNow } from "../store/files.js";
import { lockFile } from "../store/locked-file.js";
import { SLICE } from "../store/slices.js";
import { folderNotFound, isSystems, notAFolder, unreadable, unwritable } from "../store/system.js";
import { etagOf, revisionOfEtag } from "./etag.js";
import { changedMeanwhile, notFound, outside } from "./refusal.js";
import { assertSessionBytes } from "./session-bytes.js";
import { TreeWatch, isWithin, versionOf } from "./tree-watch.js";

/** Largest file in bytes that is opened, as in the page's own import. */
const LIMIT = 64 << 20;

/** Files that are listed in one go, and the milliseconds from which on they are read side by side: the disk is slow. */
const CHUNK = 64;
const SLOW_MS = 2;

/** Milliseconds for which a lock is waited for: longer than an owner on another machine may be silent. */
const LOCK_TIMEOUT_MS = 45_000;

/** Source over a folder and those below it. */
export class Tree {
  /** Path as it was named, for display. */
  folder;
  name;
  hasOutputs = true;
  /** Path without links. */
  root;
  #watch;

  constructor(folder, root) {
    this.folder = folder;
    this.root = root;
    this.name = basename(folder);
  }

  static async open(folder) {
    let root;
    try {
      root = await disk.realpath(folder);
      if (!(await disk.stat(root)).isDirectory()) throw notAFolder(folder);
    } catch (error) {
      if (error.code === "ENOENT") throw folderNotFound(folder, error);
      throw isSystems(error) ? unreadable(error, folder) : error;
    }
    return new Tree(folder, root);
  }

  /**
   * Begins to watch: `onChange` gets the path and the ETag of each file that changes, and null for one that is removed;
   * `onReset` is called when the folder itself goes or comes back.
   */
  async watch({ onChange, onReset, poll }) {
    const look = (path) => (isRead(path) ? this.#look(path) : this.#glance(path)).catch(() => ({}));
    this.#watch = new TreeWatch(this.root, { look, onChange, onReset, poll });
    await this.#explained(() => this.#watch.start());
  }

  close() {
    this.#watch?.close();
  }

  /** Lists every file, with its content if it is of a kind that is read. */
  async *list() {
    const closed = [];
    const onError = (path, error) => {
      if (error.code !== "ENOENT") closed.push({ path, isFolder: true, error: isSystems(error) ? unreadable(error, path) : error });
    };
    let chunk = [];
    const walk = this.#watch.walk({ onError });
    for (;;) {
      const { done, value: path } = await this.#explained(() => walk.next());
      if (!done) chunk.push(path);
      if (!done && chunk.length < CHUNK) continue;
      yield* this.#contents(chunk);
      chunk = [];
      if (done) break;
    }
    yield* closed;
  }

  async *#contents(paths) {
    let slice = performance.now() + SLICE;
    for (let at = 0; at < paths.length; at += 1) {
      const began = performance.now();
      const listed = this.#listed(paths[at]);
      const found = listed instanceof Promise ? await listed : listed;
      if (found !== undefined) yield found;
      const end = performance.now();
      if (end - began > SLOW_MS) {
        const rest = paths.slice(at + 1);
        for (const found of await Promise.all(rest.map((path) => this.#listedPatiently(path)))) if (found !== undefined) yield found;
        return;
      }
      if (end < slice) continue;
      await setImmediate();
      slice = performance.now() + SLICE;
    }
  }

  /** Reads a file for the list at once; returns a promise for one that is incomplete, or that must be looked at more closely. */
  #listed(path) {
    if (!isRead(path)) return { path, unopened: true };
    if (this.#watch.isLink(path)) return this.#listedPatiently(path);
    let contents;
    try {
      contents = readNow(join(this.root, path), { limit: LIMIT });
    } catch (error) {
      return refused(path, error);
    }
    const found = contents && sourceFile(path, { ...contents, bytes: Buffer.from(contents.bytes) });
    if (found === undefined || found.incomplete) return this.#listedPatiently(path);
    this.#watch.learn(path, found);
    return found;
  }

  async #listedPatiently(path) {
    if (!isRead(path)) return { path, unopened: true };
    try {
      const found = await this.#lookPatiently(path, { exists: true });
      if (found !== undefined) this.#watch.learn(path, found);
      return found;
    } catch (error) {
      return refused(path, error);
    }
  }

  /** Reads a file: `{ bytes, etag }`. */
  async read(path) {
    if (!isRead(path)) throw notFound(path);
    const found = await this.#lookPatiently(path, { exists: this.#watch.knows(path) });
    if (found === undefined) throw notFound(path);
    this.#watch.learn(path, found);
    return found;
  }

  async #look(path) {
    const contents = await read(await this.located(path), { limit: LIMIT });
    return contents && sourceFile(path, contents);
  }

  /** Looks at an output, whose version stands for its content: that may be hours of audio. */
  async #glance(path) {
    try {
      const stat = await disk.stat(await this.locatedOutput(path));
      if (!stat.isFile()) return undefined;
      const version = versionOf(stat);
      return { version, etag: etagOf(version) };
    } catch (error) {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw error;
    }
  }

  /** Reads a file again for a while if it is incomplete or, if it `exists`, gone for a moment. */
  async #lookPatiently(path, { exists }) {
    const began = performance.now();
    for (let wait = 10; ; wait = Math.min(wait * 1.6, 200)) {
      const found = await this.#look(path);
      const patience = found === undefined ? (exists ? PATIENCE_GONE : 0) : found.incomplete ? PATIENCE : 0;
      if (performance.now() - began >= patience) return found;
      await delay(wait);
    }
  }

  /**
   * Writes a file if its ETag is the expected one, or if it is new and null is expected, and reads it back. Returns the new
   * ETag; throws `changed` with that of a file that is not as expected. To write what is there already changes nothing.
   */
  async swap(path, expected, bytes) {
    const file = await this.located(path);
    const etag = etagOf(bytes);
    const found = expected === null ? await this.#create(path, file, bytes) : await this.#replace(path, file, expected, etag, bytes);
    const after = found && etagOf(found.bytes);
    if (found !== undefined) this.#watch.learn(path, { version: versionOf(found.stat), etag: after });
    // Another program has written over it at once.
    if (after !== etag) throw changedMeanwhile(path, after);
    return etag;
  }

  /** Creates a file, and the folders that it is in. Returns the content of the file that is there afterwards. */
  async #create(path, file, bytes) {
    const there = await read(file);
    if (there !== undefined) return there;
    try {
      await disk.mkdir(dirname(file), { recursive: true });
    } catch (error) {
      throw isSystems(error) ? unwritable(error, dirname(path)) : error;
    }
    await create(file, bytes);
    return read(file);
  }

  async #replace(path, file, expected, etag, bytes) {
    for (;;) {
      if ((await read(file)) === undefined) throw changedMeanwhile(path);
      const lock = await lockFile(file, { timeout: LOCK_TIMEOUT_MS });
      try {
        // A link out of the folder may have taken its place meanwhile.
        await this.located(path);
        const current = await lock.read();
        const now = current && etagOf(current.bytes);
        if (now === etag) return current;
        if (now !== undefined && now !== expected) throw changedMeanwhile(path, now);
        if (await lock.swap(revisionOfEtag(expected), bytes)) return await read(file);
      } finally {
        await lock.release();
      }
    }
  }

  /** Path of a file that may be read and written; throws for one out of the folder, or in a folder of tools. */
  async located(path) {
    return this.#within(path, isToolFolder);
  }

  /** Path of any file that may be shown: hidden ones may hold secrets. */
  async locatedOutput(path) {
    return this.#within(path, (name) => name.startsWith(".") || isToolFolder(name));
  }

  async #within(path, isClosed) {
    const absolute = join(this.root, ...path.split("/"));
    const real = await nearestReal(absolute, path);
    // Links, and names on a system that ignores case, may lead to a closed folder too.
    const segments = [...path.split("/"), ...relative(this.root, real).split(sep)];
    if (!isWithin(real, this.root) || segments.some(isClosed)) throw outside(path);
    return absolute;
  }

  async #explained(work) {
    try {
      return await work();
    } catch (error) {
      if (error.code === "ENOENT") throw folderNotFound(this.folder, error);
      throw isSystems(error) ? unreadable(error, this.folder) : error;
    }
  }
}

/** Returns the path without links of a file, or of the nearest folder above it that exists. */
async function nearestReal(absolute, path) {
  for (let at = absolute; ; at = dirname(at)) {
    try {
      return await disk.realpath(at);
    } catch (error) {
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw isSystems(error) ? unreadable(error, path) : error;
    }
  }
}

function sourceFile(path, { bytes, stat }) {
  const incomplete = Date.now() - stat.mtimeMs < PATIENCE && isIncomplete(path, bytes);
  return { path, bytes, etag: etagOf(bytes), version: versionOf(stat), incomplete };
}

/** True for a text that ends too early: a program may be writing it. */
function isIncomplete(path, bytes) {
  if (bytes.length === 0) return true;
  if (!/\.json$/iu.test(path)) return false;
  try {
    assertSessionBytes(bytes);
    return false;
  } catch (error) {
    return isCutOff(error);
  }
}

/** A file that cannot be read, as the list shows it. */
function refused(path, error) {
  if (error.code === "too_large") return { path, unopened: true };
  return { path, error };
}
