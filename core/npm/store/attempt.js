// One attempt of an agent, from its start to the record of its end.
import { CallboardError, Session } from "callboard";

import { misuse } from "../error.js";
import { billOf, describe } from "./describe.js";
import { nearest } from "./nearest.js";
import { milliseconds, pause, settledOrStopped } from "./wait.js";

/** Fields of a result, which an instance of a class may have as getters. */
const FIELDS = ["output_file", "cost", "quality_score", "execution_time", "handoff", "metrics", "report"];

/** Refusals of a result that count as the agent's failure. */
const BAD_RESULT = ["invalid_value", "handoff_incomplete"];

/** Errors of a store that do not go away on another try. */
const FINAL = ["invalid_value", "session_not_found", "folder_not_found", "not_initialised", "locked"];

/** Waits in milliseconds before a write without an answer is sent again. */
const RESEND_AFTER = [50, 250];

/**
 * One attempt of an agent. Every event carries the attempt's number, so that it counts for no other attempt, and its own
 * key, so that it counts once even if it is sent again.
 */
export class Attempt {
  #began;
  #stop = new AbortController();
  /** True if the agent was told to stop before it was done. */
  #stopped = false;
  /** True while a heartbeat is being recorded. */
  #beating = false;
  /** Cost that a stopped agent reported. */
  #lastBill;
  /** Number of the attempt in the session. */
  #number;
  /** Prefix of the keys of this attempt's events. */
  #key = randomName();

  constructor(store, id, agent, { signal, heartbeat, grace, shouldRetry }) {
    Object.assign(this, { store, id, agent, signal, heartbeat, grace, shouldRetry });
  }

  /**
   * Runs the attempt from `start` to the record of its end. Returns the outcome and, if the agent failed, the error and
   * `hopeless`: true if another attempt cannot help.
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
      if (error instanceof CallboardError && BAD_RESULT.includes(error.code)) {
        return this.#failed(error, bill ?? misspeltBill(result), count);
      }
      // The session has gone on without this attempt; its cost is recorded all the same.
      if (error?.refusal !== undefined) await this.#late(bill);
      throw unrecorded(error, event);
    }
  }

  /** Runs the agent, with heartbeats, until it is done, or was told to stop and its grace is over. */
  async #alive(work) {
    const { text, file } = await this.store.load(this.id);
    const session = Session.parse(text, { file, policy: this.store.policy });
    const stop = () => this.#stop.abort(this.signal.reason);
    this.signal?.addEventListener("abort", stop, { once: true });
    if (this.signal?.aborted) stop();
    const pulse = this.heartbeat && setInterval(() => this.#beat(), milliseconds(this.heartbeat));
    const { signal } = this.#stop;
    try {
      // An agent that is told to stop before it has begun does not start.
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

  /** Notes that the agent was stopped, and the cost that it threw or returned; returns the reason. */
  #left(reason, settled) {
    this.#stopped = true;
    this.#lastBill = billOf(settled?.status === "rejected" ? settled.reason : settled?.value);
    return reason;
  }

  /** Records the cost of an agent that outlasts its grace, whenever it ends. Nobody waits for it. */
  #billOnceSettled(working) {
    const bill = (said) => this.#late(billOf(said));
    // There is nobody left to report a failing store to.
    working.then(bill, bill).catch(() => {});
  }

  /** Records a heartbeat. If it is refused, the session has gone on without this agent, which is told to stop. */
  async #beat() {
    // A slow store gets one heartbeat at a time.
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

  /** Converts a result to an event, with all of its fields, so that the core reports unknown ones. */
  #event(result) {
    if (typeof result !== "object" || Array.isArray(result)) {
      throw misuse(`${this.agent} returned ${kindOf(result)}. Return an object such as { output_file, cost }.`);
    }
    for (const name of ["type", "agent", "attempt", "key"]) {
      if (result[name] !== undefined) throw misuse(`A result must not have the field "${name}": runAgent sets it.`);
    }
    const type = result.report === undefined ? "complete" : "quality_failure";
    if (type === "quality_failure" && this.agent !== "quality_evaluator") {
      throw misuse(`${this.agent} returned a report of quality gates. Only quality_evaluator may report gates.`);
    }
    const sent = { type, agent: this.agent, attempt: this.#number, key: this.#keyOf(type) };
    const event = { ...inherited(result), ...result, ...sent };
    event.execution_time ??= Math.max(0, seconds(this.store.now()) - this.#began);
    return event;
  }

  /** Records a failure, with a retry if that may help and the agent was not told to stop. */
  async #failed(error, cost, count) {
    const stopped = this.#stopped;
    const { retry, mistake } = stopped ? { retry: false } : await this.#isWorthRetrying(error, count);
    const text = stopped ? `aborted: ${describe(error)}` : describe(error);
    const event = { type: "fail", agent: this.agent, error: text, attempt: this.#number, key: this.#keyOf("fail") };
    const outcome = await this.#recordFailure({ ...event, cost }, retry).catch(async (refused) => {
      // The session has gone on without this agent; its cost is recorded all the same.
      if (refused?.refusal !== undefined) await this.#late(cost);
      throw unrecorded(refused, { ...event, cost }, error);
    });
    if (mistake !== undefined) throw mistake.error;
    // An agent that was told to stop failed with the reason that it was given.
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
      // A cost that no file can hold must not keep the failure from being recorded.
      if (cost === undefined || refused?.code !== "invalid_value") throw refused;
      return this.#recordFailure({ ...event, cost: undefined }, retry);
    }
  }

  /** Decides if another attempt may succeed; the same input may lead to the same mistake. */
  async #isWorthRetrying(error, count) {
    if (!canHeal(error)) return { retry: false };
    try {
      return { retry: this.shouldRetry === undefined || Boolean(await this.shouldRetry(error, count)) };
    } catch (thrown) {
      // The failure is recorded first: a mistake in the callback must not leave the agent in progress.
      return { retry: false, mistake: { error: thrown } };
    }
  }

  /** Records the cost of an attempt that no longer counts. */
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

  /** Sends a write again if the store gives no answer: by its key, it counts once. */
  async #surely(write) {
    for (const wait of RESEND_AFTER) {
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

/** True if the same agent may succeed another time; an error's own `retryable` counts. */
function canHeal(error) {
  try {
    if (error?.retryable === false) return false;
  } catch {
    // A value whose getter throws says nothing about it.
    return true;
  }
  return !(error instanceof CallboardError && error.code === "invalid_value");
}

/**
 * The error for an event that could not be recorded. Unless the session refused the event, the error has it, to be applied
 * later.
 */
function unrecorded(refused, event, cause = refused) {
  if (refused?.refusal !== undefined) {
    const { code, message, refusal, hint } = refused;
    return cause === refused ? refused : new CallboardError({ code, message, refusal, hint, cause });
  }
  const what = event.type === "fail" ? "failure" : "result";
  const error = new CallboardError({
    code: refused instanceof CallboardError ? refused.code : "unwritable",
    message: `The ${what} of ${event.agent} could not be recorded: ${describe(refused)}`,
    hint: "Apply the error's `event` once the store works again: its key keeps it from counting twice.",
    cause,
  });
  return Object.assign(error, { event });
}

/** Returns the amount under a misspelling of `cost`, for which the machine has refused a result. */
function misspeltBill(result) {
  if (result === null || typeof result !== "object") return undefined;
  for (const [name, value] of Object.entries(result)) {
    if (!FIELDS.includes(name) && nearest(name, FIELDS) === "cost") return billOf({ cost: value });
  }
  return undefined;
}

/** Reads the fields that an instance of a class has as getters, which are not its own properties. */
function inherited(result) {
  const given = FIELDS.filter((field) => !Object.hasOwn(result, field) && result[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, result[field]]));
}

/** Converts an instant to seconds since 1970. */
const seconds = (now) => Math.floor(new Date(now).getTime() / 1000);

/** Names the kind of a value that is no object. */
const kindOf = (value) => (Array.isArray(value) ? "a list" : `a ${typeof value}`);

/** Returns a name that no other attempt has, in any process. Pages without HTTPS have no `randomUUID`. */
function randomName() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(10));
  return `run-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
