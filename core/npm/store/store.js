import { CallboardError, Session, dashboard, typicalDurations } from "callboard";

import { misuse } from "../error.js";
import { describe } from "./describe.js";

/** For how many milliseconds typical durations are taken as they were: to ask for them may take reading every session. */
const DURATIONS_AGE = 10_000;

/**
 * Where sessions are kept, and what may be done to one: a backend gives `load`, `compareAndSwap`, `list` and
 * `watch`; all else stands here, for every backend alike.
 */
export class Store {
  #policy;
  #clock;
  /** The durations of the stages of the store's sessions, and when they were asked for. */
  #durations;
  #durationsAge;
  /** The last change of each session that is under way in this process: the next one waits for it. */
  #changes = new Map();

  /** @param {{ policy?: object, now?: () => Date | number | string, durationsAge?: number }} [options] */
  constructor({ policy, now = () => new Date(), durationsAge = DURATIONS_AGE } = {}) {
    if (typeof now !== "function") throw misuse("A store's clock, now, is a function that gives the time.");
    if (!(typeof durationsAge === "number" && durationsAge >= 0)) throw misuse("durationsAge must be a number of milliseconds.");
    this.#policy = policy;
    this.#durationsAge = durationsAge;
    this.#clock = now;
  }

  /** The policy that every session of the store is judged by. */
  get policy() {
    return this.#policy;
  }

  /** The time, by the clock this store was given. */
  now() {
    return this.#clock();
  }

  /** Reads a session for `work`, which must not keep it; under the store's policy, if no other is given. */
  async read(id, work, { policy = this.policy } = {}) {
    const { text, file } = await this.load(id);
    const session = Session.parse(text, { file, policy });
    try {
      return await work(session);
    } finally {
      session.free();
    }
  }

  /**
   * Changes a session by `work`, which is run again on the fresh text should another process have changed it
   * meanwhile. What `work` throws changes nothing. It must be done when it returns: while it waited for anything, the
   * session would be kept as it was before.
   */
  async change(id, work, { policy = this.policy } = {}) {
    const before = this.#changes.get(id) ?? Promise.resolve();
    const change = before.then(() => this.#change(id, work, policy));
    const settled = change.then(() => {}, () => {});
    this.#changes.set(id, settled);
    try {
      return await change;
    } finally {
      if (this.#changes.get(id) === settled) this.#changes.delete(id);
    }
  }

  async #change(id, work, policy) {
    return this.exclusively(id, async (swap) => {
      for (;;) {
        const { text, file } = await this.load(id);
        const session = Session.parse(text, { file, policy });
        try {
          const result = done(work(session));
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
    // Whether an agent is stalled, a resume is to say as the dashboard does.
    const policy = event?.type === "resume" ? await this.typicalPolicy() : this.policy;
    return this.change(id, (session) => session.apply(event, { now: now ?? this.now() }), { policy });
  }

  /** Makes a session and returns its id; that of the one there is, where it was made with the same key. */
  async initializeSession(episode, { now = this.now() } = {}) {
    const session = Session.initialize(episode, { now, policy: this.policy });
    try {
      const { id } = session;
      if (await this.compareAndSwap(id, null, session.toString())) return id;
      if (await this.#isMadeWith(episode.key, id)) return id;
      throw new CallboardError({
        code: "session_exists",
        message: `There is a session ${id} already.`,
        hint: "An episode can have one new session a minute.",
      });
    } finally {
      session.free();
    }
  }

  async #isMadeWith(key, id) {
    if (key === undefined || key === null) return false;
    const { history } = await this.read(id, (session) => session.data());
    return Array.isArray(history) && history.some((entry) => entry?.event === "initialize" && entry.key === key);
  }

  /**
   * Records what an agent says of itself: `{ status, cost, … }`. Where its stage has been completed meanwhile (two
   * evaluators that finish at once), or another attempt has begun, its cost is still kept, as a late bill.
   */
  async updateSessionState(id, agent, update, { now } = {}) {
    if (update === null || typeof update !== "object" || Array.isArray(update)) {
      throw misuse("An update is an object such as { status, cost }: {} is a sign of life.");
    }
    const event = { ...update, type: "update", agent };
    return this.change(id, (session) => {
      const at = { now: now ?? this.now() };
      const [refusal] = session.check(event, at);
      if (!LATE.includes(refusal?.code) || typeof event.cost !== "number") return session.apply(event, at);
      const { cost, attempt, key } = event;
      const outcome = session.apply({ type: "progress", agent, cost, attempt, key }, at);
      return { ...outcome, warnings: [...outcome.warnings, ...unkept(agent, refusal.code, update)] };
    });
  }

  /** Records that an agent failed and, where it may be tried again, that it is to be: in one write. */
  async handleAgentFailure(id, agent, error, { cost, attempt, key, now } = {}) {
    const fail = { type: "fail", agent, error: describe(error), cost, attempt, key };
    return this.change(id, (session) => {
      const at = { now: now ?? this.now() };
      const failed = session.apply(fail, at);
      // The retry was in the same write.
      if (failed.duplicate !== undefined) return failed;
      const retry = { type: "retry", agent };
      if (failed.next.step !== "retry" || session.check(retry, at).length > 0) return failed;
      const { to, next, warnings } = session.apply(retry, at);
      return { ...failed, to, next, warnings: [...failed.warnings, ...warnings] };
    });
  }

  /** Records that the quality gates failed: the session goes back, or a person must decide. */
  async handleQualityFailure(id, report, { cost, execution_time, attempt, key, now } = {}) {
    const event = { type: "quality_failure", agent: "quality_evaluator", report, cost, execution_time, attempt, key };
    return this.apply(id, event, { now });
  }

  /** Lets the session's current agent try again: one that failed or stalled, or with `override` an escalated one. */
  async resume(id, { override, reason, key, now } = {}) {
    return this.apply(id, { type: "resume", override, reason, key }, { now });
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
    return this.read(id, (session) => session.progress({ now }), { policy: await this.typicalPolicy() });
  }

  /** How a session fares, and why: as the dashboard says it. */
  async getSessionHealth(id, { now = this.now() } = {}) {
    return this.read(id, (session) => session.health({ now }), { policy: await this.typicalPolicy() });
  }

  /**
   * The store's policy with the durations that are typical of its own sessions: what progress, health, `resume` and
   * the dashboard go by, so that they say the same of a session. Those of all sessions, known for a while, if none are
   * given as `list` does.
   */
  async typicalPolicy(sessions) {
    const { policy } = this;
    const durations = sessions === undefined ? await this.#knownDurations() : this.#opened(sessions);
    return { ...policy, typical_durations: await typicalDurations(durations, { policy }) };
  }

  /** The dashboard's figures over every session that can be read, or those given as `list` does. */
  async dashboard({ now = this.now(), timeZoneOffset = offsetAt(now), sessions } = {}) {
    const { policy } = this;
    if (sessions !== undefined) return dashboard(this.#opened(sessions), { now, timeZoneOffset, policy });
    const began = performance.now();
    const durations = [];
    const figures = await dashboard(this.#opened(this.each(), durations), { now, timeZoneOffset, policy });
    // A question about one of them after this goes by the same.
    this.#durations = { known: durations, at: began };
    return figures;
  }

  /** Every session that can be read, one after another. */
  async *each() {
    yield* (await this.list()).sessions;
  }

  /** The durations of each session's stages, as `session.durations()` gives them. A backend may know them without reading. */
  async durations() {
    const durations = [];
    for await (const session of this.#opened(this.each())) durations.push(session.durations());
    return durations;
  }

  async #knownDurations() {
    const age = performance.now() - (this.#durations?.at ?? -Infinity);
    if (age >= this.#durationsAge) {
      const at = performance.now();
      // Whoever asks meanwhile waits for the same answer.
      this.#durations = { at, known: this.durations() };
      this.#durations.known.catch(() => (this.#durations = undefined));
    }
    return this.#durations.known;
  }

  /** Opens stored sessions one after another, and frees each before the next. */
  async *#opened(stored, durations) {
    for await (const { text, file } of stored) {
      const session = Session.parse(text, { file });
      try {
        durations?.push(session.durations());
        yield session;
      } finally {
        session.free();
      }
    }
  }
}

/** Refusals of a result that comes too late: its cost is recorded all the same. */
const LATE = ["already_complete", "stale_attempt"];

/** The fields of a late update that are not kept, as a warning. A stale one is none of the running attempt's result. */
function unkept(agent, code, { status, cost, attempt, key, ...rest }) {
  const fields = Object.keys(rest).filter((field) => rest[field] !== undefined);
  if (code === "already_complete" && fields.length === 0) return [];
  const why = code === "stale_attempt" ? `Attempt ${attempt} of ${agent} is over` : `${agent} is complete already`;
  const dropped = fields.length > 0 ? `, and not ${fields.join(", ")}` : "";
  return [{ code, message: `${why}: of this only the cost is kept${dropped}.` }];
}

/** How many minutes this machine's days are ahead of UTC at a time; 0 where that is no time, which is said later. */
const offsetAt = (now) => -new Date(now).getTimezoneOffset() || 0;

/** An error for a session that a store does not have. */
export function notFound(id, where, hint) {
  if (typeof id !== "string") return misuse("A session is asked for by its id, a text.");
  return new CallboardError({ code: "session_not_found", message: `There is no session ${id} in ${where}.`, hint });
}

/** What a change gives, which must not be still to come. */
function done(result) {
  if (typeof result?.then !== "function") return result;
  // It is refused here: what becomes of it is nobody's business any more.
  Promise.resolve(result).catch(() => {});
  throw misuse("A session is changed by a function that is not async: wait for what it needs before, then change.");
}
