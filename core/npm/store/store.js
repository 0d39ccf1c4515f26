import { CallboardError, Session, dashboard, typicalDurations } from "callboard";

import { misuse } from "../error.js";
import { assertId, checkedDigest, digestOf, eachOf } from "./backend.js";
import { describe } from "./describe.js";
import { withPolicy } from "./policy.js";
import { SubclassBackend, isOverridden, unimplemented } from "./subclass.js";

/** Age in milliseconds up to which typical durations are used again: finding them may take reading every session. */
const DURATIONS_AGE = 10_000;

/**
 * Sessions in a backend, and the operations on an episode. The methods come in three kinds: the storage itself (`load`,
 * `compareAndSwap`, `exclusively`, `list`, `each`, `durations`, `watch`), reading and changing one session by a function
 * (`read`, `change`), and the operations, which are made of these.
 */
export class Store {
  /** Backend of the options. */
  #given;
  /** Backend over the methods of a subclass, for a store without another or with overridden storage methods. */
  #subclass;
  #policy;
  #clock;
  /** Stage durations of the store's sessions, and the time when they were asked for. */
  #durations;
  #durationsAge;
  /** Last change under way in this process, by session: the next one waits for it. */
  #changes = new Map();

  /**
   * @param {object} [options]
   * @param {import("./backend.js").Backend} [options.backend] the storage, unless a subclass defines its methods
   */
  constructor({ backend, policy, now = () => new Date(), durationsAge = DURATIONS_AGE } = {}) {
    if (typeof now !== "function") throw misuse("A store's clock, now, must be a function that returns the time.");
    if (!(typeof durationsAge === "number" && durationsAge >= 0)) {
      throw misuse("durationsAge must be a number of milliseconds, 0 or more.");
    }
    this.#given = backend;
    const hasLock = backend?.lock !== undefined || this.exclusively !== Store.prototype.exclusively;
    this.#subclass = new SubclassBackend(this, { hasLock });
    this.#policy = policy;
    this.#durationsAge = durationsAge;
    this.#clock = now;
  }

  /** Policy of every session of the store: that of the backend, if it has one, overridden by that of the options. */
  get policy() {
    return withPolicy(this.#given?.policy, this.#policy);
  }

  /** Returns the time by the store's clock. */
  now() {
    return this.#clock();
  }

  get #backend() {
    return this.#given === undefined || isOverridden(this, Store.prototype) ? this.#subclass : this.#given;
  }

  #givenFor(name) {
    if (this.#given === undefined) throw unimplemented(name);
    return this.#given;
  }

  /** Reads a session's text. Throws `session_not_found` if there is none. */
  async load(id) {
    const { revision, ...stored } = await this.#givenFor("load").load(id);
    return stored;
  }

  /** Replaces a session's text if it still is the expected one; false if not. Null adds a new session. */
  async compareAndSwap(id, expected, text) {
    const backend = this.#givenFor("compareAndSwap");
    const digest = checkedDigest(id, expected, text);
    if (expected === null) return backend.create(id, text, digest);
    return swapText(backend, id, expected, (revision) => backend.compareAndSwap(id, revision, text, digest));
  }

  /**
   * Runs `work`, which swaps one session's text by the function that it is given. A backend with locks holds the
   * session's meanwhile, so that nobody works on a text that another is about to replace.
   */
  async exclusively(id, work) {
    for (;;) {
      const lock = await this.#given?.lock?.(id);
      if (lock === undefined) return work((expected, text) => this.compareAndSwap(id, expected, text));
      const swap = async (expected, text) => {
        const digest = checkedDigest(id, expected, text);
        return swapText(this.#given, id, expected, (revision) => lock.compareAndSwap(revision, text, digest));
      };
      try {
        const result = await work(swap);
        if (!lock.moved) return result;
      } finally {
        await lock.release();
      }
    }
  }

  /** Lists every session, and the files that cannot be read. */
  async list() {
    const { sessions, broken } = await this.#givenFor("list").list();
    return { sessions, broken };
  }

  /** Reads every readable session, a few at a time. */
  each() {
    return eachOf(this.#backend);
  }

  /** Returns the stage durations of each session, as `session.durations()` does. */
  async durations() {
    if (this.#given?.durations !== undefined) return this.#given.durations();
    const durations = [];
    for await (const session of opened(this.each())) durations.push(session.durations());
    return durations;
  }

  /** Reports changes, from the first `next()` on. */
  watch(options = {}) {
    return this.#givenFor("watch").watch(options);
  }

  /** Passes a session to `work`, which must not keep it; under the store's policy, unless another is given. */
  async read(id, work, { policy = this.policy } = {}) {
    const { text, file } = await this.#backend.load(id);
    const session = Session.parse(text, { file, policy });
    try {
      return await work(session);
    } finally {
      session.free();
    }
  }

  /**
   * Changes a session by `work`, which runs again on the fresh text if another process has changed it meanwhile. If
   * `work` throws, nothing changes. It must not be async: while it waited, the session could change under it.
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
    for (;;) {
      const backend = this.#backend;
      const lock = await backend.lock?.(id);
      try {
        const { text, file, revision } = await backend.load(id);
        const session = Session.parse(text, { file, policy });
        try {
          const result = synchronous(work(session));
          const after = session.toString();
          if (after === text) return result;
          assertId(session, id);
          const digest = digestOf(session);
          const swapped =
            lock === undefined
              ? await backend.compareAndSwap(id, revision, after, digest)
              : await lock.compareAndSwap(revision, after, digest);
          if (swapped) return result;
        } finally {
          session.free();
        }
      } finally {
        await lock?.release();
      }
    }
  }

  /** Applies an event and stores the result. */
  async apply(id, event, { now } = {}) {
    // A resume must agree with the dashboard on whether the agent is stalled.
    const policy = event?.type === "resume" ? await this.typicalPolicy() : this.policy;
    return this.change(id, (session) => session.apply(event, { now: now ?? this.now() }), { policy });
  }

  /** Creates a session and returns its id; that of the existing one if it was created with the same key. */
  async initializeSession(episode, { now = this.now() } = {}) {
    const session = Session.initialize(episode, { now, policy: this.policy });
    try {
      const { id } = session;
      if (await this.#backend.create(id, session.toString(), digestOf(session))) return id;
      if (await this.#isMadeWith(episode.key, id)) return id;
      throw new CallboardError({
        code: "session_exists",
        message: `There is already a session ${id}.`,
        hint: "Session ids contain the minute: try again in a minute, or give another episode number.",
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
   * Records an agent's report on itself: `{ status, cost, … }`. If its stage has been completed meanwhile (two
   * evaluators that finish at once), or another attempt has begun, its cost is still recorded, as a late bill.
   */
  async updateSessionState(id, agent, update, { now } = {}) {
    if (update === null || typeof update !== "object" || Array.isArray(update)) {
      throw misuse("An update must be an object such as { status, cost }; an empty one is a heartbeat.");
    }
    const event = { ...update, type: "update", agent };
    return this.change(id, (session) => {
      const at = { now: now ?? this.now() };
      const [refusal] = session.check(event, at);
      if (!LATE.includes(refusal?.code) || typeof event.cost !== "number") return session.apply(event, at);
      const { cost, attempt, key } = event;
      const outcome = session.apply({ type: "progress", agent, cost, attempt, key }, at);
      return { ...outcome, warnings: [...outcome.warnings, ...droppedFields(agent, refusal.code, update)] };
    });
  }

  /** Records that an agent failed and, if it has a retry left, the retry: in one write. */
  async handleAgentFailure(id, agent, error, { cost, attempt, key, now } = {}) {
    const fail = { type: "fail", agent, error: describe(error), cost, attempt, key };
    return this.change(id, (session) => {
      const at = { now: now ?? this.now() };
      const failed = session.apply(fail, at);
      // The first delivery has recorded the retry too.
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

  /** Lets the current agent try again: a failed or stalled one, or with `override` an escalated one. */
  async resume(id, { override, reason, key, now } = {}) {
    return this.apply(id, { type: "resume", override, reason, key }, { now });
  }

  /** Says if an agent could start now, and why not. */
  async validateReadyForStage(id, agent, { now = this.now() } = {}) {
    return this.read(id, (session) => {
      const refusals = session.check({ type: "start", agent }, { now });
      return { ready: refusals.length === 0, refusals };
    });
  }

  /** Returns a session's progress. */
  async getSessionProgress(id, { now = this.now() } = {}) {
    return this.read(id, (session) => session.progress({ now }), { policy: await this.typicalPolicy() });
  }

  /** Returns a session's health and the reasons for it, the same as on the dashboard. */
  async getSessionHealth(id, { now = this.now() } = {}) {
    return this.read(id, (session) => session.health({ now }), { policy: await this.typicalPolicy() });
  }

  /**
   * Returns the store's policy with the durations that are typical of its own sessions. Progress, health, `resume` and
   * the dashboard use it, so that they agree on each session. Unless sessions are given, as `list` returns them, the
   * durations of all are used, and used again for a while.
   */
  async typicalPolicy(sessions) {
    const { policy } = this;
    const durations = sessions === undefined ? await this.#recentDurations() : opened(sessions);
    return { ...policy, typical_durations: await typicalDurations(durations, { policy }) };
  }

  /** Returns the dashboard's figures over every readable session, or over those given, as `list` returns them. */
  async dashboard({ now = this.now(), timeZoneOffset = offsetAt(now), sessions } = {}) {
    const { policy } = this;
    if (sessions !== undefined) return dashboard(opened(sessions), { now, timeZoneOffset, policy });
    const began = performance.now();
    const durations = [];
    const figures = await dashboard(opened(this.each(), durations), { now, timeZoneOffset, policy });
    // The next question about one session uses the same durations.
    this.#durations = { known: durations, at: began };
    return figures;
  }

  async #recentDurations() {
    const age = performance.now() - (this.#durations?.at ?? -Infinity);
    if (age >= this.#durationsAge) {
      const at = performance.now();
      // Questions that come meanwhile wait for the same answer.
      this.#durations = { at, known: this.durations() };
      this.#durations.known.catch(() => (this.#durations = undefined));
    }
    return this.#durations.known;
  }
}

/** Opens stored sessions one after another, and frees each before the next. */
async function* opened(stored, durations) {
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

/** Swaps texts in a backend, which goes by revisions: false if the present text is not the expected one. */
async function swapText(backend, id, expected, swap) {
  if (expected === null) return false;
  let current;
  try {
    current = await backend.load(id);
  } catch (error) {
    // A session that is not there is not as expected.
    if (error.code === "session_not_found") return false;
    throw error;
  }
  return current.text === expected && swap(current.revision);
}

/** Refusals of a late result, whose cost is recorded all the same. */
const LATE = ["already_complete", "stale_attempt"];

/** Warning that names the fields of a late update which are not recorded. */
function droppedFields(agent, code, { status, cost, attempt, key, ...rest }) {
  const fields = Object.keys(rest).filter((field) => rest[field] !== undefined);
  if (code === "already_complete" && fields.length === 0) return [];
  const why = code === "stale_attempt" ? `Attempt ${attempt} of ${agent} is over` : `${agent} is complete already`;
  const dropped = fields.length > 0 ? `, not ${fields.join(", ")}` : "";
  return [{ code, message: `${why}: only the cost of this update is recorded${dropped}.` }];
}

/** Minutes by which this machine's days are ahead of UTC; 0 for an invalid time, which is refused later. */
const offsetAt = (now) => -new Date(now).getTimezoneOffset() || 0;

/** Returns the result of a change, which must not be a promise. */
function synchronous(result) {
  if (typeof result?.then !== "function") return result;
  // The change is refused here; a later rejection has nobody left to handle it.
  Promise.resolve(result).catch(() => {});
  throw misuse("A session must be changed by a function that is not async. Wait for what it needs first, then change.");
}
