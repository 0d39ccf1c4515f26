import { CallboardError } from "../error.js";

/** Methods by which a subclass of `Store` can be its own storage. */
const METHODS = ["load", "compareAndSwap", "list", "watch", "exclusively"];

/** True if a store has storage methods other than those of `Store` itself. */
export const isOverridden = (store, base) => METHODS.some((name) => store[name] !== base[name]);

/** The error for a store that has neither a backend nor a method of its own in its place. */
export const unimplemented = (name) =>
  new CallboardError({
    code: "invalid_value",
    message: `This store cannot ${name}: it has no backend.`,
    hint: `Define ${name}() in the class that extends Store.`,
  });

/**
 * Backend over the storage methods of a subclass of `Store`. A session's text is its revision there. This is the only
 * place where a store calls methods that were defined above it.
 */
export class SubclassBackend {
  #store;

  /** @param {{ hasLock: boolean }} options true if `exclusively` holds a lock, and does not just run its work */
  constructor(store, { hasLock }) {
    this.#store = store;
    if (hasLock) this.lock = (id) => this.#lock(id);
  }

  async load(id) {
    const stored = await this.#store.load(id);
    return { ...stored, revision: stored.text };
  }

  async compareAndSwap(id, revision, text) {
    return this.#store.compareAndSwap(id, revision, text);
  }

  async create(id, text) {
    return this.#store.compareAndSwap(id, null, text);
  }

  async list() {
    return this.#store.list();
  }

  watch(options) {
    return this.#store.watch(options);
  }

  /** Holds the lock of the subclass's `exclusively` until it is released. */
  #lock(id) {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    return new Promise((resolve, reject) => {
      const held = this.#store.exclusively(id, (swap) => {
        resolve({
          moved: false,
          compareAndSwap: (revision, text) => swap(revision, text),
          release: async () => {
            release();
            await held;
          },
        });
        return released;
      });
      held.catch(reject);
    });
  }
}
