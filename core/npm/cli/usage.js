/** Error for a wrong command line. */
export class UsageError extends Error {
  /** @param {{ code?: string, candidates?: string[] }} [more] */
  constructor(message, hint, { code = "usage", candidates } = {}) {
    super(message);
    this.hint = hint;
    this.code = code;
    this.candidates = candidates;
  }
}
