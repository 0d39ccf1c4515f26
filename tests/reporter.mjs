// A reporter of `node --test` for programs: a line of JSON for each test that has ended.

/** A test that could not be run is a failure of its own; a suite or file that only holds failed tests is not. */
const HOLDS_FAILED = "subtestsFailed";

/**
 * @typedef {object} Result
 * @property {string} name the test's, after those of its suites
 * @property {"passed" | "failed" | "skipped"} outcome
 * @property {string} [error] the first line of what it failed with
 * @property {string} [at] the place in a file of tests that it failed at
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
  // What the test threw; a test that was cancelled has thrown nothing.
  const thrown = error.cause ?? error;
  const text = String(thrown.stack ?? thrown);
  const line = String(thrown.message ?? thrown).trim().split("\n", 1)[0];
  const at = /([\w.-]+\.test\.mjs:\d+:\d+)/.exec(text)?.[1];
  return { name, outcome: "failed", error: thrown.name ? `${thrown.name}: ${line}` : line, at };
}
