// Any store as a source of files: each session is a file named by its id.
import { CallboardError, Session } from "callboard";

import { pause } from "../store/wait.js";
import { etagOf } from "./etag.js";
import { Refusal, changedMeanwhile, notFound } from "./refusal.js";

/** Characters of an id that a file's name cannot have, or that are the sign of such a one. */
const UNSAFE = /[^A-Za-z0-9_.-]|^\.|%/gu;
const ENDING = ".json";

/** Milliseconds until a watch that failed is begun again. */
const AGAIN_MS = 2000;

/** Name of the file that stands for a session. */
const fileOf = (id) => id.replace(UNSAFE, (letter) => [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")) + ENDING;

/** Source over a store. */
export class Stored {
  folder;
  name;
  hasOutputs = false;
  #store;
  #stop = new AbortController();
  #onChange = () => {};
  /** ETags of the sessions that have been reported or read, by id. */
  #known = new Map();

  constructor(store, name = "Sessions") {
    this.#store = store;
    this.name = name;
    this.folder = name;
  }

  async watch({ onChange, onReset }) {
    this.#onChange = onChange;
    const { signal } = this.#stop;
    const begin = () => {
      const changes = this.#store.watch({ signal })[Symbol.asyncIterator]();
      // The watch begins with the first call.
      return { changes, first: changes.next() };
    };
    const reset = () => {
      this.#known.clear();
      onReset();
    };
    this.#follow(begin(), { begin, reset, signal }).catch(() => {});
  }

  /** Follows the changes for as long as the store reports them; begins anew if that fails. */
  async #follow(watch, { begin, reset, signal }) {
    for (let changes = watch; ; changes = undefined) {
      try {
        if (changes === undefined) {
          changes = begin();
          // What has changed meanwhile is not known.
          reset();
        }
        return await this.#reports(changes, reset);
      } catch {
        await pause(AGAIN_MS, signal);
      }
    }
  }

  /** Reports the changes of one watch until it ends, and closes it. */
  async #reports({ changes, first }, reset) {
    try {
      for (let change = await first; !change.done; change = await changes.next()) {
        const { id } = change.value;
        // A session that is gone may have no id any more.
        if (id === undefined) reset();
        else await this.#report(id);
      }
    } finally {
      await changes.return?.();
    }
  }

  async #report(id) {
    const found = await this.#load(id);
    this.#learn(id, found?.etag ?? null);
  }

  /** Notes the content of a session, and reports it if it is new. */
  #learn(id, etag) {
    const before = this.#known.get(id);
    this.#known.set(id, etag);
    if (before !== etag) this.#onChange(fileOf(id), etag);
  }

  close() {
    this.#stop.abort();
  }

  async *list() {
    const { sessions, broken } = await this.#store.list();
    for (const { id, text } of sessions) {
      if (id === undefined) continue;
      const file = sourceFile(id, text);
      this.#known.set(id, file.etag);
      yield file;
    }
    for (const { file, error } of broken) yield { path: file, error };
  }

  async read(path) {
    const id = idOf(path);
    const found = id === undefined ? undefined : await this.#load(id);
    if (found === undefined) throw notFound(path);
    return found;
  }

  /** Reads a session: its file, and its `text` as the store has it, which bytes cannot hold if it has half a character. */
  async #load(id) {
    try {
      const { text } = await this.#store.load(id);
      return { ...sourceFile(id, text), text };
    } catch (error) {
      if (error.code === "session_not_found") return undefined;
      throw error;
    }
  }

  /** Writes a session as a `Tree` writes a file. */
  async swap(path, expected, bytes) {
    const id = idOf(path);
    const text = textOf(bytes);
    assertId(path, id, text);
    const etag = etagOf(bytes);
    for (;;) {
      const current = await this.#load(id);
      if (current?.etag === etag) return etag;
      if ((current?.etag ?? null) !== expected) throw changedMeanwhile(path, current?.etag);
      if (await this.#store.compareAndSwap(id, current?.text ?? null, text)) break;
    }
    this.#learn(id, etag);
    return etag;
  }
}

function sourceFile(id, text) {
  const bytes = Buffer.from(text);
  return { path: fileOf(id), bytes, etag: etagOf(bytes) };
}

/** Returns the id of a file's session; undefined for a file that stands for none. */
function idOf(path) {
  if (!path.endsWith(ENDING) || path.includes("/")) return undefined;
  let id;
  try {
    id = decodeURIComponent(path.slice(0, -ENDING.length));
  } catch {
    return undefined;
  }
  return fileOf(id) === path ? id : undefined;
}

function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CallboardError({ code: "not_utf8", message: "Only text in UTF-8 can be stored here.", cause });
  }
}

function assertId(path, id, text) {
  const session = Session.parse(text);
  const found = session.id;
  session.free();
  if (found !== undefined && found === id) return;
  const message = found === undefined ? `${path} has no session_id.` : `${path} holds the session ${found}, which belongs in ${fileOf(found)}.`;
  throw new Refusal(422, { code: "not_a_session", message, hint: "Save it under the name that fits its session_id." });
}
