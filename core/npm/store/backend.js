// The contract between a store and the storage below it: a store calls its backend, and a backend never calls back.
//
// A backend knows texts, not operations. It names each version of a text by a revision, which nobody else interprets:
// a hash in a folder, a number in memory. A store passes on the revision it has read, and the backend writes only if
// that is still the session's own.
import { Session } from "callboard";

import { misuse } from "../error.js";

/**
 * @typedef {object} Backend
 * @property {object} [policy] policy that the storage itself sets for its sessions
 * @property {(id: string) => Promise<{ id: string, file?: string, text: string, revision: unknown }>} load
 *   Reads a session. Throws `session_not_found` if there is none.
 * @property {(id: string, revision: unknown, text: string, digest: Digest) => Promise<boolean>} compareAndSwap
 *   Replaces a session's text if its revision is still the given one; false if not, or if there is no such session.
 * @property {(id: string, text: string, digest: Digest) => Promise<boolean>} create
 *   Adds a session; false if there is one of this id.
 * @property {(query?: { limit?: number }, cursor?: unknown) => Promise<Page>} list
 *   Lists the sessions, all of them at once or from a cursor on at most `limit` at a time.
 * @property {(options: { signal?: AbortSignal, poll?: boolean | number }) => AsyncIterable<object>} watch
 *   Reports changes until the signal is aborted.
 * @property {(id: string) => Promise<Lock>} [lock]
 *   Locks a session, so that no writer works on a text that another is about to replace.
 * @property {() => Promise<Iterable<object>>} [durations]
 *   Stage durations of each session, if the storage knows them without reading the texts.
 */

/**
 * @typedef {object} Digest figures of a text, from the session that is open already: a backend need not parse it
 * @property {object} durations duration of each stage in seconds
 */

/**
 * @typedef {object} Page
 * @property {{ id: string | undefined, file?: string, text: string }[]} sessions
 * @property {{ file: string, error: Error }[]} broken files that cannot be read as sessions
 * @property {unknown} [cursor] position of the next page; undefined after the last
 */

/**
 * @typedef {object} Lock
 * @property {boolean} moved true once the lock turns out to be of a place that the session has left
 * @property {(revision: unknown, text: string, digest: Digest) => Promise<boolean>} compareAndSwap
 *   Replaces the locked session's text, as the backend's own `compareAndSwap` does.
 * @property {() => Promise<void>} release
 */

/** Sessions that are read at once while all are read one after another. */
const PAGE_SIZE = 64;

/** Lists every readable session of a backend, one page in memory at a time. */
export async function* eachOf(backend) {
  let cursor;
  do {
    const page = await backend.list({ limit: PAGE_SIZE }, cursor);
    yield* page.sessions;
    ({ cursor } = page);
  } while (cursor !== undefined);
}

/** Figures of an open session, for the backend that is to store its text. */
export const digestOf = (session) => ({ durations: session.durations() });

/** Throws unless an open session is the one to be stored under `id`. */
export function assertId(session, id) {
  if (session.id === id) return;
  throw misuse(
    `The text to store as session ${id} has the session_id ${session.id ?? "missing"}. Store it under the id that it has.`,
  );
}

/** Checks the arguments of a swap of texts, and returns the digest of the new one. */
export function checkedDigest(id, expected, text) {
  if (typeof id !== "string") throw misuse("A session's id must be a string.");
  if (expected !== null && typeof expected !== "string") {
    throw misuse("The expected text must be a string, or null to add a new session.");
  }
  const session = opened(text);
  try {
    assertId(session, id);
    return digestOf(session);
  } finally {
    session.free();
  }
}

function opened(text) {
  try {
    return Session.parse(text);
  } catch (error) {
    if (error.code === "not_initialised") throw error;
    throw misuse(`Only a session's text can be stored, and this is none: ${error.message}`);
  }
}
