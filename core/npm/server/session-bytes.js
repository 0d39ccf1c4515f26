// Session files in every encoding that the core reads.
import { CallboardError, Session } from "callboard";
import { mend } from "callboard/import";

/** Throws the reason if bytes are no session. */
export function assertSessionBytes(bytes) {
  try {
    Session.fromBytes(bytes).free();
  } catch (error) {
    const text = error.code === "not_utf8" ? decoded(bytes) : undefined;
    if (text === undefined) throw error;
    Session.parse(text).free();
  }
}

/** True if bytes are a session. */
export function isSessionBytes(bytes) {
  try {
    assertSessionBytes(bytes);
    return true;
  } catch (error) {
    if (error instanceof CallboardError && error.code !== "out_of_memory") return false;
    throw error;
  }
}

/** Returns the text of bytes in UTF-16 or UTF-32; undefined if they would have to be repaired. */
function decoded(bytes) {
  const { documents, repairs, read_only: isReadOnly, broken } = mend(bytes);
  const isWhole = broken === null && !isReadOnly && documents.length === 1 && repairs.every(({ code }) => code === "encoding");
  return isWhole ? documents[0].text : undefined;
}
