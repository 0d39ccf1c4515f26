import type { SessionEvent } from "./event.js";
import type { Refusal, RefusalCode } from "./outcome.js";

/** Codes of refusals, of texts that are no session, of misuse of the package, and of stores. */
export type ErrorCode =
  | RefusalCode
  | "empty"
  | "not_utf8"
  | "not_json"
  | "merge_conflict"
  | "unexpected_character"
  | "unexpected_end"
  | "bad_number"
  | "bad_string"
  | "trailing_characters"
  | "too_large"
  | "not_a_session"
  | "template"
  | "invalid_config"
  | "invalid_shape"
  | "not_initialised"
  | "freed"
  | "out_of_memory"
  | "not_convertible"
  | "session_not_found"
  | "session_exists"
  | "folder_not_found"
  | "file_not_found"
  | "unreadable"
  | "unwritable"
  | "duplicate_id"
  | "locked";

/** An error as plain data. */
export interface ErrorData extends Thrown {
  name: "CallboardError";
  file?: string | undefined;
}

/** Properties from which an error is constructed. */
export interface Thrown {
  code: ErrorCode;
  /** One plain sentence. */
  message: string;
  /** Advice on what to do, if any is known. */
  hint?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
  refusal?: Refusal | undefined;
  cause?: unknown;
}

/**
 * Error of the package. A store of your own throws it too: its `load` throws one with the code `session_not_found` if it
 * has no such session.
 */
export class CallboardError extends Error {
  /** @param file name of the file that was read, with which the message then begins */
  constructor(thrown: Thrown | ErrorData, file?: string);
  readonly name: "CallboardError";
  readonly code: ErrorCode;
  /** Name of the file, if one was given. */
  readonly file?: string;
  /** From 1; for a text that cannot be read. */
  readonly line?: number;
  /** From 1, in characters; for a text that cannot be read. */
  readonly column?: number;
  /** For an event that was refused. */
  readonly refusal?: Refusal;
  /** Advice on what to do, if any is known. */
  readonly hint?: string;
  /** Event of `runAgent` that the store failed to record: apply it later. Its key keeps it from counting twice. */
  readonly event?: SessionEvent;
  /**
   * Returns plain data with the message, for `JSON.stringify` and for another thread: `new CallboardError(data)` restores
   * the error.
   */
  toJSON(): ErrorData;
}
