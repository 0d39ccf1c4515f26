import { Session } from "callboard";

import { misuse } from "../error.js";

/** Whether a store may put `text` in the place of `expected` under an id: throws where that cannot be meant. */
export function assertSwap(id, expected, text) {
  if (typeof id !== "string") throw misuse("A session is kept under its id, a text.");
  if (expected !== null && typeof expected !== "string") {
    throw misuse("The text that is expected is a string, or null where there is to be none.");
  }
  assertSessionOf(id, text);
}

/** A text that is no session, or another one's, must not be kept under an id. */
export function assertSessionOf(id, text) {
  const found = idOf(text);
  if (found === id) return;
  throw misuse(`A text to be kept as session ${id} must be of that session, and its session_id is ${found ?? "missing"}.`);
}

function idOf(text) {
  let session;
  try {
    session = Session.parse(text);
    return session.id;
  } catch (error) {
    if (error.code === "not_initialised") throw error;
    throw misuse(`What a store keeps is a session's text, and this is none: ${error.message}`);
  } finally {
    session?.free();
  }
}
