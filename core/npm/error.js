/** Mark of the errors of every copy of the package. */
const ERROR = Symbol.for("callboard.error");

/**
 * Error of the package: an event's refusal, a text that is no session, a store's failure. A store of your own throws it
 * too, such as for `session_not_found`.
 */
export class CallboardError extends Error {
  /**
   * @param {{ code: string, message: string, file?: string, line?: number, column?: number, refusal?: object, hint?: string, cause?: unknown }} thrown
   * @param {string} [file] name of the file that was read, for the message
   */
  constructor(thrown, file) {
    super(
      file ? `${file}: ${thrown.message}` : thrown.message,
      thrown.cause === undefined ? undefined : { cause: thrown.cause },
    );
    this.name = "CallboardError";
    this.code = thrown.code;
    this.file = file ?? thrown.file;
    this.line = thrown.line ?? undefined;
    this.column = thrown.column ?? undefined;
    this.refusal = thrown.refusal ?? undefined;
    this.hint = thrown.hint ?? thrown.refusal?.hint ?? undefined;
  }

  /**
   * Returns plain data with the message, which `JSON.stringify` leaves out of an error. The data survives `postMessage`
   * too, and `new CallboardError(data)` restores the error.
   */
  toJSON() {
    const { name, code, message, hint, file, line, column, refusal } = this;
    return { name, code, message, hint, file, line, column, refusal };
  }
}

// These properties are not enumerable. A program may have several copies of the package, such as one in its bundle and
// one that is installed: `instanceof CallboardError` holds for the errors of all copies.
Object.defineProperty(CallboardError.prototype, ERROR, { value: true });
Object.defineProperty(CallboardError, Symbol.hasInstance, {
  value(error) {
    return this === CallboardError ? error?.[ERROR] === true : Function.prototype[Symbol.hasInstance].call(this, error);
  },
});

/** Converts JSON text thrown by the core, or a lack of memory, to a `CallboardError`; returns any other error as it is. */
export function asError(thrown, file) {
  if (typeof thrown === "string") return new CallboardError(JSON.parse(thrown), file);
  return isOutOfMemory(thrown) ? outOfMemory(thrown, file) : thrown;
}

/** True for the errors by which runtimes report a lack of memory. */
function isOutOfMemory(thrown) {
  if (thrown instanceof RangeError) return /allocation failed|memory|string length|longer than|array length/i.test(thrown.message);
  return thrown?.code === "ERR_STRING_TOO_LONG" || thrown?.code === "ERR_MEMORY_ALLOCATION_FAILED";
}

/** The error for a call that there is not enough memory for. Later calls work. */
function outOfMemory(cause, file) {
  const message = "There is not enough memory for this. Free sessions that you no longer need.";
  return new CallboardError({ code: "out_of_memory", message, cause }, file);
}

/** Runs `work`, and converts the errors that the core throws. */
export function guarded(work, file) {
  try {
    return work();
  } catch (thrown) {
    throw asError(thrown, file);
  }
}

/** The error for a misuse of the package. */
export const misuse = (message, code = "invalid_value", cause) => new CallboardError({ code, message, cause });
