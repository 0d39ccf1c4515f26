import type {
  Agent,
  Completion,
  Dashboard,
  Fenced,
  GateReport,
  Health,
  Instant,
  Keyed,
  NewSession,
  Outcome,
  Policy,
  Progress,
  Refusal,
  Session,
  SessionEvent,
  Stage,
  CallboardError,
  Update,
  UpdateEvent,
} from "./index.js";

export type { Update } from "./index.js";

/** The runtime's own `AbortSignal`, if its types are loaded. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer T } } ? T : { readonly aborted: boolean };

/** A stored session. */
export interface Stored {
  /** Undefined only in a list, for a session without an id. */
  id: string | undefined;
  /** Name of the file, for a store of files. */
  file?: string | undefined;
  text: string;
}

/** A file that cannot be read as a session, a folder named like one, or a file that repeats another's session_id. */
export interface Broken {
  file: string;
  error: CallboardError;
}

/**
 * A change of a session; in a folder, of a file that was created, changed, renamed (reported by both names) or removed. A
 * removed file has neither `id` nor `error`.
 */
export interface Change {
  id?: string | undefined;
  file?: string | undefined;
  error?: CallboardError | undefined;
}

/** Options of a store. */
export interface StoreOptions {
  policy?: Policy | undefined;
  /** Clock; the system's by default. */
  now?: (() => Instant) | undefined;
  /**
   * Age in milliseconds up to which typical durations are used again, since finding them may take reading every
   * session; 10,000 by default (0 in memory).
   */
  durationsAge?: number | undefined;
}

/** Duration of each stage of a session in seconds; null if the file has none, or the stage is not complete. */
export type StageDurations = { [stage in Stage]: number | null };

/** Time of an operation; by the store's clock if not given. */
export interface At {
  now?: Instant | undefined;
}

/** Replaces a session's text if it still is the expected one; false if not. */
export type Swap = (expected: string, text: string) => Promise<boolean>;

/**
 * Storage of sessions, and the operations on an episode. Extend it with `load`, `compareAndSwap`, `list` and `watch` for
 * storage of your own: all operations then work on it. Throw a `CallboardError` for an error that has a code.
 */
export abstract class Store {
  constructor(options?: StoreOptions);
  readonly policy: Policy | undefined;
  /** Returns the time by the store's clock. */
  now(): Instant;

  /** Reads a session. Throws a `CallboardError` with the code `session_not_found` if there is none. */
  abstract load(id: string): Promise<Stored>;
  /**
   * Replaces a session's text if it still is the expected one; false if not. Null adds a new session, of any id. A text
   * that is no session, or has another id, is refused with `invalid_value`.
   */
  abstract compareAndSwap(id: string, expected: string | null, text: string): Promise<boolean>;
  /** Lists every session, and the files that cannot be read. */
  abstract list(): Promise<{ sessions: Stored[]; broken: Broken[] }>;
  /**
   * Reports changes, from the first `next()` on: each at least once, however slow the consumer is. Several changes of one
   * session that come before the consumer asks are reported as one. Ends when the signal is aborted.
   */
  abstract watch(options?: { signal?: Signal | undefined }): AsyncIterable<Change>;
  /** Reads every readable session, one after another; those of `list()`, unless the store has a leaner way. */
  each(): AsyncIterable<Stored>;
  /** Returns each session's stage durations; reads `each()` for them, unless the store knows them already. */
  durations(): Promise<Iterable<StageDurations>>;
  /** Runs `work` while holding the session's lock, if the store has locks. */
  exclusively<T>(id: string, work: (swap: Swap) => Promise<T>): Promise<T>;

  /** Passes a session to `work`, which must not keep it; under the store's policy by default. */
  read<T>(id: string, work: (session: Session) => T | Promise<T>, options?: { policy?: Policy | undefined }): Promise<T>;
  /**
   * Changes a session by `work`, which runs again on the fresh text if another process has changed it meanwhile. If
   * `work` throws, nothing changes. It must not be async: that is refused with `invalid_value`.
   */
  change<T>(
    id: string,
    work: (session: Session) => T extends PromiseLike<unknown> ? never : T,
    options?: { policy?: Policy | undefined },
  ): Promise<T>;
  /** Applies an event and stores the result. Throws a `CallboardError` with its `refusal`. */
  apply(id: string, event: SessionEvent | UpdateEvent, options?: At): Promise<Outcome>;
  /**
   * Creates a session and returns its id. Throws `session_exists`, unless the existing session was created with the same
   * `key`. An id contains the minute of `now`: give the same time when you try again.
   */
  initializeSession(episode: NewSession, options?: At): Promise<string>;
  /**
   * Records an agent's report on itself. If its stage has been completed meanwhile, or its `attempt` is over, its cost is
   * still recorded as a late bill: the outcome's `event` is then `progress`, and a warning names the fields left out.
   */
  updateSessionState(id: string, agent: Agent, update: Update, options?: At): Promise<Outcome>;
  /**
   * Records that an agent failed and, if it has a retry left, the retry, in one write: the outcome's `next.step` is
   * `start` or `escalate`. Delivered again with its `key`, it is a duplicate as a whole.
   */
  handleAgentFailure(
    id: string,
    agent: Agent,
    error: unknown,
    options?: At & Keyed & Fenced & { cost?: number | undefined },
  ): Promise<Outcome>;
  /** Records that the quality gates failed: the session goes back, or a person must decide. */
  handleQualityFailure(
    id: string,
    report: GateReport,
    options?: At & Keyed & Fenced & { cost?: number | undefined; execution_time?: number | undefined },
  ): Promise<Outcome>;
  /** Lets the current agent try again: a failed or stalled one, or with `override` an escalated one. */
  resume(id: string, options?: At & Keyed & { override?: boolean | undefined; reason?: string | undefined }): Promise<Outcome>;
  /** Says if an agent could start now, and why not. */
  validateReadyForStage(id: string, agent: Agent, options?: At): Promise<{ ready: boolean; refusals: Refusal[] }>;
  /** Returns a session's progress, by `typicalPolicy`. */
  getSessionProgress(id: string, options?: At): Promise<Progress>;
  /** Returns a session's health and its reasons, by `typicalPolicy`. */
  getSessionHealth(id: string, options?: At): Promise<Health>;
  /**
   * Returns the store's policy with the durations that are typical of its own sessions. Progress, health, `resume` and the
   * dashboard use it, so that they agree on each session. The durations are at most `durationsAge` old.
   * @param sessions result of `list()`, if you have it already
   */
  typicalPolicy(sessions?: Iterable<Stored>): Promise<Policy>;
  /**
   * Calculates the dashboard's figures over every readable session, one after another.
   * @param options.timeZoneOffset minutes by which the viewer's days are ahead of UTC; this machine's by default
   * @param options.sessions result of `list()`, if you have it already
   */
  dashboard(options?: At & { timeZoneOffset?: number | undefined; sessions?: Iterable<Stored> | undefined }): Promise<Dashboard>;
}

/**
 * Result of an agent: its work, or the report of failed quality gates. Costs are in US dollars; `execution_time` is
 * measured if not given.
 */
export type AgentResult =
  | ({ report?: undefined } & Completion)
  | { report: GateReport; cost?: number | undefined; execution_time?: number | undefined };

/** Options of `runAgent`. */
export interface RunOptions {
  /** Aborts the agent. This is recorded as its failure, and not retried. */
  signal?: Signal | undefined;
  /** Milliseconds to wait before a retry; attempts count from 1. By default 1 s, 2 s, 4 s, … at most a minute. */
  backoff?: ((attempt: number, error: unknown) => number) | undefined;
  /** Interval between heartbeats, in milliseconds. None are recorded by default. */
  heartbeat?: number | undefined;
  /**
   * Milliseconds that an agent has to end once its signal is aborted; 5000 by default. What it throws or returns by then
   * may still say its `cost`. The session stays open for it until then.
   */
  grace?: number | undefined;
  /**
   * Decides if the agent runs again after an error; it may ask a person. It is not called for an error that cannot heal by
   * itself: one with `retryable: false`, or with the code `invalid_value`, such as for a result that cannot be recorded.
   */
  shouldRetry?: ((error: unknown, attempt: number) => boolean | Promise<boolean>) | undefined;
}

/** The run that an agent is part of. */
export interface Run {
  /** Number of the attempt over the session's life. Events that the agent sends itself must carry it. */
  attempt: number;
}

/**
 * Runs an agent on a session: checks that it is ready, marks it in progress, runs it, records its result. An error that
 * it throws is recorded as a failure (with the error's `cost`, if it has one), and the agent runs again up to the retry
 * limit; after that this throws a `CallboardError` with the code `escalated`, and the agent's error as its `cause`.
 *
 * Every event carries the number of its attempt and a key: the late result of an abandoned attempt is refused with
 * `stale_attempt` but its cost is billed, and a write that is sent again counts once. A write whose answer is lost is sent
 * again, at most twice; if the store still fails, the error has the `event` to apply later.
 *
 * A result that the machine refuses, with an unknown field or a value that JSON cannot hold, is a failure too, and so is
 * a `report` of any agent but `quality_evaluator`. These cannot heal: the agent does not run again, and this throws with
 * the code `agent_failed`. The session is for reading only, and only until the agent is done. The signal is aborted with
 * the caller's, and when the session goes on without this agent: it is then recorded as failed, with the cost that it
 * reports within `grace`, and does not run again. Cost that it reports later is billed when it ends.
 */
export function runAgent(
  store: Store,
  id: string,
  agent: Agent,
  work: (session: Session, signal: Signal, run: Run) => AgentResult | void | Promise<AgentResult | void>,
  options?: RunOptions,
): Promise<Outcome>;
