import { dirname, join, resolve } from "node:path";

import { CallboardError, misuse } from "../error.js";
import { Catalog } from "./catalog.js";
import { Changes } from "./changes.js";
import { CONFIG, configIn, policyConfigOf } from "./config.js";
import { disk } from "./disk.js";
import { notFound } from "./errors.js";
import { create, revisionOf } from "./files.js";
import { lockFile } from "./locked-file.js";
import { fileNamesOf } from "./names.js";
import { folderNotFound, isSystems, unreadable, unwritable } from "./system.js";
import { inOrder } from "./twins.js";
import { follow } from "./watch.js";

/** A missing session may still be in a file that cannot be read. */
const SEE_LIST = "Run `callboard list` to see the sessions, and the files that cannot be read.";

/**
 * Backend over a folder of session files. Every write is atomic, and no two processes' writes are ever mixed. A
 * revision is the hash of a file's bytes.
 */
export class Folder {
  #path;
  #catalog;
  /** File in which each session was last found, by id. */
  #files = new Map();
  /** Path of the `callboard.json` that named the folder, if one did. */
  #config;

  constructor(path, { config } = {}) {
    // `resolve` takes an empty path for the working folder, which an unset variable does not mean.
    if (typeof path !== "string" || path === "") throw misuse("A FileStore's folder must be a path, a string that is not empty.");
    this.#path = resolve(path);
    this.#config = config;
    this.#catalog = new Catalog(this.#path, isSessionFile);
  }

  get path() {
    return this.#path;
  }

  /** Policy of the `callboard.json` that governs the folder, as it is now. */
  get policy() {
    const config = policyConfigOf(this.#path) ?? (this.#config && configIn(dirname(resolve(this.#config))));
    return config?.policy;
  }

  async load(id) {
    const { found, failure } = await this.#look(id);
    // If the file that should hold the session cannot be read, that is the error to report.
    if (found === undefined) throw failure ?? notFound(id, this.#path, SEE_LIST);
    return found;
  }

  async compareAndSwap(id, revision, text, digest) {
    try {
      for (;;) {
        const lock = await this.lock(id);
        try {
          const swapped = await lock.compareAndSwap(revision, text, digest);
          if (!lock.moved) return swapped;
        } finally {
          await lock.release();
        }
      }
    } catch (error) {
      // A session that is not there does not have the revision.
      if (error.code === "session_not_found") return false;
      throw error;
    }
  }

  async create(id, text, digest) {
    try {
      await disk.mkdir(this.#path, { recursive: true });
    } catch (error) {
      throw isSystems(error) ? unwritable(error, this.#path) : error;
    }
    if ((await this.#look(id)).found !== undefined) return false;
    for (const file of fileNamesOf(id)) {
      if (await create(join(this.#path, file), text)) {
        this.#wrote(id, file, text, digest);
        return true;
      }
      // Another process may have created this very session just now. Any other file, broken ones too, keeps its name.
      if ((await this.#catalog.lookPatiently(file))?.id === id) return false;
    }
    const message = `Session ${id} cannot be created: every name that its file may have is taken in ${this.#path}.`;
    throw new CallboardError({ code: "unwritable", message, hint: "Move the files that are in its way." });
  }

  async list({ limit } = {}, cursor) {
    return limit === undefined ? this.#listAll() : this.#listPage(limit, cursor);
  }

  async durations() {
    await this.#refresh({ every: true });
    const repeated = await this.#repeated();
    return [...this.#catalog.entries()].filter(({ file }) => !repeated.has(file)).flatMap(({ durations }) => durations ?? []);
  }

  watch({ signal, poll } = {}) {
    const describe = async (file) => {
      // A file that is gone now and comes back is reported again.
      const found = await this.#catalog.lookPatiently(file, { text: false, exists: false });
      return { file, id: found?.id, error: found?.error };
    };
    return new Changes((told) => follow(this.#path, isSessionFile, told, { poll }), describe, signal);
  }

  async lock(id) {
    const file = this.#files.get(id) ?? (await this.load(id)).file;
    const locked = await lockFile(join(this.#path, file));
    const held = {
      moved: false,
      compareAndSwap: async (revision, text, digest) => {
        // Another call has found the session in another file meanwhile: it was renamed.
        held.moved = this.#files.get(id) !== file;
        if (held.moved) return false;
        const swapped = await locked.swap(revision, text);
        held.moved = locked.moved;
        if (locked.moved) this.#files.delete(id);
        if (swapped) this.#wrote(id, file, text, digest);
        return swapped;
      },
      release: () => locked.release(),
    };
    return held;
  }

  #wrote(id, file, text, { durations }) {
    this.#files.set(id, file);
    this.#catalog.wrote(file, { id, durations, revision: revisionOf(text) });
  }

  /** Reads every file once. */
  async #listAll() {
    const found = [];
    await this.#catalog.looks(await this.#explaining(() => this.#catalog.names()), (one) => found.push(one));
    found.sort((one, other) => (one.file < other.file ? -1 : 1));
    const first = new Map();
    for (const [id, twins] of groups(found)) {
      if (id !== undefined && twins.length > 1) first.set(id, inOrder(twins)[0]);
    }
    const sessions = [];
    const broken = [];
    for (const one of found) {
      const twin = first.get(one.id);
      if (one.error !== undefined) broken.push(one);
      else if (twin !== undefined && twin !== one) broken.push({ file: one.file, error: duplicate(one.file, twin.file) });
      else sessions.push(one);
    }
    return { sessions, broken };
  }

  /** Reads the next files after the one that the cursor names. */
  async #listPage(limit, cursor) {
    if (cursor === undefined) await this.#refresh({ every: true });
    const files = this.#catalog.filesAfter(cursor, limit);
    const repeated = await this.#repeated(files);
    const sessions = [];
    const broken = [];
    const readable = files.filter((file) => {
      const error = repeated.get(file) ?? this.#catalog.entry(file)?.error;
      if (error !== undefined) broken.push({ file, error });
      return error === undefined;
    });
    await this.#catalog.looks(readable, (one) => (one.error === undefined ? sessions : broken).push(one));
    return { sessions, broken, cursor: files.length < limit ? undefined : files.at(-1) };
  }

  /**
   * Finds a session, in the file that stands for it: the same as in `list`. If there is none, returns the error of the
   * file that should hold it, if any.
   */
  async #look(id) {
    if (typeof id !== "string") throw notFound(id);
    let failure;
    const among = async (files, exists) => {
      const looks = await Promise.all(files.map((file) => this.#catalog.lookPatiently(file, { exists, revision: true })));
      failure ??= looks.find((found) => found?.error !== undefined)?.error;
      const found = inOrder(looks.filter((found) => found?.id === id))[0];
      if (found !== undefined) this.#files.set(id, found.file);
      return found;
    };
    const known = this.#files.get(id);
    for (const every of [false, true]) {
      await this.#refresh({ every });
      const found = await among(this.#catalog.filesOf(id), false);
      if (found !== undefined) return { found };
    }
    if (known !== undefined && failure === undefined) {
      const found = await among([known], true);
      if (found !== undefined) return { found };
    }
    this.#files.delete(id);
    const named = fileNamesOf(id).filter((file) => this.#catalog.entry(file)?.error !== undefined);
    return { found: await among(named, false), failure };
  }

  /** Finds the files of sessions for which another file stands, each with its error: all, or those of the given files. */
  async #repeated(files) {
    const repeated = new Map();
    for (const twins of this.#catalog.twins(files)) {
      const looks = await Promise.all(twins.map((file) => this.#catalog.look(file)));
      const [first, ...others] = inOrder(looks.filter((found) => found?.id !== undefined));
      for (const { file } of others) repeated.set(file, duplicate(file, first.file));
    }
    return repeated;
  }

  #refresh(options) {
    return this.#explaining(() => this.#catalog.refresh(options));
  }

  async #explaining(work) {
    try {
      return await work();
    } catch (error) {
      if (error.code === "ENOENT") throw folderNotFound(this.#path, error);
      throw isSystems(error) ? unreadable(error, this.#path) : error;
    }
  }
}

function groups(found) {
  const groups = new Map();
  for (const one of found) {
    const group = groups.get(one.id);
    if (group === undefined) groups.set(one.id, [one]);
    else group.push(one);
  }
  return groups;
}

const isSessionFile = (name) => name.endsWith(".json") && !name.startsWith(".") && name !== CONFIG;

function duplicate(file, twin) {
  const message = `${file} is not listed: it holds the same session as ${twin}.`;
  return new CallboardError({ code: "duplicate_id", message, hint: "Remove the file that is a copy." });
}
