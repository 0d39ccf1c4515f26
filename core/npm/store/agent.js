import { CallboardError, Session } from "callboard";

import { misuse } from "../error.js";
import { billOf, describe } from "./describe.js";
import { milliseconds, pause, settledOrStopped } from "./wait.js";

/** A second, then two, then four, and so on, but no more than a minute. */
const patiently = (attempt) => Math.min(1000 * 2 ** (attempt - 1), 60_000);

/** For how long an agent that is told to stop may still say what it has cost, in milliseconds. */
const GRACE = 5000;

/** What the machine takes of a result. */
const FIELDS = ["output_file", "cost", "quality_score", "execution_time", "handoff", "metrics", "report"];

/** Refusals of a result that are the agent's own doing: another attempt may do better. */
const POOR = ["invalid_value", "handoff_incomplete"];

/**
 * Runs an agent on a session by the framework's standard pattern: validate that it is ready, mark it in progress, run
 * it, record its result. What it throws is recorded as a failure, and it is run again up to the retry limit; after
 * that the session is escalated and this throws a `CallboardError` with the code `escalated`.
 */
export async function runAgent(store, id, agent, work, { signal, backoff = patiently, heartbeat, grace = GRACE } = {}) {
  // Before anything is written: a mistake of the caller's is no failure of the agent's.
  if (typeof store?.apply !== "function") throw misuse("runAgent needs the store that the session is kept in.");
  if (typeof work !== "function") throw misuse("runAgent needs the agent's work, a function.");
  if (typeof backoff !== "function") throw misuse("backoff must be a function that gives milliseconds.");
  if (heartbeat !== undefined && !(isTime(heartbeat) && heartbeat > 0)) {
    throw misuse("heartbeat must be a number of milliseconds, more than 0.");
  }
  if (!isTime(grace)) throw misuse("grace must be a number of milliseconds.");
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const run = new Attempt(store, id, agent, { signal, heartbeat, grace });
    const { outcome, error } = await run.through(work);
    if (outcome.event !== "fail") return outcome;
    signal?.throwIfAborted();
    if (outcome.next.step !== "start") throw ended(outcome, agent, error);
    const wait = backoff(attempt, error);
    if (!isTime(wait)) throw misuse("backoff must give a number of milliseconds.");
    await pause(wait, signal);
  }
}

const isTime = (value) => typeof value === "number" && value >= 0;

/** One attempt of an agent. */
class Attempt {
  #began;
  #stop = new AbortController();
  /** Whether the agent was told to stop before it was done. */
  #stopped = false;
  /** Whether a sign of life is being recorded. */
  #beating = false;
  /** What it has cost, where it said so then. */
  #lastBill;

  constructor(store, id, agent, { signal, heartbeat, grace }) {
    Object.assign(this, { store, id, agent, signal, heartbeat, grace });
  }

  /** From `start` to what was recorded at the end: the outcome, and the error where it failed. */
  async through(work) {
    await this.store.apply(this.id, { type: "start", agent: this.agent });
    this.#began = seconds(this.store.now());
    let result;
    try {
      result = await this.#alive(work);
    } catch (error) {
      return this.#failed(error, this.#stopped ? this.#lastBill : billOf(error));
    }
    const bill = billOf(result);
    let event;
    try {
      event = this.#event(result ?? {});
    } catch (error) {
      return this.#failed(error, bill);
    }
    try {
      return { outcome: await this.store.apply(this.id, event) };
    } catch (error) {
      if (error instanceof CallboardError && POOR.includes(error.code)) return this.#failed(error, bill);
      await this.#late(bill);
      throw error;
    }
  }

  /** Runs the agent, with signs of life, until it is done, or was told to stop and has had its time for that. */
  async #alive(work) {
    const { text, file } = await this.store.load(this.id);
    const session = Session.parse(text, { file, policy: this.store.policy });
    const stop = () => this.#stop.abort(this.signal.reason);
    this.signal?.addEventListener("abort", stop, { once: true });
    if (this.signal?.aborted) stop();
    const pulse = this.heartbeat && setInterval(() => this.#beat(), milliseconds(this.heartbeat));
    const { signal } = this.#stop;
    try {
      // One that is told to stop before it has begun does not begin.
      if (signal.aborted) throw this.#left(signal.reason);
      const working = Promise.resolve().then(() => work(session, signal));
      const { settled, stopped } = await settledOrStopped(working, signal, this.grace);
      if (stopped) throw this.#left(signal.reason, settled);
      if (settled.status === "rejected") throw settled.reason;
      return settled.value;
    } finally {
      session.free();
      clearInterval(pulse);
      this.signal?.removeEventListener("abort", stop);
    }
  }

  /** Why an agent was told to stop; what it has cost is kept, as it says in what it throws or returns. */
  #left(reason, settled) {
    this.#stopped = true;
    this.#lastBill = billOf(settled?.status === "rejected" ? settled.reason : settled?.value);
    return reason;
  }

  /** A sign of life. Where it is refused, the session has gone on without this agent, which had better stop. */
  async #beat() {
    // A store that is slower than the heart is given one at a time.
    if (this.#beating) return;
    this.#beating = true;
    try {
      await this.store.apply(this.id, { type: "progress", agent: this.agent });
    } catch (error) {
      if (error?.refusal !== undefined) this.#stop.abort(error);
    } finally {
      this.#beating = false;
    }
  }

  /** A result as an event: with all that it holds, so that the core says what it does not know. */
  #event(result) {
    if (typeof result !== "object" || Array.isArray(result)) {
      throw misuse(`${this.agent} returned ${kindOf(result)}; a result is an object such as { output_file, cost }.`);
    }
    for (const name of ["type", "agent"]) {
      if (result[name] !== undefined) throw misuse(`A result has no field "${name}": runAgent says whose it is.`);
    }
    const type = result.report === undefined ? "complete" : "quality_failure";
    const event = { ...inherited(result), ...result, type, agent: this.agent };
    event.execution_time ??= Math.max(0, seconds(this.store.now()) - this.#began);
    return event;
  }

  /** Records a failure. One that was asked for from outside is not retried. */
  async #failed(error, cost) {
    const stopped = this.#stopped;
    const record = (cost) => {
      if (!stopped) return this.store.handleAgentFailure(this.id, this.agent, error, { cost });
      return this.store.apply(this.id, { type: "fail", agent: this.agent, error: `aborted: ${describe(error)}`, cost });
    };
    try {
      const outcome = await record(cost).catch((refused) => {
        // A bill that no file can hold must not keep the failure from being recorded.
        if (cost === undefined || refused?.code !== "invalid_value") throw refused;
        return record(undefined);
      });
      if (!stopped) return { error, outcome };
    } catch (refused) {
      // The session has gone on without this agent; what it has cost is kept all the same.
      await this.#late(cost);
      if (!(refused instanceof CallboardError)) throw refused;
      const { code, message, refusal, hint } = refused;
      throw new CallboardError({ code, message, refusal, hint, cause: error });
    }
    throw error;
  }

  /** A bill that comes when the stage is complete already. */
  async #late(cost) {
    if (cost === undefined) return;
    const bill = { type: "progress", agent: this.agent, cost };
    await this.store.change(this.id, (session) => {
      const at = { now: this.store.now() };
      if (session.check(bill, at).length === 0) session.apply(bill, at);
    });
  }
}

/** What a result of a class gives by its getters, which are not its own. */
function inherited(result) {
  const given = FIELDS.filter((field) => !Object.hasOwn(result, field) && result[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, result[field]]));
}

/** Seconds since 1970, of anything that says when. */
const seconds = (now) => Math.floor(new Date(now).getTime() / 1000);

/** What a value that is no object is called. */
const kindOf = (value) => (Array.isArray(value) ? "a list" : `a ${typeof value}`);

function ended({ next }, agent, error) {
  const escalated = next.step === "escalate";
  return new CallboardError({
    code: escalated ? "escalated" : "agent_failed",
    message: `${agent} has failed${escalated ? " and is out of retries" : ""}: ${describe(error)}`,
    hint: `Resume ${agent}${escalated ? " with an override" : ""}.`,
    cause: error,
  });
}
