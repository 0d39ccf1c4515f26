/** The mark of the errors of every copy of the package. */
const ERROR = Symbol.for("callboard.error");

/**
 * What the package throws: an event's refusal, a text that is no session, a store that cannot do what is asked. A
 * backend of your own makes its own, such as `session_not_found`.
 */
export class CallboardError extends Error {
  /**
   * @param {{ code: string, message: string, file?: string, line?: number, column?: number, refusal?: object, hint?: string, cause?: unknown }} thrown
   * @param {string} [file] the name of the file that was read, for the message
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
   * Plain data with the message, which `JSON.stringify` leaves out of an error. It survives `postMessage` too, and
   * `new CallboardError(data)` makes an error of it again.
   */
  toJSON() {
    const { name, code, message, hint, file, line, column, refusal } = this;
    return { name, code, message, hint, file, line, column, refusal };
  }
}

// Properties that no listing of an error shows. A program may have several copies of the package, such as one in its
// bundle and one that is installed: `instanceof CallboardError` holds for the errors of all of them.
Object.defineProperty(CallboardError.prototype, ERROR, { value: true });
Object.defineProperty(CallboardError, Symbol.hasInstance, {
  value(error) {
    return this === CallboardError ? error?.[ERROR] === true : Function.prototype[Symbol.hasInstance].call(this, error);
  },
});

/** An error for JSON text that the core throws, or for memory that has run out; anything else as it is. */
export function asError(thrown, file) {
  if (typeof thrown === "string") return new CallboardError(JSON.parse(thrown), file);
  return isOutOfMemory(thrown) ? outOfMemory(thrown, file) : thrown;
}

/** Whether an error is the runtime's own way to say that it has no more memory to give. */
function isOutOfMemory(thrown) {
  if (thrown instanceof RangeError) return /allocation failed|memory|string length|longer than|array length/i.test(thrown.message);
  return thrown?.code === "ERR_STRING_TOO_LONG" || thrown?.code === "ERR_MEMORY_ALLOCATION_FAILED";
}

/** An error for what there is not enough memory for; what comes after it works. */
function outOfMemory(cause, file) {
  const message = "There is not enough memory for this: free sessions that are not needed any more.";
  return new CallboardError({ code: "out_of_memory", message, cause }, file);
}

/** Runs `work`; what the core throws as JSON text is thrown on as an error. */
export function guarded(work, file) {
  try {
    return work();
  } catch (thrown) {
    throw asError(thrown, file);
  }
}

/** An error for a wrong use of the package itself. */
export const misuse = (message, code = "invalid_value", cause) => new CallboardError({ code, message, cause });
