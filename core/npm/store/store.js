import { CallboardError, misuse } from "../error.js";
import { Session, dashboard } from "callboard";

/**
 * Where sessions are kept, and what may be done to one: a backend gives `load`, `compareAndSwap`, `list` and
 * `watch`; all else stands here, for every backend alike.
 */
export class Store {
  #clock;
  /** The last change of each session that is under way in this process: the next one waits for it. */
  #changes = new Map();

  /** @param {{ policy?: object, now?: () => Date | number | string }} [options] */
  constructor({ policy, now = () => new Date() } = {}) {
    this.policy = policy;
    this.#clock = now;
  }

  /** The time, by the clock this store was given. */
  now() {
    return this.#clock();
  }

  /** Reads a session for `work`, which must not keep it. */
  async read(id, work) {
    const { text, file } = await this.load(id);
    const session = Session.parse(text, { file, policy: this.policy });
    try {
      return await work(session);
    } finally {
      session.free();
    }
  }

  /**
   * Changes a session by `work`, which is run again on the fresh text should another process have changed it
   * meanwhile. What `work` throws changes nothing.
   */
  async change(id, work) {
    const before = this.#changes.get(id) ?? Promise.resolve();
    const change = before.then(() => this.#change(id, work));
    const settled = change.then(() => {}, () => {});
    this.#changes.set(id, settled);
    try {
      return await change;
    } finally {
      if (this.#changes.get(id) === settled) this.#changes.delete(id);
    }
  }

  async #change(id, work) {
    return this.exclusively(id, async (swap) => {
      for (;;) {
        const { text, file } = await this.load(id);
        const session = Session.parse(text, { file, policy: this.policy });
        try {
          const result = work(session);
          const after = session.toString();
          if (after === text || (await swap(text, after))) return result;
        } finally {
          session.free();
        }
      }
    });
  }

  /**
   * Runs `work`, which swaps one session's text by the function it is given. A backend that has locks can hold one
   * meanwhile, so that nobody works on a text that another is about to replace.
   */
  async exclusively(id, work) {
    return work((expected, text) => this.compareAndSwap(id, expected, text));
  }

  /** Applies an event and keeps what comes of it. */
  async apply(id, event, { now } = {}) {
    return this.change(id, (session) => session.apply(event, { now: now ?? this.now() }));
  }

  /** Makes a session and returns its id. */
  async initializeSession(episode, { now = this.now() } = {}) {
    const session = Session.initialize(episode, { now, policy: this.policy });
    try {
      const { id } = session;
      if (await this.compareAndSwap(id, null, session.toString())) return id;
      throw new CallboardError({
        code: "session_exists",
        message: `There is a session ${id} already.`,
        hint: "An episode can have one new session a minute.",
      });
    } finally {
      session.free();
    }
  }

  /**
   * Records what an agent says of itself: `{ status, cost, … }`. Where its stage has been completed meanwhile (two
   * evaluators that finish at once), its cost is still kept, as a late bill.
   */
  async updateSessionState(id, agent, update, { now } = {}) {
    const event = { ...update, type: "update", agent };
    return this.change(id, (session) => {
      const at = { now: now ?? this.now() };
      const [refusal] = session.check(event, at);
      if (refusal?.code !== "already_complete" || event.cost === undefined) return session.apply(event, at);
      return session.apply({ type: "progress", agent, cost: event.cost }, at);
    });
  }

  /** Records that an agent failed and, where it may be tried again, that it is to be: in one write. */
  async handleAgentFailure(id, agent, error, { cost, now } = {}) {
    const fail = { type: "fail", agent, error: describe(error), cost };
    return this.change(id, (session) => {
      const at = { now: now ?? this.now() };
      const failed = session.apply(fail, at);
      const retry = { type: "retry", agent };
      if (failed.next.step !== "retry" || session.check(retry, at).length > 0) return failed;
      const { to, next, warnings } = session.apply(retry, at);
      return { ...failed, to, next, warnings: [...failed.warnings, ...warnings] };
    });
  }

  /** Records that the quality gates failed: the session goes back, or a person must decide. */
  async handleQualityFailure(id, report, { cost, execution_time, now } = {}) {
    return this.apply(id, { type: "quality_failure", agent: "quality_evaluator", report, cost, execution_time }, { now });
  }

  /** Lets the session's current agent try again: one that failed or stalled, or with `override` an escalated one. */
  async resume(id, { override, reason, now } = {}) {
    return this.change(id, (session) => {
      const at = { now: now ?? this.now() };
      const [{ agent }] = session.choices(at);
      return session.apply({ type: "resume", agent, override, reason }, at);
    });
  }

  /** Whether an agent could start now, and why not. */
  async validateReadyForStage(id, agent, { now = this.now() } = {}) {
    return this.read(id, (session) => {
      const refusals = session.check({ type: "start", agent }, { now });
      return { ready: refusals.length === 0, refusals };
    });
  }

  /** How far a session has come. */
  async getSessionProgress(id, { now = this.now() } = {}) {
    return this.read(id, (session) => session.progress({ now }));
  }

  /** The dashboard's figures over every session that can be read. */
  async dashboard({ now = this.now(), timeZoneOffset = offsetAt(now) } = {}) {
    const { sessions } = await this.list();
    const open = [];
    try {
      for (const { text, file } of sessions) open.push(Session.parse(text, { file }));
      return dashboard(open, { now, timeZoneOffset, policy: this.policy });
    } finally {
      for (const session of open) session.free();
    }
  }
}

/** How many minutes this machine's days are ahead of UTC at a time; 0 where that is no time, which is said later. */
const offsetAt = (now) => -new Date(now).getTimezoneOffset() || 0;

/** An error for a session that a store does not have. */
export function notFound(id, where) {
  if (typeof id !== "string") return misuse("A session is asked for by its id, a text.");
  const hint = "`callboard list` shows the sessions there are.";
  return new CallboardError({ code: "session_not_found", message: `There is no session ${id} in ${where}.`, hint });
}

/** What went wrong, in words: an agent may throw anything. */
function describe(error) {
  const text = error instanceof Error ? error.message || error.name : String(error ?? "");
  return text.trim() === "" ? "unknown error" : text;
}
