// Which session each file of a folder holds, as far as can be known without reading the file again.
import { join } from "node:path";
import { setImmediate, setTimeout as delay } from "node:timers/promises";

import { CallboardError, Session } from "callboard";

import { disk } from "./disk.js";
import { read, readNow } from "./files.js";
import { SLICE, sliced } from "./slices.js";
import { isExhaustion } from "./system.js";

/** A file's times go by ticks: one that changed so many milliseconds before it was read may have changed again since. */
const TICK = 2000;
/** As `TICK`, for a folder: where its names are read again for nothing, that takes little. */
const FOLDER_TICK = 100;

/** Names are read again at most for this part of the time. */
const SHARE = 10;

/** For how many milliseconds a file that another program is writing, or has taken away to replace, is read again. */
const PATIENCE = 1000;
const PATIENCE_GONE = 300;

/** Errors of a text that ends too early: an editor empties a file before it writes it. */
const CUT_OFF = ["unexpected_end", "empty", "not_utf8"];

/** A read that takes so many milliseconds is of a slow disk: the next files are then read side by side. */
const SLOW = 2;
const AT_ONCE = 16;

/** The files of a folder by the session that each holds. An entry is read again when its file's size or times change. */
export class Catalog {
  #folder;
  #isSession;
  /** By file: `{ file, id, error, durations }` and the version of the file they are of. */
  #entries = new Map();
  #byId = new Map();
  /** The version of the folder whose names are known. */
  #names;
  /** Until when names are not read again. */
  #rest = 0;
  #turn = Promise.resolve();

  /** @param {(name: string) => boolean} isSession */
  constructor(folder, isSession) {
    this.#folder = folder;
    this.#isSession = isSession;
  }

  /** The files that hold the session of an id, in the order of their names. */
  filesOf(id) {
    return [...(this.#byId.get(id) ?? [])].sort();
  }

  /** The files of each session that more than one file holds. */
  twins() {
    return [...this.#byId.keys()].filter((id) => this.#byId.get(id).size > 1).map((id) => this.filesOf(id));
  }

  /** Every entry. */
  entries() {
    return this.#entries.values();
  }

  /** The entry of a file. */
  entry(file) {
    return this.#entries.get(file);
  }

  /** Forgets what a file held, which has just been written. */
  forget(file) {
    const entry = this.#entries.get(file);
    if (entry !== undefined) entry.version = undefined;
  }

  /**
   * Learns of files that have come or gone; with `every`, also of those that were changed in place. Reads only what has
   * changed since it was last read.
   */
  async refresh({ every = false } = {}) {
    const turn = this.#turn.then(() => this.#refresh(every));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #refresh(every) {
    const began = performance.now();
    if (!every && began < this.#rest) return;
    const { dev, ino, mtimeMs } = disk.statSync(this.#folder);
    const folder = [dev, ino, mtimeMs].join();
    if (!every && folder === this.#names) return;
    const isRacy = Math.abs(Date.now() - mtimeMs) < FOLDER_TICK;
    const files = await this.names();
    this.#names = isRacy ? undefined : folder;
    this.#rest = performance.now() + (performance.now() - began) * SHARE;
    const unknown = [];
    for await (const file of sliced(files)) {
      const entry = this.#entries.get(file);
      if (entry === undefined || (every && this.#hasChanged(entry))) unknown.push(file);
    }
    await this.looks(unknown, () => {}, { withText: false });
  }

  /** The names of the files there are, in order. */
  async names() {
    const files = (await disk.readdir(this.#folder)).filter(this.#isSession).sort();
    const gone = new Set(this.#entries.keys());
    for (const file of files) gone.delete(file);
    for (const file of gone) this.#put(file, undefined);
    return files;
  }

  #hasChanged({ file, version }) {
    try {
      return versionOf(disk.statSync(join(this.#folder, file)), 0) !== version;
    } catch (error) {
      return error.code !== version;
    }
  }

  /**
   * Reads files, and gives each to `take` as `look` does; nothing for one that is not there. They come in the order given,
   * but for those that were not whole at first, which come last.
   */
  async looks(files, take, { withText = true } = {}) {
    const late = [];
    let slice = performance.now() + SLICE;
    for (let from = 0; from < files.length; ) {
      const began = performance.now();
      const file = files[from];
      const found = this.lookNow(file, withText);
      if (this.#mayHeal(file, found)) late.push(file);
      else if (found !== undefined) take(found);
      from += 1;
      const end = performance.now();
      if (end - began > SLOW) {
        const some = files.slice(from, from + AT_ONCE);
        from += some.length;
        for (const found of await Promise.all(some.map((file) => this.lookPatiently(file, { withText })))) found && take(found);
      } else if (end > slice) await setImmediate();
      else continue;
      slice = performance.now() + SLICE;
    }
    for (const found of await Promise.all(late.map((file) => this.lookPatiently(file, { withText })))) found && take(found);
  }

  /** A file as a session, `{ id, file, text }`, or why it is none, `{ file, error }`; undefined where it is not there. */
  async look(file, withText = true) {
    try {
      return this.#understand(file, await read(join(this.#folder, file)), withText);
    } catch (error) {
      return this.#refused(file, error);
    }
  }

  /** As `look`, at once. */
  lookNow(file, withText = true) {
    try {
      return this.#understand(file, readNow(join(this.#folder, file)), withText);
    } catch (error) {
      return this.#refused(file, error);
    }
  }

  /**
   * As `look`, but reads a file again for a while that is empty, cut off or, if it `exists`, gone only for a moment.
   */
  async lookPatiently(file, { withText = true, exists = true } = {}) {
    const began = performance.now();
    for (let wait = 10; ; wait = Math.min(wait * 1.6, 200)) {
      const found = await this.look(file, withText);
      const patience = found === undefined ? (exists ? PATIENCE_GONE : 0) : PATIENCE;
      if (!this.#mayHeal(file, found) || performance.now() - began >= patience) return found;
      await delay(wait);
    }
  }

  /** Whether a file may be whole in a moment. One that has been as it is for long will stay so. */
  #mayHeal(file, found) {
    if (found === undefined) return true;
    if (!CUT_OFF.includes(found.error?.code)) return false;
    return Math.abs(Date.now() - this.#entries.get(file)?.changed) < PATIENCE;
  }

  #understand(file, contents, withText) {
    if (contents === undefined) {
      this.#put(file, undefined);
      return undefined;
    }
    const { bytes, stat } = contents;
    const version = versionOf(stat, TICK);
    const before = this.#entries.get(file);
    const known = version !== undefined && before?.version === version && before.error === undefined;
    const entry = known ? before : { file, version, changed: stat.mtimeMs, ...heldBy(bytes, file) };
    if (!known) this.#put(file, entry);
    const { id, error } = entry;
    return error === undefined ? { id, file, text: withText ? bytes.toString("utf8") : undefined } : { file, error };
  }

  #refused(file, error) {
    // A module that is not loaded, memory or files that are used up: none of these says anything of the file.
    const isOfFile = error instanceof CallboardError && !["not_initialised", "out_of_memory"].includes(error.code);
    if (!isOfFile || isExhaustion(error.cause)) throw error;
    this.#put(file, { file, error, version: error.cause?.code });
    return { file, error };
  }

  #put(file, entry) {
    const before = this.#entries.get(file)?.id;
    if (before !== entry?.id && before !== undefined) {
      const files = this.#byId.get(before);
      files?.delete(file);
      if (files?.size === 0) this.#byId.delete(before);
    }
    if (entry === undefined) this.#entries.delete(file);
    else this.#entries.set(file, entry);
    if (entry?.id === undefined) return;
    const files = this.#byId.get(entry.id);
    if (files === undefined) this.#byId.set(entry.id, new Set([file]));
    else files.add(file);
  }
}

/** The contents of a file: a session's id and durations, or the error that says why it holds none. */
function heldBy(bytes, file) {
  let session;
  try {
    session = Session.fromBytes(bytes, { file });
    return { id: session.id, durations: session.durations() };
  } catch (error) {
    if (!(error instanceof CallboardError) || ["not_initialised", "out_of_memory"].includes(error.code)) throw error;
    return { error };
  } finally {
    session?.free();
  }
}

/** The mark of a version of a file; undefined where it may have changed again within its clock's tick. */
function versionOf({ dev, ino, size, mtimeMs, ctimeMs }, tick) {
  if (Math.abs(Date.now() - Math.max(mtimeMs, ctimeMs)) < tick) return undefined;
  return [dev, ino, size, mtimeMs, ctimeMs].join();
}
