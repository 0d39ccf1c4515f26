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

/** Options of the local server. */
export interface ServeOptions {
  /**
   * Port; by default one of 4600 to 5599 that the folder keeps, as a browser has a workspace for each address. The next
   * free one if it is taken. 0 takes any.
   */
  port?: number | undefined;
  /** Address to listen at; 127.0.0.1 by default, which only this machine can reach. */
  host?: string | undefined;
  /** True to refuse every save, commit and push. */
  readOnly?: boolean | undefined;
  /** Name of a store's sessions in the app. A folder has its own. */
  name?: string | undefined;
  /** Interval in milliseconds at which a folder's files are checked; by default they are if its events may be missing. */
  poll?: number | undefined;
  /** Folder of the built app; that of the installed package by default. A bundled program names it. */
  app?: string | undefined;
}

/** A local server that is running. */
export interface Server {
  /** Address to open: it has the token, which a browser keeps as a cookie. */
  readonly url: string;
  /** Address without the token. */
  readonly origin: string;
  readonly port: number;
  /** Path of the folder, or the store's name. */
  readonly folder: string;
  /** Ends the server and all its connections. */
  close(): Promise<void>;
}

/**
 * Serves the app over a folder, or over the sessions of a store, to browsers on this machine. Throws `folder_not_found`
 * for a folder that does not exist, and `file_not_found` if the app is not found.
 * @param source the path of a folder, or a store: a `FileStore` is its folder, any other has a file for each session
 */
export function serve(source: string | Store, options?: ServeOptions): Promise<Server>;

export { CallboardError } from "./index.js";
export * from "./store.js";
