import { Session } from "callboard";

import { assertSwap } from "./check.js";
import { Store, notFound } from "./store.js";

/** Sessions in memory: for tests, and wherever nothing is to be kept. */
export class MemoryStore extends Store {
  #texts = new Map();
  #watchers = new Set();

  /** @param {Iterable<string>} [texts] session files' texts to begin with */
  constructor({ sessions = [], ...options } = {}) {
    super(options);
    for (const text of sessions) {
      const session = Session.parse(text);
      this.#texts.set(session.id, text);
      session.free();
    }
  }

  async load(id) {
    const text = this.#texts.get(id);
    if (text === undefined) throw notFound(id, "memory");
    return { id, text };
  }

  async compareAndSwap(id, expected, text) {
    assertSwap(id, expected, text);
    if ((this.#texts.get(id) ?? null) !== expected) return false;
    this.#texts.set(id, text);
    for (const tell of this.#watchers) tell({ id });
    return true;
  }

  async list() {
    const sessions = [...this.#texts].map(([id, text]) => ({ id, text }));
    return { sessions, broken: [] };
  }

  watch({ signal } = {}) {
    const changes = [];
    let wake = () => {};
    const tell = (change) => {
      changes.push(change);
      wake();
    };
    const watchers = this.#watchers;
    watchers.add(tell);
    return (async function* () {
      try {
        while (!signal?.aborted) {
          if (changes.length > 0) {
            yield changes.shift();
            continue;
          }
          await new Promise((resolve) => {
            wake = resolve;
            signal?.addEventListener("abort", resolve, { once: true });
          });
        }
      } finally {
        watchers.delete(tell);
      }
    })();
  }
}

export { Store } from "./store.js";
export { runAgent } from "./agent.js";
