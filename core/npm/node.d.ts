import { Store, type Change, type Signal, type StoreOptions } from "./store.js";

/**
 * Options of a `FileStore`. Its policy is that of the nearest `callboard.json`, from the folder up to the root of its
 * repository, read again when it changes; what `policy` gives wins, key by key.
 */
export interface FileStoreOptions extends StoreOptions {
  /** The path of a `callboard.json` to go by where there is none above the folder, such as the one that named it. */
  config?: string | undefined;
}

/** The folder of the sessions, and the source that named it. */
export interface SessionsLocation {
  /** The folder, which need not exist. */
  folder: string;
  /**
   * `option` and `environment`: it was named; `config`: a `callboard.json` names it; `found`: the framework's folder,
   * at or above the working folder; `default`: there is none yet, and it belongs here.
   */
  source: "option" | "environment" | "config" | "found" | "default";
  /** The path of the `callboard.json` that names the folder. */
  config: string | undefined;
}

/**
 * Finds the folder of the sessions. The first of these names it: `dir`; the variable `CALLBOARD_DIR`; the key `sessions`
 * of the nearest `callboard.json` from the working folder up to its repository's root; the framework's folder below the
 * working folder, or below the nearest folder above it that has one. If none does, it belongs beside the nearest
 * `callboard.json`, else below the working folder. Throws a `CallboardError` where a `callboard.json` is wrong, with
 * `file`, `line` and `column`.
 */
export function findSessions(options?: {
  /** The working folder; the process's if not given. */
  cwd?: string | undefined;
  /** The environment; the process's if not given. */
  env?: { [name: string]: string | undefined } | undefined;
  /** The folder as the user names it, such as by an option. */
  dir?: string | undefined;
}): SessionsLocation;

/**
 * Sessions as files in a folder. Every write is atomic, and lasts; writers in any number of processes take turns by
 * a lock beside the file (the one that a symbolic link leads to), which a process that dies does not leave behind. Files
 * that are no sessions stay untouched.
 *
 * A file keeps its mode and, where the system permits it, its owner; where not, the process gives the warning
 * `owner_changed`. One that is read-only, mounted by itself, or has other names (hard links) that would keep the old text,
 * is refused with `unwritable`. A file that is empty, cut off or gone is read again for up to a second.
 */
export class FileStore extends Store {
  /** @param folder the one that `findSessions` finds if not given */
  constructor(folder?: string, options?: FileStoreOptions);
  readonly folder: string;
  load: Store["load"];
  compareAndSwap: Store["compareAndSwap"];
  list: Store["list"];
  /**
   * Changes of the folder's files. Throws `folder_not_found` where the folder is not there, and once it is
   * removed, renamed or unmounted.
   * @param options.poll whether to look at every file again and again, or the milliseconds between looks; if not given,
   *   where the system has no events for the folder, and on network file systems, every second
   */
  watch(options?: { signal?: Signal | undefined; poll?: boolean | number | undefined }): AsyncIterableIterator<Change>;
}

export { CallboardError } from "./index.js";
export * from "./store.js";
