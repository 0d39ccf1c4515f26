import { CallboardError, Session } from "callboard";

/** A second, then two, then four, and so on, but no more than a minute. */
const patiently = (attempt) => Math.min(1000 * 2 ** (attempt - 1), 60_000);

/** What `complete` takes of what an agent returns. */
const FIELDS = ["output_file", "cost", "quality_score", "execution_time", "handoff", "metrics"];

/** Refusals of a result that are the agent's own doing: another attempt may do better. */
const POOR = ["invalid_value", "handoff_incomplete"];

/**
 * Runs an agent on a session by the framework's standard pattern: validate that it is ready, mark it in progress, run
 * it, record its result. What it throws is recorded as a failure, and it is run again up to the retry limit; after
 * that the session is escalated and this throws a `CallboardError` with the code `escalated`.
 */
export async function runAgent(store, id, agent, work, { signal, backoff = patiently, heartbeat } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const run = new Attempt(store, id, agent, signal, heartbeat);
    const { outcome, error } = await run.through(work);
    if (outcome.event !== "fail") return outcome;
    signal?.throwIfAborted();
    if (outcome.next.step !== "start") throw ended(outcome, agent, error);
    await pause(backoff(attempt, error), signal);
  }
}

/** One attempt of an agent. */
class Attempt {
  #began;
  #stop = new AbortController();

  constructor(store, id, agent, signal, heartbeat) {
    Object.assign(this, { store, id, agent, signal, heartbeat });
  }

  /** From `start` to what was recorded at the end: the outcome, and the error where it failed. */
  async through(work) {
    await this.store.apply(this.id, { type: "start", agent: this.agent });
    this.#began = seconds(this.store.now());
    let result;
    try {
      result = (await this.#alive(work)) ?? {};
    } catch (error) {
      return this.#failed(error);
    }
    try {
      return { outcome: await this.store.apply(this.id, this.#event(result)) };
    } catch (error) {
      if (POOR.includes(error.refusal?.code)) return this.#failed(error, result.cost);
      await this.#late(result.cost);
      throw error;
    }
  }

  /** Runs the agent, with signs of life, until it is done or is to stop. */
  async #alive(work) {
    const stop = () => this.#stop.abort(this.signal.reason);
    this.signal?.addEventListener("abort", stop, { once: true });
    const pulse = this.heartbeat === undefined ? undefined : setInterval(() => this.#beat(), this.heartbeat);
    const { text, file } = await this.store.load(this.id);
    const session = Session.parse(text, { file, policy: this.store.policy });
    try {
      return await orAborted(Promise.resolve().then(() => work(session, this.#stop.signal)), this.#stop.signal);
    } finally {
      session.free();
      clearInterval(pulse);
      this.signal?.removeEventListener("abort", stop);
    }
  }

  /** A sign of life. Where it is refused, the session has gone on without this agent, which had better stop. */
  async #beat() {
    try {
      await this.store.apply(this.id, { type: "progress", agent: this.agent });
    } catch (error) {
      if (error.refusal !== undefined) this.#stop.abort(error);
    }
  }

  #event(result) {
    const { report, cost, execution_time = Math.max(0, seconds(this.store.now()) - this.#began) } = result;
    if (report !== undefined) return { type: "quality_failure", agent: this.agent, report, cost, execution_time };
    const event = { type: "complete", agent: this.agent, execution_time };
    for (const field of FIELDS) if (result[field] !== undefined) event[field] = result[field];
    return event;
  }

  /** Records a failure. One that was asked for from outside is not retried. */
  async #failed(error, cost = error?.cost) {
    const bill = typeof cost === "number" && cost >= 0 ? cost : undefined;
    try {
      if (!this.#stop.signal.aborted) {
        return { error, outcome: await this.store.handleAgentFailure(this.id, this.agent, error, { cost: bill }) };
      }
      const message = `aborted: ${error?.message ?? error}`;
      await this.store.apply(this.id, { type: "fail", agent: this.agent, error: message, cost: bill });
    } catch (refused) {
      // The session has gone on without this agent; what it has cost is kept all the same.
      await this.#late(bill);
      throw new CallboardError({ code: refused.code, message: refused.message, refusal: refused.refusal, cause: error });
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

/** Seconds since 1970, of anything that says when. */
const seconds = (now) => Math.floor(new Date(now).getTime() / 1000);

function orAborted(work, signal) {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

async function pause(milliseconds, signal) {
  let timer;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await (signal === undefined ? over : orAborted(over, signal));
  } finally {
    clearTimeout(timer);
  }
}

function ended({ next }, agent, error) {
  const escalated = next.step === "escalate";
  return new CallboardError({
    code: escalated ? "escalated" : "agent_failed",
    message: `${agent} has failed${escalated ? " and is out of retries" : ""}: ${error?.message ?? error}`,
    hint: `Resume ${agent}${escalated ? " with an override" : ""}.`,
    cause: error,
  });
}
