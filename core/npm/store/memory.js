import { CallboardError, Session } from "callboard";

import { misuse } from "../error.js";
import { digestOf } from "./backend.js";
import { Changes } from "./changes.js";
import { notFound } from "./errors.js";
import { Store } from "./store.js";

/** Sessions in memory: for tests, and for sessions that need not outlive the process. */
export class MemoryStore extends Store {
  /** @param {Iterable<string>} [texts] texts of session files to begin with */
  constructor({ sessions = [], ...options } = {}) {
    // Asking for the durations again costs nothing.
    super({ durationsAge: 0, ...options, backend: new Memory(sessions) });
  }
}

/** Backend that keeps texts in a map. A revision is the number of a write. */
class Memory {
  /** Sessions by id: `{ text, revision, durations }`. */
  #sessions = new Map();
  #writes = 0;
  #watchers = new Set();

  constructor(texts) {
    for (const text of texts) {
      const session = Session.parse(text);
      const { id } = session;
      const digest = digestOf(session);
      session.free();
      if (id === undefined) throw misuse("A session in memory needs a session_id, a string.");
      if (this.#sessions.has(id)) {
        throw new CallboardError({ code: "duplicate_id", message: `Two of the sessions have the session_id ${id}.` });
      }
      this.#write(id, text, digest);
    }
  }

  async load(id) {
    const found = this.#sessions.get(id);
    if (found === undefined) throw notFound(id, "memory");
    return { id, text: found.text, revision: found.revision };
  }

  async compareAndSwap(id, revision, text, digest) {
    if (this.#sessions.get(id)?.revision !== revision) return false;
    this.#write(id, text, digest);
    return true;
  }

  async create(id, text, digest) {
    if (this.#sessions.has(id)) return false;
    this.#write(id, text, digest);
    return true;
  }

  async list() {
    return { sessions: [...this.#sessions].map(([id, { text }]) => ({ id, text })), broken: [] };
  }

  async durations() {
    return [...this.#sessions.values()].map(({ durations }) => durations);
  }

  watch({ signal } = {}) {
    const open = ({ tell }) => {
      this.#watchers.add(tell);
      return () => this.#watchers.delete(tell);
    };
    return new Changes(open, (id) => ({ id }), signal);
  }

  #write(id, text, { durations }) {
    this.#writes += 1;
    this.#sessions.set(id, { text, revision: this.#writes, durations });
    for (const tell of this.#watchers) tell(id);
  }
}

export { Store } from "./store.js";
export { runAgent } from "./agent.js";
