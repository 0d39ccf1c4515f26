import { CallboardError } from "callboard";

import { misuse } from "../error.js";
import { Attempt } from "./attempt.js";
import { describe } from "./describe.js";
import { didYouMean } from "./nearest.js";
import { pause } from "./wait.js";

/** Default backoff in milliseconds: 1 s, 2 s, 4 s, … at most a minute. */
const defaultBackoff = (attempt) => Math.min(1000 * 2 ** (attempt - 1), 60_000);

/** Default time in milliseconds in which an aborted agent may still report its cost. */
const GRACE = 5000;

/** Names of the options, to suggest the nearest for a misspelt one. */
const OPTIONS = ["signal", "backoff", "heartbeat", "grace", "shouldRetry"];

/**
 * Runs an agent on a session by the framework's standard pattern: checks that it is ready, marks it in progress, runs it,
 * records its result. An error that it throws is recorded as a failure, and the agent runs again up to the retry limit;
 * after that the session is escalated and this throws a `CallboardError` with the code `escalated`. A failure that
 * cannot heal by itself is recorded and not retried: the error then has the code `agent_failed`.
 */
export async function runAgent(store, id, agent, work, options = {}) {
  // Checked before anything is written: a mistake of the caller is no failure of the agent.
  const run = settings(store, id, work, options);
  const { signal } = run;
  for (let count = 1; ; count += 1) {
    signal?.throwIfAborted();
    const attempt = new Attempt(store, id, agent, run);
    const { outcome, error, hopeless } = await attempt.through(work, count);
    if (outcome.event !== "fail") return outcome;
    signal?.throwIfAborted();
    if (outcome.next.step !== "start") throw ended(outcome, agent, error, hopeless);
    const wait = run.backoff(count, error);
    if (!isTime(wait)) throw misuse("backoff must return a number of milliseconds.");
    await pause(wait, signal);
  }
}

const isTime = (value) => typeof value === "number" && value >= 0;

/** Returns the options with their defaults; throws if they, or the arguments before them, are wrong. */
function settings(store, id, work, options) {
  if (typeof store?.apply !== "function") throw misuse("runAgent's first argument must be the session's store.");
  if (typeof id !== "string") throw misuse("runAgent's second argument must be the session's id, a string.");
  if (typeof work !== "function") throw misuse("runAgent's fourth argument must be the agent's work, a function.");
  if (options === null || typeof options !== "object") throw misuse("runAgent's options must be an object.");
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw unknownOption(name);
  }
  const { signal, backoff = defaultBackoff, heartbeat, grace = GRACE, shouldRetry } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") throw misuse("signal must be an AbortSignal.");
  if (typeof backoff !== "function") throw misuse("backoff must be a function that returns milliseconds.");
  if (shouldRetry !== undefined && typeof shouldRetry !== "function") {
    throw misuse("shouldRetry must be a function that returns true to run the agent again.");
  }
  if (heartbeat !== undefined && !(isTime(heartbeat) && heartbeat > 0)) {
    throw misuse("heartbeat must be a number of milliseconds, more than 0.");
  }
  if (!isTime(grace)) throw misuse("grace must be a number of milliseconds.");
  return { signal, backoff, heartbeat, grace, shouldRetry };
}

function unknownOption(name) {
  const message = `runAgent has no option "${name}".`;
  return new CallboardError({ code: "invalid_value", message, hint: didYouMean(name, OPTIONS) ?? `The options are ${OPTIONS.join(", ")}.` });
}

function ended({ next }, agent, error, hopeless) {
  const escalated = next.step === "escalate";
  const why = escalated ? " and is out of retries" : hopeless ? " and does not run again" : "";
  return new CallboardError({
    code: escalated ? "escalated" : "agent_failed",
    message: `${agent} has failed${why}: ${describe(error)}`,
    hint: `Resume ${agent}${escalated ? " with an override" : hopeless ? " once the cause is corrected" : ""}.`,
    cause: error,
  });
}
