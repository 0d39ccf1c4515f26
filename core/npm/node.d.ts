import { Store, type StoreOptions } from "./store.js";

/**
 * Sessions as files in a folder. Every write is atomic, and lasts; writers in any number of processes take turns by
 * a lock beside the file, which a process that dies does not leave behind. Files that are no sessions stay untouched.
 */
export class FileStore extends Store {
  /** @param folder the framework's own, below the working directory, if not given */
  constructor(folder?: string, options?: StoreOptions);
  readonly folder: string;
  load: Store["load"];
  compareAndSwap: Store["compareAndSwap"];
  list: Store["list"];
  watch: Store["watch"];
}

export { CallboardError } from "./index.js";
export * from "./store.js";
