/** What the package throws: an event's refusal, or a text that is no session. */
export class CallboardError extends Error {
  /**
   * @param {{ code: string, message: string, line?: number, column?: number, refusal?: object }} thrown
   * @param {string} [file] the name of the file that was read, for the message
   */
  constructor(thrown, file) {
    super(file ? `${file}: ${thrown.message}` : thrown.message);
    this.name = "CallboardError";
    this.code = thrown.code;
    this.file = file;
    this.line = thrown.line ?? undefined;
    this.column = thrown.column ?? undefined;
    this.refusal = thrown.refusal ?? undefined;
  }
}

/** Runs `work`; what the core throws as data is thrown on as an error. */
export function guarded(work, file) {
  try {
    return work();
  } catch (thrown) {
    throw typeof thrown?.code === "string" && !(thrown instanceof Error) ? new CallboardError(thrown, file) : thrown;
  }
}

/** An error for a wrong use of the package itself. */
export const misuse = (message, code = "invalid_value") => new CallboardError({ code, message });
