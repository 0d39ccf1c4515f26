// A machine-readable reporter for `node --test`: one line of JSON per finished test.

/** Failure type of a suite or file with failed tests. It is not counted; the failure of a test that could not run is. */
const HOLDS_FAILED = "subtestsFailed";

/**
 * @typedef {object} Result
 * @property {string} name the names of its suites, then its own
 * @property {"passed" | "failed" | "skipped"} outcome
 * @property {string} [error] the first line of its error
 * @property {string} [at] the position in a test file of the failure
 */

/** @param {AsyncIterable<{type: string, data: object}>} events */
export default async function* results(events) {
  const names = [];
  for await (const { type, data } of events) {
    if (type === "test:start") names.splice(data.nesting, Infinity, data.name);
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { error } = data.details;
    const holds = error ? error.failureType === HOLDS_FAILED : data.details.type === "suite";
    if (holds) continue;
    yield `${JSON.stringify(result([...names.slice(0, data.nesting), data.name].join(" › "), data, error))}\n`;
  }
}

/** @returns {Result} */
function result(name, { skip, todo }, error) {
  if (skip !== undefined || todo !== undefined) return { name, outcome: "skipped" };
  if (!error) return { name, outcome: "passed" };
  // The error that the test threw; a cancelled test has none.
  const thrown = error.cause ?? error;
  const text = String(thrown.stack ?? thrown);
  const line = String(thrown.message ?? thrown).trim().split("\n", 1)[0];
  const at = /([\w.-]+\.test\.mjs:\d+:\d+)/.exec(text)?.[1];
  return { name, outcome: "failed", error: thrown.name ? `${thrown.name}: ${line}` : line, at };
}
