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

/** The runtime's own `AbortSignal`, where its types are loaded. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer T } } ? T : { readonly aborted: boolean };

/** A session as a store keeps it. */
export interface Stored {
  /** Undefined only where a list finds a session without one. */
  id: string | undefined;
  /** The file's name, where there are files. */
  file?: string | undefined;
  text: string;
}

/** A file that cannot be read as a session, a folder of such a name, or one that repeats another's session_id. */
export interface Broken {
  file: string;
  error: CallboardError;
}

/**
 * A session that has changed; in a folder, a file that was made, changed, renamed (told of by both names) or removed: then
 * it has neither `id` nor `error`.
 */
export interface Change {
  id?: string | undefined;
  file?: string | undefined;
  error?: CallboardError | undefined;
}

/** How a store works. */
export interface StoreOptions {
  policy?: Policy | undefined;
  /** The clock; the system's if not given. */
  now?: (() => Instant) | undefined;
  /**
   * For how many milliseconds typical durations are taken as they were last found, since finding them may take reading
   * every session; 10,000 if not given (in memory 0).
   */
  durationsAge?: number | undefined;
}

/** The duration of each stage of a session in seconds; null where the file does not say, or the stage is not complete. */
export type StageDurations = { [stage in Stage]: number | null };

/** The time of an operation; by the store's clock if not given. */
export interface At {
  now?: Instant | undefined;
}

/** Replaces a session's text where it still is the expected one; null expects that there is none. */
export type Swap = (expected: string, text: string) => Promise<boolean>;

/**
 * Where sessions are kept. A backend extends this with `load`, `compareAndSwap`, `list` and `watch`; the operations
 * on an episode work on any. It throws a `CallboardError` where there is a code for what is wrong.
 */
export abstract class Store {
  constructor(options?: StoreOptions);
  readonly policy: Policy | undefined;
  /** The time, by the store's clock. */
  now(): Instant;

  /** Reads a session. Throws a `CallboardError` with the code `session_not_found` where there is none. */
  abstract load(id: string): Promise<Stored>;
  /**
   * Replaces a session's text where it still is the expected one: false where not. Null expects that there is none,
   * and makes it, whatever its id is. A text that is no session, or of another id, is refused with `invalid_value`.
   */
  abstract compareAndSwap(id: string, expected: string | null, text: string): Promise<boolean>;
  /** Every session, and what cannot be read. */
  abstract list(): Promise<{ sessions: Stored[]; broken: Broken[] }>;
  /**
   * Changes, from the first `next()` on: each change at least once, however slow the consumer is, and several of one
   * session at once where they come before it asks. It ends when the signal is aborted.
   */
  abstract watch(options?: { signal?: Signal | undefined }): AsyncIterable<Change>;
  /** Every session that can be read, one after another; those of `list()`, unless the backend knows better. */
  each(): AsyncIterable<Stored>;
  /** The durations of each session's stages; `each()` is read for it, unless the backend knows better. */
  durations(): Promise<Iterable<StageDurations>>;
  /** Runs `work`, holding the session's lock where the backend has locks. */
  exclusively<T>(id: string, work: (swap: Swap) => Promise<T>): Promise<T>;

  /** Gives a session to `work`, which must not keep it; under the store's policy, if no other is given. */
  read<T>(id: string, work: (session: Session) => T | Promise<T>, options?: { policy?: Policy | undefined }): Promise<T>;
  /**
   * Changes a session by `work`, which is run again on the fresh text should another process have changed it
   * meanwhile. What `work` throws changes nothing. It must not be async: that is refused with `invalid_value`.
   */
  change<T>(
    id: string,
    work: (session: Session) => T extends PromiseLike<unknown> ? never : T,
    options?: { policy?: Policy | undefined },
  ): Promise<T>;
  /** Applies an event and keeps what comes of it. Throws a `CallboardError` with its `refusal`. */
  apply(id: string, event: SessionEvent | UpdateEvent, options?: At): Promise<Outcome>;
  /**
   * Makes a session and returns its id. Throws `session_exists`, unless the session there is was made with the same
   * `key`: an id has the minute of `now`, so give the same time when you ask again.
   */
  initializeSession(episode: NewSession, options?: At): Promise<string>;
  /**
   * Records what an agent says of itself. Where its stage has been completed meanwhile, or its `attempt` is over, its
   * cost is still kept, as a late bill: the outcome's `event` is `progress` then, and a warning names what is not kept.
   */
  updateSessionState(id: string, agent: Agent, update: Update, options?: At): Promise<Outcome>;
  /**
   * Records that an agent failed and, where it may be tried again, that it is to be, in one write: the outcome's
   * `next.step` is `start`, or `escalate`. Delivered again with its `key`, it is a duplicate as a whole.
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
  /** Lets the current agent try again: one that failed or stalled, or with `override` an escalated one. */
  resume(id: string, options?: At & Keyed & { override?: boolean | undefined; reason?: string | undefined }): Promise<Outcome>;
  /** Whether an agent could start now, and why not. */
  validateReadyForStage(id: string, agent: Agent, options?: At): Promise<{ ready: boolean; refusals: Refusal[] }>;
  /** How far a session has come, by `typicalPolicy`. */
  getSessionProgress(id: string, options?: At): Promise<Progress>;
  /** How a session fares, and why, by `typicalPolicy`. */
  getSessionHealth(id: string, options?: At): Promise<Health>;
  /**
   * The store's policy with the durations that are typical of its own sessions. Progress, health, `resume` and the
   * dashboard go by it, so that they say the same of a session. The durations are at most `durationsAge` old.
   * @param sessions those of `list()`, where they are at hand
   */
  typicalPolicy(sessions?: Iterable<Stored>): Promise<Policy>;
  /**
   * The dashboard's figures over every session that can be read, one after another.
   * @param options.timeZoneOffset how many minutes the viewer's days are ahead of UTC; this machine's if not given
   * @param options.sessions those of `list()`, where they are at hand
   */
  dashboard(options?: At & { timeZoneOffset?: number | undefined; sessions?: Iterable<Stored> | undefined }): Promise<Dashboard>;
}

/**
 * What an agent returns: what it made, or the report of gates that failed. Costs are in US dollars; `execution_time` is
 * measured if not given.
 */
export type AgentResult =
  | ({ report?: undefined } & Completion)
  | { report: GateReport; cost?: number | undefined; execution_time?: number | undefined };

/** How an agent is run. */
export interface RunOptions {
  /** Aborts the agent, which is recorded as its failure, and is not retried. */
  signal?: Signal | undefined;
  /** Milliseconds to wait before a retry, the first being 1. If not given: 1 s, 2 s, 4 s, … at most a minute. */
  backoff?: ((attempt: number, error: unknown) => number) | undefined;
  /** Every how many milliseconds to record a sign of life. Without it none is. */
  heartbeat?: number | undefined;
  /**
   * For how many milliseconds an agent whose signal is aborted is waited for, so that what it throws or returns can
   * still say its `cost`; 5000 if not given. The session is there for it until then.
   */
  grace?: number | undefined;
  /**
   * Whether to run the agent again after an error; it may ask somebody. It is not asked of what cannot heal by itself: an
   * error with `retryable: false`, and one with the code `invalid_value`, such as for a result that cannot be recorded.
   */
  shouldRetry?: ((error: unknown, attempt: number) => boolean | Promise<boolean>) | undefined;
}

/** The run that an agent is part of. */
export interface Run {
  /** The attempt's number over the session's life, which events of its own must carry. */
  attempt: number;
}

/**
 * Runs an agent on a session: validates that it is ready, marks it in progress, runs it, records its result. What it
 * throws is recorded as a failure (with the error's `cost`, if it has one), and it is run again up to the retry
 * limit; after that this throws a `CallboardError` with the code `escalated`, and the agent's error as its `cause`.
 *
 * Every event carries the number of its attempt and a key: the late result of an attempt that was given up is refused
 * with `stale_attempt`, its cost is billed all the same, and a write that is sent again counts once. A write whose answer
 * is lost is sent again, twice at the most; where the store still fails, the error has the `event` to apply later.
 *
 * A result that the machine refuses, with a field that it does not know or a value that JSON cannot hold, is a failure
 * as well, and so is a `report` of any agent but `quality_evaluator`. These cannot heal: the agent is not run again, and
 * this throws with the code `agent_failed`. The session is for reading, and only until the agent is done. The signal is
 * aborted with the caller's, and when the session goes on without this agent: it is then recorded as failed, with the
 * cost that it says within `grace`, and is not run again. What it costs beyond that is billed when it ends.
 */
export function runAgent(
  store: Store,
  id: string,
  agent: Agent,
  work: (session: Session, signal: Signal, run: Run) => AgentResult | void | Promise<AgentResult | void>,
  options?: RunOptions,
): Promise<Outcome>;
