import { Store, type Change, type Signal, type StoreOptions } from "./store.js";

/**
 * Options of a `FileStore`. Its policy is that of the nearest `callboard.json`, from the folder up to the root of its
 * repository, and is read again when that changes; the option `policy` wins, key by key.
 */
export interface FileStoreOptions extends StoreOptions {
  /** Path of the `callboard.json` to use if there is none above the folder, such as the one that named the folder. */
  config?: string | undefined;
}

/** Folder of the sessions, and the source that named it. */
export interface SessionsLocation {
  /** Path of the folder, which need not exist. */
  folder: string;
  /**
   * Source of the path: `option` or `environment` if the caller named it; `config` if a `callboard.json` names it;
   * `found` for the framework's folder at or above the working folder; `default` if there is none yet.
   */
  source: "option" | "environment" | "config" | "found" | "default";
  /** Path of the `callboard.json` that names the folder. */
  config: string | undefined;
}

/**
 * Finds the folder of the sessions. The first of these wins: `dir`; the variable `CALLBOARD_DIR`; the key `sessions` of
 * the nearest `callboard.json` from the working folder up to its repository's root; the framework's folder below the
 * working folder, or below the nearest folder above it that has one. If there is none of these, the framework's folder
 * belongs beside the nearest `callboard.json`, else below the working folder. Throws a `CallboardError` with `file`,
 * `line` and `column` for a faulty `callboard.json`.
 */
export function findSessions(options?: {
  /** Working folder; that of the process by default. */
  cwd?: string | undefined;
  /** Environment; that of the process by default. */
  env?: { [name: string]: string | undefined } | undefined;
  /** Folder that the user names, such as by an option. */
  dir?: string | undefined;
}): SessionsLocation;

/**
 * Sessions as files in a folder. Every write is atomic and durable; writers in any number of processes take turns by a
 * lock beside the file (beside its target, for a symbolic link), which does not outlive a process that dies. Files
 * that are no sessions stay untouched.
 *
 * A file keeps its mode and, if the system permits it, its owner; if not, the process emits the warning `owner_changed`.
 * A file that is read-only, mounted by itself, or has other names (hard links) that would keep the old text is refused
 * with `unwritable`. A file that is empty, cut off or gone is read again for up to a second.
 */
export class FileStore extends Store {
  /** @param folder the one that `findSessions` finds by default */
  constructor(folder?: string, options?: FileStoreOptions);
  readonly folder: string;
  load: Store["load"];
  compareAndSwap: Store["compareAndSwap"];
  list: Store["list"];
  /**
   * Reports changes of the folder's files. Throws `folder_not_found` if the folder does not exist, and once it is
   * removed, renamed or unmounted.
   * @param options.poll true, or an interval in milliseconds, to check every file at that interval; false never to. By
   *   default the files are checked every second on network file systems, and if the system has no events for the folder
   */
  watch(options?: { signal?: Signal | undefined; poll?: boolean | number | undefined }): AsyncIterableIterator<Change>;
}

export { CallboardError } from "./index.js";
export * from "./store.js";
