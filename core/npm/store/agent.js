import { CallboardError } from "callboard";

import { misuse } from "../error.js";
import { Attempt } from "./attempt.js";
import { describe } from "./describe.js";
import { didYouMean } from "./nearest.js";
import { pause } from "./wait.js";

/** A second, then two, then four, and so on, but no more than a minute. */
const patiently = (attempt) => Math.min(1000 * 2 ** (attempt - 1), 60_000);

/** The time in which an agent that is told to stop may still report its cost, in milliseconds. */
const GRACE = 5000;

/** The options of a run, for the name that a misspelt one is near to. */
const OPTIONS = ["signal", "backoff", "heartbeat", "grace", "shouldRetry"];

/**
 * Runs an agent on a session by the framework's standard pattern: validate that it is ready, mark it in progress, run
 * it, record its result. What it throws is recorded as a failure, and it is run again up to the retry limit; after
 * that the session is escalated and this throws a `CallboardError` with the code `escalated`. A failure that cannot
 * heal by itself is recorded and not run again: the error's code is `agent_failed` then.
 */
export async function runAgent(store, id, agent, work, options = {}) {
  // Before anything is written: a mistake of the caller's is no failure of the agent's.
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
    if (!isTime(wait)) throw misuse("backoff must give a number of milliseconds.");
    await pause(wait, signal);
  }
}

const isTime = (value) => typeof value === "number" && value >= 0;

/** The options with their defaults; throws where they, or the arguments before them, cannot be meant. */
function settings(store, id, work, options) {
  if (typeof store?.apply !== "function") throw misuse("runAgent needs the store that the session is kept in.");
  if (typeof id !== "string") throw misuse("runAgent needs the session's id, a text.");
  if (typeof work !== "function") throw misuse("runAgent needs the agent's work, a function.");
  if (options === null || typeof options !== "object") throw misuse("The options of runAgent are an object.");
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw unknownOption(name);
  }
  const { signal, backoff = patiently, heartbeat, grace = GRACE, shouldRetry } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") throw misuse("signal must be an AbortSignal.");
  if (typeof backoff !== "function") throw misuse("backoff must be a function that gives milliseconds.");
  if (shouldRetry !== undefined && typeof shouldRetry !== "function") {
    throw misuse("shouldRetry must be a function that says whether to run the agent again.");
  }
  if (heartbeat !== undefined && !(isTime(heartbeat) && heartbeat > 0)) {
    throw misuse("heartbeat must be a number of milliseconds, more than 0.");
  }
  if (!isTime(grace)) throw misuse("grace must be a number of milliseconds.");
  return { signal, backoff, heartbeat, grace, shouldRetry };
}

function unknownOption(name) {
  const message = `runAgent has no option "${name}".`;
  return new CallboardError({ code: "invalid_value", message, hint: didYouMean(name, OPTIONS) ?? `There are ${OPTIONS.join(", ")}.` });
}

function ended({ next }, agent, error, hopeless) {
  const escalated = next.step === "escalate";
  const why = escalated ? " and is out of retries" : hopeless ? " and is not run again" : "";
  return new CallboardError({
    code: escalated ? "escalated" : "agent_failed",
    message: `${agent} has failed${why}: ${describe(error)}`,
    hint: `Resume ${agent}${escalated ? " with an override" : hopeless ? " once that is corrected" : ""}.`,
    cause: error,
  });
}
