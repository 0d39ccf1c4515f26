// One attempt of an agent, from its start to the record of how it ended.
import { CallboardError, Session } from "callboard";

import { misuse } from "../error.js";
import { billOf, describe } from "./describe.js";
import { nearest } from "./nearest.js";
import { milliseconds, pause, settledOrStopped } from "./wait.js";

/** The fields of a result, for what a class gives by getters. */
const FIELDS = ["output_file", "cost", "quality_score", "execution_time", "handoff", "metrics", "report"];

/** Refusals of a result that are the agent's own doing, and so its failure. */
const POOR = ["invalid_value", "handoff_incomplete"];

/** Errors of a store that trying again does not mend. */
const FINAL = ["invalid_value", "session_not_found", "folder_not_found", "not_initialised", "locked"];

/** Waits before a write that may or may not have arrived is sent again, in milliseconds. */
const AGAIN_AFTER = [50, 250];

/**
 * One attempt of an agent. Every event carries the attempt's number, so that it counts for no other attempt, and a key
 * of its own, so that one that is sent again counts once.
 */
export class Attempt {
  #began;
  #stop = new AbortController();
  /** Whether the agent was told to stop before it was done. */
  #stopped = false;
  /** Whether a heartbeat is being recorded. */
  #beating = false;
  /** The cost that a stopped agent reported. */
  #lastBill;
  /** The attempt's number, as the session counts. */
  #number;
  /** The part that the keys of this attempt's events share. */
  #key = randomName();

  constructor(store, id, agent, { signal, heartbeat, grace, shouldRetry }) {
    Object.assign(this, { store, id, agent, signal, heartbeat, grace, shouldRetry });
  }

  /**
   * Runs the attempt from `start` to what was recorded at the end: the outcome, and where the agent failed the error
   * and whether it is `hopeless` to try again.
   */
  async through(work, count) {
    const { attempt } = await this.#write({ type: "start", agent: this.agent, key: this.#keyOf("start") });
    this.#number = attempt;
    let result;
    try {
      this.#began = seconds(this.store.now());
      result = await this.#alive(work);
    } catch (error) {
      return this.#failed(error, this.#stopped ? this.#lastBill : billOf(error), count);
    }
    const bill = billOf(result);
    let event;
    try {
      event = this.#event(result ?? {});
    } catch (error) {
      return this.#failed(error, bill, count);
    }
    try {
      return { outcome: await this.#write(event) };
    } catch (error) {
      if (error instanceof CallboardError && POOR.includes(error.code)) {
        return this.#failed(error, bill ?? misspeltBill(result), count);
      }
      // The session has gone on without this attempt; what it has cost is kept all the same.
      if (error?.refusal !== undefined) await this.#late(bill);
      throw unrecorded(error, event);
    }
  }

  /** Runs the agent, with heartbeats, until it is done, or was told to stop and has had its time for that. */
  async #alive(work) {
    const { text, file } = await this.store.load(this.id);
    const session = Session.parse(text, { file, policy: this.store.policy });
    const stop = () => this.#stop.abort(this.signal.reason);
    this.signal?.addEventListener("abort", stop, { once: true });
    if (this.signal?.aborted) stop();
    const pulse = this.heartbeat && setInterval(() => this.#beat(), milliseconds(this.heartbeat));
    const { signal } = this.#stop;
    try {
      // An agent that is told to stop before it has begun does not begin.
      if (signal.aborted) throw this.#left(signal.reason);
      const working = Promise.resolve().then(() => work(session, signal, { attempt: this.#number }));
      const { settled, stopped } = await settledOrStopped(working, signal, this.grace);
      if (stopped && settled === undefined) this.#billOnceSettled(working);
      if (stopped) throw this.#left(signal.reason, settled);
      if (settled.status === "rejected") throw settled.reason;
      return settled.value;
    } finally {
      session.free();
      clearInterval(pulse);
      this.signal?.removeEventListener("abort", stop);
    }
  }

  /** Notes that the agent was stopped, and the cost that it threw or returned; gives the reason back. */
  #left(reason, settled) {
    this.#stopped = true;
    this.#lastBill = billOf(settled?.status === "rejected" ? settled.reason : settled?.value);
    return reason;
  }

  /** Records the cost of an agent that went on beyond its grace, whenever it ends: nobody waits for it any more. */
  #billOnceSettled(working) {
    const bill = (said) => this.#late(billOf(said));
    // A store that fails then has nobody left to say so to.
    working.then(bill, bill).catch(() => {});
  }

  /** Records a heartbeat. Where it is refused, the session has gone on without this agent, which had better stop. */
  async #beat() {
    // A store that is slower than the heart is given one at a time.
    if (this.#beating) return;
    this.#beating = true;
    try {
      await this.store.apply(this.id, { type: "progress", agent: this.agent, attempt: this.#number });
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
    for (const name of ["type", "agent", "attempt", "key"]) {
      if (result[name] !== undefined) throw misuse(`A result has no field "${name}": runAgent sets it.`);
    }
    const type = result.report === undefined ? "complete" : "quality_failure";
    if (type === "quality_failure" && this.agent !== "quality_evaluator") {
      throw misuse(`${this.agent} returned a report of quality gates, and only quality_evaluator has gates to report.`);
    }
    const sent = { type, agent: this.agent, attempt: this.#number, key: this.#keyOf(type) };
    const event = { ...inherited(result), ...result, ...sent };
    event.execution_time ??= Math.max(0, seconds(this.store.now()) - this.#began);
    return event;
  }

  /** Records a failure. It is retried where that may help, and where nobody asked the agent to stop. */
  async #failed(error, cost, count) {
    const stopped = this.#stopped;
    const { retry, mistake } = stopped ? { retry: false } : await this.#isWorthRetrying(error, count);
    const text = stopped ? `aborted: ${describe(error)}` : describe(error);
    const event = { type: "fail", agent: this.agent, error: text, attempt: this.#number, key: this.#keyOf("fail") };
    const outcome = await this.#recordFailure({ ...event, cost }, retry).catch(async (refused) => {
      // The session has gone on without this agent; what it has cost is kept all the same.
      if (refused?.refusal !== undefined) await this.#late(cost);
      throw unrecorded(refused, { ...event, cost }, error);
    });
    if (mistake !== undefined) throw mistake.error;
    // An agent that was asked to stop failed with the reason it was given.
    if (stopped) throw error;
    return { error, outcome, hopeless: !retry };
  }

  async #recordFailure(event, retry) {
    const { error, cost, attempt, key } = event;
    try {
      return await this.#surely(() => {
        if (!retry) return this.store.apply(this.id, event);
        return this.store.handleAgentFailure(this.id, this.agent, error, { cost, attempt, key });
      });
    } catch (refused) {
      // A bill that no file can hold must not keep the failure from being recorded.
      if (cost === undefined || refused?.code !== "invalid_value") throw refused;
      return this.#recordFailure({ ...event, cost: undefined }, retry);
    }
  }

  /** Whether another attempt may end better; the same input may lead to the same mistake. */
  async #isWorthRetrying(error, count) {
    if (!canHeal(error)) return { retry: false };
    try {
      return { retry: this.shouldRetry === undefined || Boolean(await this.shouldRetry(error, count)) };
    } catch (thrown) {
      // The failure is recorded first: the caller's mistake must not leave the agent in progress.
      return { retry: false, mistake: { error: thrown } };
    }
  }

  /** Records the bill of an attempt that no longer counts. */
  async #late(cost) {
    if (cost === undefined) return;
    const bill = { type: "progress", agent: this.agent, attempt: this.#number, cost, key: this.#keyOf("bill") };
    await this.#write(bill).catch((error) => {
      if (error?.refusal === undefined) throw error;
    });
  }

  #write(event) {
    return this.#surely(() => this.store.apply(this.id, event));
  }

  /** Sends a write again where the store does not say what came of it: by its key it counts once. */
  async #surely(write) {
    for (const wait of AGAIN_AFTER) {
      try {
        return await write();
      } catch (error) {
        if (error?.refusal !== undefined || FINAL.includes(error?.code)) throw error;
        await pause(wait);
      }
    }
    return write();
  }

  #keyOf(what) {
    return `${this.#key}.${what}`;
  }
}

/** Whether the same agent may do better another time; what it says itself counts. */
function canHeal(error) {
  try {
    if (error?.retryable === false) return false;
  } catch {
    // A value that cannot even be asked says nothing.
    return true;
  }
  return !(error instanceof CallboardError && error.code === "invalid_value");
}

/**
 * The error for an event that could not be recorded: where the session did not refuse it, with the event, which can
 * still be applied.
 */
function unrecorded(refused, event, cause = refused) {
  if (refused?.refusal !== undefined) {
    const { code, message, refusal, hint } = refused;
    return cause === refused ? refused : new CallboardError({ code, message, refusal, hint, cause });
  }
  const what = event.type === "fail" ? "failure" : "result";
  const error = new CallboardError({
    code: refused instanceof CallboardError ? refused.code : "unwritable",
    message: `The ${what} of ${event.agent} is not recorded: ${describe(refused)}`,
    hint: "Apply the error's `event` once the store works again: its key keeps it from counting twice.",
    cause,
  });
  return Object.assign(error, { event });
}

/** The amount under a name that is near to `cost`, in a result that the machine refuses for it. */
function misspeltBill(result) {
  if (result === null || typeof result !== "object") return undefined;
  for (const [name, value] of Object.entries(result)) {
    if (!FIELDS.includes(name) && nearest(name, FIELDS) === "cost") return billOf({ cost: value });
  }
  return undefined;
}

/** The fields that a result of a class has by getters, which are not its own. */
function inherited(result) {
  const given = FIELDS.filter((field) => !Object.hasOwn(result, field) && result[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, result[field]]));
}

/** Seconds since 1970, of anything that says when. */
const seconds = (now) => Math.floor(new Date(now).getTime() / 1000);

/** The name for the kind of a value that is no object. */
const kindOf = (value) => (Array.isArray(value) ? "a list" : `a ${typeof value}`);

/** A name that no other attempt has, in any process: also where `randomUUID` is kept to secure pages. */
function randomName() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(10));
  return `run-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
