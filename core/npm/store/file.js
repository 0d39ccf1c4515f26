import { mkdir, readdir, unlink, watch } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { CallboardError, Session, compareFiles } from "callboard";

import { misuse } from "../error.js";
import { assertSwap } from "./check.js";
import { CONFIG, configIn, policyConfigOf, withPolicy } from "./config.js";
import { create, readIfThere, replace, temporaryPrefix } from "./files.js";
import { findSessions } from "./locate.js";
import { withLock } from "./lock.js";
import { fileNamesOf } from "./names.js";
import { Store, notFound } from "./store.js";
import { isSystems, unfollowed, unreadable, unwritable } from "./system.js";

/** How many files are read at once. */
const AT_ONCE = 16;

/** Where a session is not found, it may still be in a file that cannot be read. */
const SEE_LIST = "`callboard list` shows the sessions there are, and the files that cannot be read.";

/** Thrown to begin anew with the file in which a session is now. */
const MOVED = Symbol("moved");

/** Sessions as files in a folder. Every write is atomic, and no two processes' writes are ever mixed. */
export class FileStore extends Store {
  #folder;
  /** Which file an id was last found in. */
  #files = new Map();

  /** The `callboard.json` that named the folder, where one did. */
  #config;

  /** @param {string} [folder] found as `findSessions` does if not given */
  constructor(folder, options = {}) {
    super(options);
    this.#config = options.config;
    if (folder === undefined) ({ folder, config: this.#config = options.config } = findSessions());
    // No path is the working directory to `resolve`, which nobody means by a variable that is not set.
    if (typeof folder !== "string" || folder === "") throw misuse("A FileStore's folder is a path, a text that is not empty.");
    this.#folder = resolve(folder);
  }

  get folder() {
    return this.#folder;
  }

  /** The policy of the `callboard.json` that rules the folder, as it is now, with what the store was given instead. */
  get policy() {
    const config = policyConfigOf(this.#folder) ?? (this.#config && configIn(dirname(resolve(this.#config))));
    return withPolicy(config?.policy, super.policy);
  }

  async load(id) {
    const found = await this.#find(id);
    if (found === undefined) throw notFound(id, this.#folder, SEE_LIST);
    return found;
  }

  async compareAndSwap(id, expected, text) {
    assertSwap(id, expected, text);
    if (expected === null) return this.#create(id, text);
    try {
      return await this.exclusively(id, (swap) => swap(expected, text));
    } catch (error) {
      // What is not there is not as expected.
      if (error.code === "session_not_found") return false;
      throw error;
    }
  }

  async exclusively(id, work) {
    for (;;) {
      const file = this.#files.get(id) ?? (await this.load(id)).file;
      try {
        return await this.#locked(id, file, work);
      } catch (error) {
        if (error !== MOVED) throw error;
      }
    }
  }

  #locked(id, file, work) {
    const path = join(this.#folder, file);
    return withLock(lockOf(path), async ({ held, inherited }) => {
      if (inherited) await this.#sweep(path);
      return work(async (expected, text) => {
        assertSwap(id, expected, text);
        const current = await readIfThere(path);
        // The lock is of a file that the session is no longer in: somebody has renamed it.
        if (current === undefined) this.#files.delete(id);
        if (this.#files.get(id) !== file) throw MOVED;
        return expected !== null && current.equals(Buffer.from(expected)) && replace(path, text, held);
      });
    });
  }

  async list() {
    const names = await this.#names();
    const sessions = [];
    const broken = [];
    const twins = new Map();
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const files = names.slice(from, from + AT_ONCE);
      for (const found of await Promise.all(files.map((file) => this.#inspect(file)))) {
        if (found === undefined) continue;
        if (found.error !== undefined) {
          broken.push(found);
          continue;
        }
        const twin = found.id === undefined ? undefined : twins.get(found.id);
        if (twin === undefined || stands(found, twin)) twins.set(found.id, found);
        sessions.push(found);
      }
    }
    const copies = sessions.filter((found) => found.id !== undefined && twins.get(found.id) !== found);
    for (const copy of copies) broken.push({ file: copy.file, error: duplicate(copy, twins.get(copy.id)) });
    broken.sort((a, b) => (a.file < b.file ? -1 : 1));
    return { sessions: sessions.filter((found) => !copies.includes(found)), broken };
  }

  async *watch({ signal } = {}) {
    try {
      for await (const { filename } of watch(this.#folder, { signal })) {
        if (filename === null || !isSessionFile(filename)) continue;
        const found = await this.#inspect(filename);
        yield { file: filename, id: found?.id, error: found?.error };
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      throw error.syscall === "watch" && error.code !== "ENOENT" ? unfollowed(error, this.#folder) : this.#explained(error);
    }
  }

  async #create(id, text) {
    try {
      await mkdir(this.#folder, { recursive: true });
    } catch (error) {
      throw isSystems(error) ? unwritable(error, this.#folder) : error;
    }
    if ((await this.#look(id)).found !== undefined) return false;
    for (const file of fileNamesOf(id)) {
      if (await create(join(this.#folder, file), text)) {
        this.#files.set(id, file);
        return true;
      }
      // Another process may have made this very session just now. Of any other file, broken ones too, the name is taken.
      if ((await this.#inspect(file))?.id === id) return false;
    }
    const message = `Every name that the file of session ${id} may have is taken in ${this.#folder}.`;
    throw new CallboardError({ code: "unwritable", message, hint: "Move the files that are in its way." });
  }

  /** The session of an id; undefined where there is none. What should hold it and cannot be read is thrown. */
  async #find(id) {
    const { found, failure } = await this.#look(id);
    // The file that should hold it cannot be read: that is what to say.
    if (found === undefined && failure !== undefined) throw failure;
    return found;
  }

  /** The session of an id: where it was, where its name says, else by looking into every file. */
  async #look(id) {
    if (typeof id !== "string") throw notFound(id);
    let failure;
    for (const file of new Set([this.#files.get(id), ...fileNamesOf(id)])) {
      const found = file === undefined ? undefined : await this.#inspect(file);
      if (found?.id === id) return { found: this.#remember(found) };
      failure ??= found?.error;
    }
    const { sessions } = await this.list();
    const found = sessions.find((session) => session.id === id);
    if (found !== undefined) return { found: this.#remember(found) };
    this.#files.delete(id);
    return { failure };
  }

  #remember(found) {
    this.#files.set(found.id, found.file);
    return found;
  }

  /** A file as a session, or why it is none; undefined where it is not there. */
  async #inspect(file) {
    try {
      const bytes = await readIfThere(join(this.#folder, file));
      if (bytes === undefined) return undefined;
      const session = Session.fromBytes(bytes, { file });
      const found = { id: session.id, file, text: bytes.toString("utf8") };
      session.free();
      return found;
    } catch (error) {
      // A module that is not loaded says nothing of the file.
      if (!(error instanceof CallboardError) || error.code === "not_initialised") throw error;
      return { file, error };
    }
  }

  async #names() {
    try {
      return (await readdir(this.#folder)).filter(isSessionFile).sort();
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** Removes what a process that died while it wrote this file has left. Only who holds its lock writes. */
  async #sweep(path) {
    for (const name of await readdir(this.#folder)) {
      if (name.startsWith(temporaryPrefix(path))) await unlink(join(this.#folder, name));
    }
  }

  #explained(error) {
    if (error.code !== "ENOENT") return isSystems(error) ? unreadable(error, this.#folder) : error;
    const message = `There is no folder ${this.#folder}.`;
    const hint = "Name the folder that holds the session files.";
    return new CallboardError({ code: "folder_not_found", message, hint, cause: error });
  }
}

const isSessionFile = (name) => name.endsWith(".json") && !name.startsWith(".") && name !== CONFIG;

/** The lock file of a session file. */
export function lockOf(path) {
  const at = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1;
  return `${path.slice(0, at)}.${path.slice(at)}.lock`;
}

/** True if one file of a session stands for it rather than another one. */
function stands(found, twin) {
  const [a, b] = [found, twin].map(({ text, file }) => Session.parse(text, { file }));
  try {
    return compareFiles(a, b) < 0;
  } finally {
    a.free();
    b.free();
  }
}

function duplicate(found, twin) {
  const message = `${found.file}: Same session as ${twin.file}, so not listed.`;
  return new CallboardError({ code: "duplicate_id", message, hint: "Remove the one that is a copy." });
}
