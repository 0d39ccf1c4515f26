/** Splits an instant as the core takes it: its text, or else its milliseconds since 1970; NaN for anything else. */
export const textOf = (instant) => (typeof instant === "string" ? instant : undefined);

/** Returns the milliseconds of a `Date` or number; NaN for anything else. */
export function millisecondsOf(instant) {
  if (typeof instant === "number") return instant;
  // A test runner's modules may have a Date class of their own.
  return typeof instant?.getTime === "function" ? Number(instant.getTime()) : NaN;
}
