import { CallboardError, Session } from "callboard";

import { misuse } from "../error.js";
import { Changes } from "./changes.js";
import { assertSwap } from "./check.js";
import { Store, notFound } from "./store.js";

/** Sessions in memory: for tests, and wherever nothing is to be kept. */
export class MemoryStore extends Store {
  #texts = new Map();
  #watchers = new Set();
  /** The durations of each session's stages, with the text that they are of. */
  #durations = new Map();

  /** @param {Iterable<string>} [texts] session files' texts to begin with */
  constructor({ sessions = [], ...options } = {}) {
    // It costs nothing to ask anew.
    super({ durationsAge: 0, ...options });
    for (const text of sessions) {
      const session = Session.parse(text);
      const { id } = session;
      session.free();
      if (id === undefined) throw misuse("A session that is kept in memory needs a session_id, which is a text.");
      if (this.#texts.has(id)) {
        throw new CallboardError({ code: "duplicate_id", message: `Two of the sessions have the session_id ${id}.` });
      }
      this.#texts.set(id, text);
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
    for (const tell of this.#watchers) tell(id);
    return true;
  }

  async list() {
    const sessions = [...this.#texts].map(([id, text]) => ({ id, text }));
    return { sessions, broken: [] };
  }

  async durations() {
    return [...this.#texts].map(([id, text]) => {
      let known = this.#durations.get(id);
      if (known?.text !== text) {
        const session = Session.parse(text);
        known = { text, durations: session.durations() };
        session.free();
        this.#durations.set(id, known);
      }
      return known.durations;
    });
  }

  watch({ signal } = {}) {
    const open = ({ tell }) => {
      this.#watchers.add(tell);
      return () => this.#watchers.delete(tell);
    };
    return new Changes(open, (id) => ({ id }), signal);
  }
}

export { Store } from "./store.js";
export { runAgent } from "./agent.js";
