import { dirname, join, resolve } from "node:path";

import { CallboardError } from "callboard";

import { misuse } from "../error.js";
import { Catalog } from "./catalog.js";
import { Changes } from "./changes.js";
import { assertSwap } from "./check.js";
import { CONFIG, configIn, policyConfigOf, withPolicy } from "./config.js";
import { disk } from "./disk.js";
import { create, read, replace, resolved, temporaryPrefix } from "./files.js";
import { findSessions } from "./locate.js";
import { lockOf, withLock } from "./lock.js";
import { fileNamesOf } from "./names.js";
import { Store, notFound } from "./store.js";
import { isSystems, unreadable, unwritable } from "./system.js";
import { inOrder } from "./twins.js";
import { follow } from "./watch.js";

/** The most sessions that are held at once while all are gone through. */
const AT_ONCE = 64;

/** Where a session is not found, it may still be in a file that cannot be read. */
const SEE_LIST = "`callboard list` shows the sessions there are, and the files that cannot be read.";

/** Thrown to begin anew with the file in which a session is now. */
const MOVED = Symbol("moved");

/** Sessions as files in a folder. Every write is atomic, and no two processes' writes are ever mixed. */
export class FileStore extends Store {
  #folder;
  #catalog;
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
    this.#catalog = new Catalog(this.#folder, isSessionFile);
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
    const { found, failure } = await this.#look(id);
    // The file that should hold it cannot be read: that is what to say.
    if (found === undefined) throw failure ?? notFound(id, this.#folder, SEE_LIST);
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

  async #locked(id, file, work) {
    const path = join(this.#folder, file);
    // Whoever comes to the file by another link, or by none, must wait for the same lock.
    const target = await resolved(path);
    return withLock(lockOf(target), async ({ held, inherited }) => {
      if (inherited) await sweep(target);
      return work(async (expected, text) => {
        assertSwap(id, expected, text);
        const current = await read(path);
        // The lock is of a file that the session is no longer in: somebody has renamed it, or made the link lead elsewhere.
        if (current === undefined) this.#files.delete(id);
        if (this.#files.get(id) !== file || (await resolved(path)) !== target) throw MOVED;
        if (expected === null || !current.bytes.equals(Buffer.from(expected))) return false;
        const replaced = await replace(target, text, held);
        this.#catalog.forget(file);
        return replaced;
      });
    });
  }

  async list() {
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
      else if (twin !== undefined && twin !== one) broken.push({ file: one.file, error: duplicate(one, twin) });
      else sessions.push(one);
    }
    return { sessions, broken };
  }

  async *each() {
    await this.#refresh({ every: true });
    const repeated = await this.#repeated();
    const whole = [...this.#catalog.entries()].filter(({ file, error }) => error === undefined && !repeated.has(file));
    const files = whole.map(({ file }) => file).sort();
    for (let from = 0; from < files.length; from += AT_ONCE) {
      const some = [];
      await this.#catalog.looks(files.slice(from, from + AT_ONCE), (found) => found.error === undefined && some.push(found));
      yield* some;
    }
  }

  async durations() {
    await this.#refresh({ every: true });
    const repeated = await this.#repeated();
    return [...this.#catalog.entries()].filter(({ file }) => !repeated.has(file)).flatMap(({ durations }) => durations ?? []);
  }

  watch({ signal, poll } = {}) {
    const describe = async (file) => {
      // What is gone and comes back is told of again.
      const found = await this.#catalog.lookPatiently(file, { withText: false, exists: false });
      return { file, id: found?.id, error: found?.error };
    };
    return new Changes((told) => follow(this.#folder, isSessionFile, told, { poll }), describe, signal);
  }

  async #create(id, text) {
    try {
      await disk.mkdir(this.#folder, { recursive: true });
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
      if ((await this.#catalog.lookPatiently(file))?.id === id) return false;
    }
    const message = `Every name that the file of session ${id} may have is taken in ${this.#folder}.`;
    throw new CallboardError({ code: "unwritable", message, hint: "Move the files that are in its way." });
  }

  /**
   * The session of an id, of the file that stands for it: the same as in `list`. Else the error of the file that should
   * hold it, if any.
   */
  async #look(id) {
    if (typeof id !== "string") throw notFound(id);
    let failure;
    const among = async (files, exists) => {
      const looks = await Promise.all(files.map((file) => this.#catalog.lookPatiently(file, { exists })));
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

  /** The files that hold a session which another file stands for. */
  async #repeated() {
    const repeated = new Set();
    for (const files of this.#catalog.twins()) {
      const looks = await Promise.all(files.map((file) => this.#catalog.look(file)));
      for (const { file } of inOrder(looks.filter((found) => found?.id !== undefined)).slice(1)) repeated.add(file);
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
      throw this.#explained(error);
    }
  }

  #explained(error) {
    if (error.code !== "ENOENT") return isSystems(error) ? unreadable(error, this.#folder) : error;
    const message = `There is no folder ${this.#folder}.`;
    const hint = "Name the folder that holds the session files.";
    return new CallboardError({ code: "folder_not_found", message, hint, cause: error });
  }
}

/** Removes what a process that died while it wrote a file has left. Only who holds its lock writes. */
async function sweep(path) {
  for (const name of await disk.readdir(dirname(path))) {
    if (name.startsWith(temporaryPrefix(path))) await disk.unlink(join(dirname(path), name)).catch(() => {});
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

function duplicate(found, twin) {
  const message = `${found.file}: Same session as ${twin.file}, so not listed.`;
  return new CallboardError({ code: "duplicate_id", message, hint: "Remove the one that is a copy." });
}
