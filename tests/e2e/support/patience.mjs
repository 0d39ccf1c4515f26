/**
 * Timeout of one wait in milliseconds: long enough for a busy machine, and shorter than a test's, so that the error names
 * the missing condition.
 */
export const PATIENCE = 60_000;
