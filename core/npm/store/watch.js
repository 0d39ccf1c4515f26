// Following a folder: by the system's events, and by looking where they do not come.
import { basename, join } from "node:path";

import { CallboardError } from "../error.js";
import { disk } from "./disk.js";
import { sliced } from "./slices.js";
import { folderNotFound, isSystems, unfollowed, unreadable } from "./system.js";

/** Milliseconds between looks at the folder. */
const INTERVAL = 1000;

/** A look at every file takes at most this part of the time. */
const SHARE = 10;

/** The number of events at once from which the system may have dropped some: Linux keeps 16,384, and does not tell. */
const MANY = 4096;

/** Errors by which the system says that it has no events for this folder. */
const NO_EVENTS = ["ENOSPC", "EMFILE", "ENFILE", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL"];

/** Linux's numbers of the file systems that others write to without an event here: NFS, SMB, 9P, FUSE and the like. */
const SHARED = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x786f4256, 0x00c36400, 0x5346414f, 0x0bd00bd0,
  0x47504653, 0x7c7c6673, 0xbacbacbc,
]);

/**
 * Follows the files of a folder: `tell` gets the name of each that is made, changed, renamed or removed, and `fail` an
 * error once the folder itself is gone. Returns the function that ends it. A folder that is not there throws.
 * @param {(name: string) => boolean} wanted
 * @param {boolean | number | undefined} poll whether to look at every file again and again, or the milliseconds between
 *   looks; where the system has no events, and for network file systems, if not given
 */
export function follow(folder, wanted, { tell, fail }, { poll } = {}) {
  const watch = new FolderWatch(folder, wanted, tell, fail, poll);
  return () => watch.close();
}

class FolderWatch {
  #folder;
  #wanted;
  #tell;
  #fail;
  #identity;
  #watcher;
  #timer;
  /** Whether every file is looked at in turn. */
  #polling;
  #interval;
  /** The versions of the files by name; undefined for one that has not been looked at yet. */
  #known = new Map();
  #hasLooked = false;
  /** The names that are links: what they lead to changes without an event here. */
  #links = new Set();
  #events = 0;
  /** The time from which on changes count; file systems' clocks go by ticks, and are not all set alike. */
  #began = Date.now() - 2000;
  #looking;
  #closed = false;

  constructor(folder, wanted, tell, fail, poll) {
    this.#folder = folder;
    this.#wanted = wanted;
    this.#tell = tell;
    this.#fail = fail;
    this.#identity = identityOf(this.#stat());
    this.#interval = typeof poll === "number" ? poll : INTERVAL;
    this.#polling = poll === undefined ? isShared(folder) : poll !== false;
    this.#listen(poll);
    // The names at the beginning: what is removed before the first look was there when the watch began.
    for (const name of disk.readdirSync(folder)) if (wanted(name)) this.#known.set(name, undefined);
    this.#look();
    this.#schedule(this.#interval);
  }

  close() {
    this.#closed = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
  }

  #stat() {
    try {
      const found = disk.statSync(this.#folder);
      if (!found.isDirectory()) throw new CallboardError({ code: "unreadable", message: `${this.#folder} is a file, not a folder.` });
      return found;
    } catch (error) {
      if (error.code === "ENOENT") throw folderNotFound(this.#folder, error);
      throw isSystems(error) ? unreadable(error, this.#folder) : error;
    }
  }

  #listen(poll) {
    try {
      this.#watcher = disk.watch(this.#folder);
    } catch (error) {
      if (poll === false || !NO_EVENTS.includes(error.code)) throw unfollowed(error, this.#folder);
      this.#polling = true;
      return;
    }
    this.#watcher.on("change", (_, name) => {
      this.#events += 1;
      if (name !== null && this.#wanted(name)) this.#tell(name);
      // A folder that is removed or renamed is told of by its own name.
      if (name === null || name === basename(this.#folder)) this.#check();
    });
    this.#watcher.on("error", (error) => {
      this.#watcher.close();
      this.#watcher = undefined;
      if (poll === false) return this.#end(unfollowed(error, this.#folder));
      this.#polling = true;
      this.#check();
    });
  }

  #schedule(wait) {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), wait);
    // The system's own watcher keeps the process running; else nothing would.
    if (this.#watcher !== undefined && !this.#polling) this.#timer.unref?.();
  }

  /** Looks whether the folder is still there, and at its files where that is the only way to know of them. */
  async #check() {
    if (this.#closed) return;
    const found = await disk.stat(this.#folder).catch((error) => error);
    if (this.#closed) return;
    if (found instanceof Error && found.code !== "ENOENT" && found.code !== "ENOTDIR" && found.code !== "ESTALE") {
      return this.#end(isSystems(found) ? unfollowed(found, this.#folder) : found);
    }
    if (found instanceof Error || identityOf(found) !== this.#identity) return this.#end(gone(this.#folder));
    const took = await this.#look();
    this.#schedule(Math.max(this.#interval, took * SHARE));
  }

  /** Tells of what has changed since the last look, and returns the milliseconds that it took. */
  async #look() {
    // One at a time; who comes in between waits for the one that is under way.
    this.#looking ??= this.#compare().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #compare() {
    const began = performance.now();
    try {
      const whole = this.#polling || !this.#hasLooked || this.#events >= MANY;
      this.#events = 0;
      if (whole) await this.#compareAll();
      else for (const name of this.#links) this.#compareOne(name);
    } catch (error) {
      // Whether the folder is gone, the next check says.
      if (error.code !== "ENOENT") this.#end(isSystems(error) ? unfollowed(error, this.#folder) : error);
    }
    return performance.now() - began;
  }

  async #compareAll() {
    const entries = await disk.readdir(this.#folder, { withFileTypes: true });
    const gone = new Set(this.#known.keys());
    this.#links.clear();
    for await (const entry of sliced(entries)) {
      if (this.#closed) return;
      if (!this.#wanted(entry.name)) continue;
      gone.delete(entry.name);
      if (entry.isSymbolicLink()) this.#links.add(entry.name);
      this.#compareOne(entry.name);
    }
    this.#hasLooked = true;
    for (const name of gone) {
      this.#known.delete(name);
      this.#tell(name);
    }
  }

  #compareOne(name) {
    const { version, changed } = look(join(this.#folder, name));
    const before = this.#known.get(name);
    const isFirst = before === undefined && this.#known.has(name);
    this.#known.set(name, version);
    // What changes before the first look at it has come after the watch began, too; of most, events tell.
    const hasEvents = this.#watcher !== undefined && !this.#links.has(name);
    if (isFirst ? !hasEvents && changed > this.#began : version !== before) this.#tell(name);
  }

  #end(error) {
    if (this.#closed) return;
    this.close();
    this.#fail(error);
  }
}

/** The mark of a version of a file, with its time in milliseconds. */
function look(path) {
  try {
    const found = disk.statSync(path, { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs } = found;
    // A folder's times are those of what is in it.
    if (found.isDirectory()) return { version: `${dev} ${ino}`, changed: 0 };
    return { version: [dev, ino, size, mtimeNs, ctimeNs].join(), changed: Number(ctimeNs / 1_000_000n) };
  } catch (error) {
    return { version: String(error.code), changed: 0 };
  }
}

const identityOf = ({ dev, ino }) => `${dev} ${ino}`;

function isShared(folder) {
  if (process.platform !== "linux") return false;
  try {
    return SHARED.has(disk.statfsSync(folder).type);
  } catch {
    return false;
  }
}

function gone(folder) {
  const message = `The folder ${folder} is gone: it was removed, renamed or unmounted.`;
  return new CallboardError({ code: "folder_not_found", message, hint: "Watch it again once it is back." });
}
