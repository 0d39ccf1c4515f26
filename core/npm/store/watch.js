// Watching a folder, by the system's events or, if there are none, by checking its files.
import { basename, join } from "node:path";

import { CallboardError } from "../error.js";
import { disk } from "./disk.js";
import { sliced } from "./slices.js";
import { folderNotFound, isSystems, notAFolder, unfollowed, unreadable } from "./system.js";

/** Milliseconds between checks of the folder. */
const INTERVAL = 1000;

/** Checking every file takes at most a tenth of the time. */
const SHARE = 10;

/** Number of events at once from which some may be lost: Linux queues 16,384, and does not report a loss. */
const MANY_EVENTS = 4096;

/** Errors of a system that has no events for a folder. */
export const NO_EVENTS = ["ENOSPC", "EMFILE", "ENFILE", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL"];

/** Linux's numbers of file systems that other machines change without an event here: NFS, SMB, 9P, FUSE and others. */
const SHARED = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x786f4256, 0x00c36400, 0x5346414f, 0x0bd00bd0,
  0x47504653, 0x7c7c6673, 0xbacbacbc,
]);

/**
 * Watches the files of a folder: calls `tell` with the name of each that is created, changed, renamed or removed, and
 * `fail` with an error once the folder itself is gone. Returns the function that ends it. Throws if there is no folder.
 * @param {(name: string) => boolean} wanted
 * @param {boolean | number | undefined} poll true, or an interval in milliseconds, to check every file at that interval;
 *   by default for network file systems, and if the system has no events
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
  /** True if every file is checked at intervals. */
  #polling;
  #interval;
  /** Version of each file by name; undefined before the first check. */
  #known = new Map();
  #hasLooked = false;
  /** Names of links: their targets change without an event here. */
  #links = new Set();
  #events = 0;
  /** Time from which on changes count; file systems' clocks are coarse, and differ. */
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
    // A file that is removed before the first check was there when the watch began.
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
      if (!found.isDirectory()) throw notAFolder(this.#folder);
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
    this.#watcher.on("change", (kind, name) => {
      this.#events += 1;
      if (name !== null && this.#wanted(name)) this.#tell(name);
      // A removed or renamed folder is reported by its own name.
      if (kind === "rename" && name === basename(this.#folder)) this.#listenAgain(poll);
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

  /** Replaces the watcher: that of a removed folder is dead, also where a new folder has taken its name and identity. */
  #listenAgain(poll) {
    this.#watcher.close();
    this.#watcher = undefined;
    try {
      this.#listen(poll);
    } catch (error) {
      return this.#end(error.cause.code === "ENOENT" ? gone(this.#folder) : error);
    }
    // Every file of a new folder is new.
    for (const name of this.#known.keys()) this.#known.set(name, "");
    this.#events = MANY_EVENTS;
  }

  #schedule(wait) {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), wait);
    // The timer must keep the process running, unless the system's own watcher does.
    if (this.#watcher !== undefined && !this.#polling) this.#timer.unref?.();
  }

  /** Checks that the folder is still there, and its files if there are no events for them. */
  async #check() {
    if (this.#closed) return;
    const found = await disk.stat(this.#folder).catch((error) => error);
    if (this.#closed) return;
    if (found instanceof Error && found.code !== "ENOENT" && found.code !== "ENOTDIR" && found.code !== "ESTALE") {
      return this.#end(isSystems(found) ? unfollowed(found, this.#folder) : found);
    }
    if (found instanceof Error || identityOf(found) !== this.#identity) return this.#end(gone(this.#folder));
    const busyMs = await this.#look();
    this.#schedule(Math.max(this.#interval, busyMs * SHARE));
  }

  /** Reports the changes since the last check, and returns the milliseconds that it took. */
  async #look() {
    // One check at a time: a call in between waits for the one under way.
    this.#looking ??= this.#compare().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #compare() {
    const began = performance.now();
    try {
      const whole = this.#polling || !this.#hasLooked || this.#events >= MANY_EVENTS;
      this.#events = 0;
      if (whole) await this.#compareAll();
      else for (const name of this.#links) this.#compareOne(name);
    } catch (error) {
      // The next check finds out if the folder is gone.
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
    // A change before the first check may also have come after the watch began; for most files there are events.
    const hasEvents = this.#watcher !== undefined && !this.#links.has(name);
    if (isFirst ? !hasEvents && changed > this.#began : version !== before) this.#tell(name);
  }

  #end(error) {
    if (this.#closed) return;
    this.close();
    this.#fail(error);
  }
}

/** Returns the version of a file, and its time in milliseconds. */
function look(path) {
  try {
    const found = disk.statSync(path, { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs } = found;
    // A folder's times are those of its contents.
    if (found.isDirectory()) return { version: `${dev} ${ino}`, changed: 0 };
    return { version: [dev, ino, size, mtimeNs, ctimeNs].join(), changed: Number(ctimeNs / 1_000_000n) };
  } catch (error) {
    return { version: String(error.code), changed: 0 };
  }
}

const identityOf = ({ dev, ino }) => `${dev} ${ino}`;

/** True for a folder that other machines may change without an event here. */
export function isShared(folder) {
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
