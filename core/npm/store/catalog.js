// Sessions that the files of a folder hold, as far as can be known without reading the files again.
import { join } from "node:path";
import { setImmediate, setTimeout as delay } from "node:timers/promises";

import { CallboardError, Session } from "callboard";

import { digestOf } from "./backend.js";
import { disk } from "./disk.js";
import { read, readNow, revisionOf } from "./files.js";
import { SLICE, sliced } from "./slices.js";
import { isExhaustion } from "./system.js";

/** Resolution of file times in milliseconds: a file read so soon after a change may have changed again since. */
const TICK = 2000;
/** Resolution of a folder's times: shorter than `TICK`, since reading the names once more costs little. */
const FOLDER_TICK = 100;

/** Names are read again for at most a tenth of the time. */
const SHARE = 10;

/** Milliseconds for which a file that another program is writing, or has taken away to replace, is read again. */
export const PATIENCE = 1000;
export const PATIENCE_GONE = 300;

/** Errors of a text that ends too early: an editor empties a file before it writes it. */
const CUT_OFF = ["unexpected_end", "empty", "not_utf8"];

/** True for an error of a text that may be complete in a moment. */
export const isCutOff = (error) => CUT_OFF.includes(error?.code);

/** Milliseconds from which on a read is one of a slow disk: the next files are then read side by side. */
const SLOW = 2;
const AT_ONCE = 16;

/** Files of a folder with the session in each. A file is parsed again only when its contents may have changed. */
export class Catalog {
  #folder;
  #isSession;
  /** Entries by file: `{ file, id, error, durations, version, revision, changed }`. */
  #entries = new Map();
  /** Files by the session that they hold. */
  #byId = new Map();
  /** Sessions that more than one file holds, by id. */
  #repeated = new Set();
  /** Names of the files, in order. */
  #files = [];
  /** Version of the folder whose names are known. */
  #names;
  /** Time until which names are not read again. */
  #rest = 0;
  #turn = Promise.resolve();

  /** @param {(name: string) => boolean} isSession */
  constructor(folder, isSession) {
    this.#folder = folder;
    this.#isSession = isSession;
  }

  /** Lists the files that hold a session, in the order of their names. */
  filesOf(id) {
    return [...(this.#byId.get(id) ?? [])].sort();
  }

  /** Lists the files of each session that more than one file holds: of all, or of those in the given files. */
  twins(files) {
    const ids = files === undefined ? this.#repeated : new Set(files.map((file) => this.#entries.get(file)?.id));
    return [...ids].filter((id) => this.#repeated.has(id)).map((id) => this.filesOf(id));
  }

  /** Lists the next files of the last `refresh`, in the order of their names; the first ones if no file is given. */
  filesAfter(file, limit) {
    let from = 0;
    for (let to = this.#files.length; file !== undefined && from < to; ) {
      const middle = (from + to) >> 1;
      if (this.#files[middle] <= file) from = middle + 1;
      else to = middle;
    }
    return this.#files.slice(from, from + limit);
  }

  entries() {
    return this.#entries.values();
  }

  entry(file) {
    return this.#entries.get(file);
  }

  /** Notes the session in a file that has just been written, so that it need not be parsed. */
  wrote(file, { id, durations, revision }) {
    this.#put(file, { file, id, durations, revision, changed: Date.now() });
  }

  /**
   * Looks for files that have come or gone; with `every`, also for those that were changed in place. Reads only the files
   * that have changed since they were last read.
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
    await this.looks(unknown, () => {}, { text: false });
  }

  /** Reads the names of the files, in order. */
  async names() {
    const files = (await disk.readdir(this.#folder)).filter(this.#isSession).sort();
    const gone = new Set(this.#entries.keys());
    for (const file of files) gone.delete(file);
    for (const file of gone) this.#put(file, undefined);
    this.#files = files;
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
   * Reads files, and passes each to `take` as `look` returns it; a file that is not there is left out. They come in the
   * order given, except for files that were incomplete at first, which come last.
   */
  async looks(files, take, options) {
    const late = [];
    let slice = performance.now() + SLICE;
    for (let from = 0; from < files.length; ) {
      const began = performance.now();
      const file = files[from];
      const found = this.lookNow(file, options);
      if (this.#mayHeal(file, found)) late.push(file);
      else if (found !== undefined) take(found);
      from += 1;
      const end = performance.now();
      if (end - began > SLOW) {
        const some = files.slice(from, from + AT_ONCE);
        from += some.length;
        for (const found of await Promise.all(some.map((file) => this.lookPatiently(file, options)))) found && take(found);
      } else if (end > slice) await setImmediate();
      else continue;
      slice = performance.now() + SLICE;
    }
    for (const found of await Promise.all(late.map((file) => this.lookPatiently(file, options)))) found && take(found);
  }

  /**
   * Reads a file as a session, `{ id, file, text, revision }`, or as an error, `{ file, error }`; undefined if it is not
   * there. The text is left out on request, and the revision is there on request.
   */
  async look(file, options) {
    try {
      return this.#understand(file, await read(join(this.#folder, file)), options);
    } catch (error) {
      return this.#refused(file, error);
    }
  }

  /** Reads a file like `look`, without waiting. */
  lookNow(file, options) {
    try {
      return this.#understand(file, readNow(join(this.#folder, file)), options);
    } catch (error) {
      return this.#refused(file, error);
    }
  }

  /** Reads a file like `look`, but tries again for a while if it is empty, cut off or, if it `exists`, gone for a moment. */
  async lookPatiently(file, { exists = true, ...options } = {}) {
    const began = performance.now();
    for (let wait = 10; ; wait = Math.min(wait * 1.6, 200)) {
      const found = await this.look(file, options);
      const patience = found === undefined ? (exists ? PATIENCE_GONE : 0) : PATIENCE;
      if (!this.#mayHeal(file, found) || performance.now() - began >= patience) return found;
      await delay(wait);
    }
  }

  /** True if a file may be complete in a moment. One that has been incomplete for long will stay so. */
  #mayHeal(file, found) {
    if (found === undefined) return true;
    if (!isCutOff(found.error)) return false;
    return Math.abs(Date.now() - this.#entries.get(file)?.changed) < PATIENCE;
  }

  #understand(file, contents, { text = true, revision = false } = {}) {
    if (contents === undefined) {
      this.#put(file, undefined);
      return undefined;
    }
    const entry = this.#entryOf(file, contents, revision);
    const { id, error } = entry;
    if (error !== undefined) return { file, error };
    return {
      id,
      file,
      text: text ? contents.bytes.toString("utf8") : undefined,
      ...(revision && { revision: entry.revision }),
    };
  }

  /** Returns the entry of a file's contents, which are parsed only if they are new. */
  #entryOf(file, { bytes, stat }, withRevision) {
    const version = versionOf(stat, TICK);
    const before = this.#entries.get(file);
    const isSame = version !== undefined && before?.version === version && before.error === undefined;
    if (isSame && (before.revision !== undefined || !withRevision)) return before;
    const revision = withRevision || before?.revision !== undefined ? revisionOf(bytes) : undefined;
    const isRewritten = revision === undefined || before?.revision !== revision || before.error !== undefined;
    const isKnown = isSame || !isRewritten;
    const held = isKnown ? { id: before.id, durations: before.durations } : heldBy(bytes, file);
    const entry = { file, version, revision, changed: stat.mtimeMs, ...held };
    this.#put(file, entry);
    return entry;
  }

  #refused(file, error) {
    // A module that is not loaded, or memory or files that are used up, says nothing about the file.
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
      if (files?.size === 1) this.#repeated.delete(before);
    }
    if (entry === undefined) this.#entries.delete(file);
    else this.#entries.set(file, entry);
    if (entry?.id === undefined) return;
    const files = this.#byId.get(entry.id);
    if (files === undefined) this.#byId.set(entry.id, new Set([file]));
    else if (files.add(file).size > 1) this.#repeated.add(entry.id);
  }
}

/** Parses a file: a session's id and durations, or the error that says why it holds none. */
function heldBy(bytes, file) {
  let session;
  try {
    session = Session.fromBytes(bytes, { file });
    return { id: session.id, ...digestOf(session) };
  } catch (error) {
    if (!(error instanceof CallboardError) || ["not_initialised", "out_of_memory"].includes(error.code)) throw error;
    return { error };
  } finally {
    session?.free();
  }
}

/** Version of a file by its size and times; undefined if it may have changed again within its clock's tick. */
function versionOf({ dev, ino, size, mtimeMs, ctimeMs }, tick) {
  if (Math.abs(Date.now() - Math.max(mtimeMs, ctimeMs)) < tick) return undefined;
  return [dev, ino, size, mtimeMs, ctimeMs].join();
}
