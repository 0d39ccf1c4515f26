import { CallboardError, misuse } from "../error.js";

/** The error for a session that a store does not have. */
export function notFound(id, where, hint) {
  if (typeof id !== "string") return misuse("A session's id must be a string.");
  return new CallboardError({ code: "session_not_found", message: `There is no session ${id} in ${where}.`, hint });
}
