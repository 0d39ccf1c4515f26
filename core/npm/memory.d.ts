import { Store, type StoreOptions } from "./store.js";

/** Sessions in memory: for tests, and for sessions that need not outlive the process. */
export class MemoryStore extends Store {
  constructor(options?: StoreOptions & { sessions?: Iterable<string> | undefined });
  load: Store["load"];
  compareAndSwap: Store["compareAndSwap"];
  list: Store["list"];
  watch: Store["watch"];
}

export * from "./store.js";
