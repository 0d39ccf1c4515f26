// Watching a folder and those below it: by the system's events, and by slow checks for events that never come.
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";

import { isToolFolder } from "callboard/import";

import { isRead } from "../import/folder.js";
import { PATIENCE, PATIENCE_GONE } from "../store/catalog.js";
import { disk } from "../store/disk.js";
import { isOurs } from "../store/files.js";
import { SLICE } from "../store/slices.js";
import { pause } from "../store/wait.js";
import { filesBelow } from "../store/walk.js";
import { NO_EVENTS, isShared } from "../store/watch.js";

/** Checks of all files take one part in so many of the time: where events come, and where none do. */
const SHARE = 500;
const SHARE_POLLING = 50;

/** Shortest time from one check of all files to the next, in milliseconds: where events come, and where none do. */
const INTERVAL_MS = 2000;
const INTERVAL_POLLING_MS = 500;

/** Milliseconds for which events are collected, and after which an incomplete file is read again. */
const COLLECT_MS = 10;
const AGAIN_MS = 50;

/** Errors of a path at which there is nothing. */
const GONE = ["ENOENT", "ENOTDIR", "ELOOP"];

/** Files that are read at once. */
const AT_ONCE = 8;

/** The folders and files of a tree, and what is known of their content. */
export class TreeWatch {
  #root;
  #look;
  #onChange;
  #onReset;
  /** True while the folder itself is gone or cannot be read. */
  #isLost = false;
  /** Watchers by the folder's path: `{ watcher, identity, real }`. */
  #folders = new Map();
  /** Files that are read or shown, by path: `{ version, etag }`, each undefined until it is known. */
  #files = new Map();
  /** Links to files, whose targets change without an event here. */
  #links = new Set();
  /** Paths to check. */
  #dirty = new Set();
  /** Times since which files have been gone or incomplete, by path. */
  #since = new Map();
  #flushing = false;
  #timer;
  #polling;
  #interval;
  #stop = new AbortController();

  /**
   * @param {string} root path of the folder, without links
   * @param {object} parts
   * @param {(path: string) => Promise<{ etag?: string, version?: string, incomplete?: boolean } | undefined>} parts.look
   *   reads a file; undefined if it is not there
   * @param {(path: string, etag: string | null) => void} parts.onChange reports a change
   * @param {() => void} parts.onReset reports that the folder itself went or came back: its files must be listed again
   * @param {number} [parts.poll] interval in milliseconds of checks that rely on no events
   */
  constructor(root, { look, onChange, onReset, poll }) {
    this.#root = root;
    this.#look = look;
    this.#onChange = onChange;
    this.#onReset = onReset;
    this.#polling = poll !== undefined || isShared(root);
    this.#interval = poll ?? INTERVAL_POLLING_MS;
  }

  /** Begins the watch, and finds out which files there are. */
  async start() {
    for await (const path of this.walk()) if (isShown(path) && !this.#files.has(path)) this.#files.set(path, {});
    this.#sweeping();
  }

  close() {
    this.#stop.abort();
    clearTimeout(this.#timer);
    for (const { watcher } of this.#folders.values()) watcher?.close();
    this.#folders.clear();
  }

  /** True for a file that is known to be there, or to have been there just now. */
  knows(path) {
    return this.#files.has(path);
  }

  isLink(path) {
    return this.#links.has(path);
  }

  /**
   * Lists the path of every file, and watches every folder on the way. A folder that cannot be read is passed to `onError`;
   * if that is the root, its error is thrown.
   */
  async *walk({ from = "", onError = () => {}, walked = new Set() } = {}) {
    const options = {
      isSkipped: isToolFolder,
      isWanted: (name) => !isOurs(name),
      onLink: (path) => this.#links.add(this.#pathOf(path)),
      onError: (folder, error) => {
        if (folder === this.#root) throw error;
        onError(this.#pathOf(folder), error);
      },
      enters: (folder, real) => {
        if (!isWithin(real, this.#root)) return false;
        this.#watch(this.#pathOf(folder), real);
        return true;
      },
    };
    for await (const path of filesBelow(join(this.#root, from), options, walked)) yield this.#pathOf(path);
  }

  /** Notes the content of a file that has been read or written, and reports it if it is new. */
  learn(path, { version, etag }) {
    const before = this.#files.get(path);
    this.#files.set(path, { version, etag });
    this.#since.delete(path);
    const isFirstLook = before !== undefined && before.etag === undefined;
    if (!isFirstLook && before?.etag !== etag) this.#onChange(path, etag);
  }

  #pathOf(absolute) {
    return relative(this.#root, absolute).split(sep).join("/");
  }

  #watch(path, real) {
    const identity = identityOf(real);
    const known = this.#folders.get(path);
    if (identity === undefined || known?.identity === identity || this.#stop.signal.aborted) return;
    known?.watcher?.close();
    this.#folders.set(path, { identity, real, watcher: this.#listen(path, real) });
  }

  #listen(path, real) {
    let watcher;
    try {
      watcher = disk.watch(real);
    } catch (error) {
      // A folder that is gone already is noticed by the event of the one that it was in.
      if (NO_EVENTS.includes(error.code)) this.#polling = true;
      return undefined;
    }
    watcher.on("change", (kind, name) => {
      // A removed folder is reported by its own name. Another in its place may have its identity, but needs a new watcher.
      const isOwn = name === basename(real);
      if (isOwn && kind === "rename") this.#drop(path);
      if (isOwn || name === null) this.#mark(path);
      if (name !== null && !isOurs(name) && !isToolFolder(name)) this.#mark(path === "" ? name : `${path}/${name}`);
    });
    watcher.on("error", () => {
      this.#drop(path);
      // Windows reports a removed folder by an error.
      if (identityOf(real) === undefined) this.#mark(path);
      else this.#polling = true;
    });
    return watcher;
  }

  #mark(path) {
    this.#dirty.add(path);
    this.#schedule(COLLECT_MS);
  }

  #schedule(wait) {
    if (this.#stop.signal.aborted || this.#flushing) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }

  async #flush() {
    this.#flushing = true;
    const again = [];
    const worker = async () => {
      for (const path of this.#dirty) {
        this.#dirty.delete(path);
        if (this.#stop.signal.aborted) return;
        // An error here, such as too many open files, passes: the next check of all files comes back to this one.
        if (await this.#check(path).catch(() => this.#failed())) again.push(path);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    this.#flushing = false;
    for (const path of again) this.#dirty.add(path);
    if (this.#dirty.size > 0) this.#schedule(again.length === this.#dirty.size ? AGAIN_MS : COLLECT_MS);
  }

  /** Looks at a path that may have changed. True if it must be looked at again. */
  async #check(path) {
    const stat = await this.#stat(path);
    if (stat?.isDirectory()) return this.#scan(path);
    if (stat === undefined) this.#drop(path);
    if (!isShown(path)) return false;
    const found = stat === undefined ? undefined : await this.#look(path);
    if (found === undefined) {
      if (!this.#files.has(path)) return false;
      // A program may have taken it away to put another in its place.
      if (this.#isPatient(path, PATIENCE_GONE)) return true;
      this.#files.delete(path);
      this.#links.delete(path);
      this.#onChange(path, null);
      return false;
    }
    if (found.incomplete && this.#isPatient(path, PATIENCE)) return true;
    this.#since.delete(path);
    if (found.etag === undefined) return false;
    const before = this.#files.get(path);
    const { version, etag } = found;
    this.#files.set(path, { version, etag });
    if (before?.etag !== etag) this.#onChange(path, etag);
    return false;
  }

  /** Returns the status of a path, undefined if there is nothing. An error that may pass is thrown. */
  async #stat(path) {
    try {
      return await disk.stat(join(this.#root, path));
    } catch (error) {
      if (!GONE.includes(error.code)) throw error;
      // Without the folder itself, nothing is known of its files.
      await disk.stat(this.#root);
      return undefined;
    }
  }

  /** Handles a failed check, whose path is looked at again by the next check of all files. */
  #failed() {
    if (identityOf(this.#root) === undefined) this.#lose();
    return false;
  }

  /** Reports that the folder itself is gone, and waits until it is back. */
  async #lose() {
    if (this.#isLost || this.#stop.signal.aborted) return;
    this.#isLost = true;
    this.#drop("");
    this.#onReset();
    while (identityOf(this.#root) === undefined) {
      try {
        await pause(INTERVAL_POLLING_MS, this.#stop.signal);
      } catch {
        // The watch is over.
        return;
      }
    }
    this.#isLost = false;
    this.#mark("");
    this.#onReset();
  }

  #isPatient(path, patience) {
    const now = performance.now();
    const since = this.#since.get(path) ?? now;
    if (now - since >= patience) {
      this.#since.delete(path);
      return false;
    }
    this.#since.set(path, since);
    return true;
  }

  /** Finds the files of a folder that is new, or in the place of another. */
  async #scan(path) {
    const isKnown = this.#folders.get(path)?.identity === identityOf(join(this.#root, path));
    if (isKnown && path !== "" && this.#folders.get(path).watcher !== undefined) return false;
    const prefix = path === "" ? "" : `${path}/`;
    const others = [...this.#folders].filter(([other]) => other !== path && !other.startsWith(prefix));
    const walked = new Set(others.map(([, { real }]) => real));
    for await (const file of this.walk({ from: path, walked })) if (isShown(file)) this.#dirty.add(file);
    // Only now, as a file that is removed before its folder is watched again has no event.
    for (const known of this.#files.keys()) if (known.startsWith(prefix)) this.#dirty.add(known);
    return false;
  }

  /** Forgets a folder that is gone, and looks for the files that were in it. */
  #drop(path) {
    const prefix = path === "" ? "" : `${path}/`;
    for (const [folder, { watcher }] of this.#folders) {
      if (folder !== path && !folder.startsWith(prefix)) continue;
      watcher?.close();
      this.#folders.delete(folder);
      for (const file of this.#files.keys()) if (dirname(file) === (folder === "" ? "." : folder)) this.#dirty.add(file);
    }
  }

  /** Checks all files from time to time, for as long as the watch lasts. */
  async #sweeping() {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await pause(this.#polling ? this.#interval : INTERVAL_MS, signal);
        await this.#sweep(signal);
      } catch {
        // The folder itself is gone, or the watch is over.
        this.#failed();
      }
    }
  }

  /** Compares every file with what is known of it, with pauses that keep to the share of the time. */
  async #sweep(signal) {
    const seen = new Set();
    const folders = new Set(this.#folders.keys());
    let began = processorTime();
    for await (const path of this.walk()) {
      if (isShown(path)) {
        seen.add(path);
        this.#compare(path);
      }
      const busyMs = processorTime() - began;
      if (busyMs < SLICE) continue;
      await pause(busyMs * (this.#polling ? SHARE_POLLING : SHARE), signal);
      began = processorTime();
    }
    for (const path of this.#files.keys()) if (!seen.has(path)) this.#mark(path);
    for (const folder of folders) if (identityOf(join(this.#root, folder)) === undefined) this.#drop(folder);
    await setImmediate();
  }

  #compare(path) {
    const known = this.#files.get(path);
    if (known === undefined) return this.#mark(path);
    let version;
    try {
      version = versionOf(disk.statSync(join(this.#root, path)));
    } catch {
      return this.#mark(path);
    }
    known.version ??= version;
    if (known.version !== version) this.#mark(path);
  }
}

/** Processor time of this process so far in milliseconds: on a busy machine, the clock counts the work of others too. */
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** True for a file that is read, or that may be opened as an output: those whose names hide them are not. */
const isShown = (path) => isRead(path) || !path.split("/").some((name) => name.startsWith("."));

/** Version of a file by its size and times. */
export const versionOf = ({ dev, ino, size, mtimeMs, ctimeMs }) => [dev, ino, size, mtimeMs, ctimeMs].join();

/** True for a path that is a folder, or in it. Both are without links. */
export function isWithin(path, folder) {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== "..";
}

function identityOf(folder) {
  try {
    const { dev, ino } = disk.statSync(folder);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
