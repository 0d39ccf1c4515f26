import type {
  Agent,
  Dashboard,
  GateReport,
  Instant,
  Json,
  Metric,
  NewSession,
  Outcome,
  Policy,
  Progress,
  Refusal,
  Session,
  SessionEvent,
  CallboardError,
  Update,
  UpdateEvent,
} from "./index.js";

/** The runtime's own `AbortSignal`, where its types are loaded. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer T } } ? T : { readonly aborted: boolean };

/** A session as a store keeps it. */
export interface Stored {
  /** Undefined only where a list finds a session without one. */
  id: string | undefined;
  /** The file's name, where there are files. */
  file?: string;
  text: string;
}

/** A file that cannot be read as a session. */
export interface Broken {
  file: string;
  error: CallboardError;
}

/** A session that has changed; in a folder, whatever has happened to a file of it. */
export interface Change {
  id?: string;
  file?: string;
  error?: CallboardError;
}

/** How a store works. */
export interface StoreOptions {
  policy?: Policy;
  /** The clock; the system's if not given. */
  now?: () => Instant;
}

/** The time of an operation; by the store's clock if not given. */
export interface At {
  now?: Instant;
}

/** Replaces a session's text where it still is the expected one; null expects that there is none. */
export type Swap = (expected: string, text: string) => Promise<boolean>;

/**
 * Where sessions are kept. A backend extends this with `load`, `compareAndSwap`, `list` and `watch`; the operations
 * on an episode work on any.
 */
export abstract class Store {
  constructor(options?: StoreOptions);
  readonly policy: Policy | undefined;
  /** The time, by the store's clock. */
  now(): Instant;

  /** Reads a session. Throws `session_not_found`. */
  abstract load(id: string): Promise<Stored>;
  /** Replaces a session's text where it still is the expected one: false where not. Null expects that there is none. */
  abstract compareAndSwap(id: string, expected: string | null, text: string): Promise<boolean>;
  /** Every session, and what cannot be read. */
  abstract list(): Promise<{ sessions: Stored[]; broken: Broken[] }>;
  /** What changes, from the first `next()` on. */
  abstract watch(options?: { signal?: Signal }): AsyncIterable<Change>;
  /** Runs `work`, holding the session's lock where the backend has locks. */
  exclusively<T>(id: string, work: (swap: Swap) => Promise<T>): Promise<T>;

  /** Gives a session to `work`, which must not keep it. */
  read<T>(id: string, work: (session: Session) => T | Promise<T>): Promise<T>;
  /**
   * Changes a session by `work`, which is run again on the fresh text should another process have changed it
   * meanwhile. What `work` throws changes nothing.
   */
  change<T>(id: string, work: (session: Session) => T): Promise<T>;
  /** Applies an event and keeps what comes of it. Throws a `CallboardError` with its `refusal`. */
  apply(id: string, event: SessionEvent | UpdateEvent, options?: At): Promise<Outcome>;
  /** Makes a session and returns its id. Throws `session_exists`. */
  initializeSession(episode: NewSession, options?: At): Promise<string>;
  /**
   * Records what an agent says of itself. Where its stage has been completed meanwhile, its cost is still kept, as a
   * late bill: the outcome's `event` is `progress` then.
   */
  updateSessionState(id: string, agent: Agent, update: Update, options?: At): Promise<Outcome>;
  /**
   * Records that an agent failed and, where it may be tried again, that it is to be, in one write: the outcome's
   * `next.step` is `start`, or `escalate`.
   */
  handleAgentFailure(id: string, agent: Agent, error: unknown, options?: At & { cost?: number }): Promise<Outcome>;
  /** Records that the quality gates failed: the session goes back, or a person must decide. */
  handleQualityFailure(
    id: string,
    report: GateReport,
    options?: At & { cost?: number; execution_time?: number },
  ): Promise<Outcome>;
  /** Lets the current agent try again: one that failed or stalled, or with `override` an escalated one. */
  resume(id: string, options?: At & { override?: boolean; reason?: string }): Promise<Outcome>;
  /** Whether an agent could start now, and why not. */
  validateReadyForStage(id: string, agent: Agent, options?: At): Promise<{ ready: boolean; refusals: Refusal[] }>;
  /** How far a session has come. */
  getSessionProgress(id: string, options?: At): Promise<Progress>;
  /**
   * The dashboard's figures over every session that can be read.
   * @param options.timeZoneOffset how many minutes the viewer's days are ahead of UTC; this machine's if not given
   */
  dashboard(options?: At & { timeZoneOffset?: number }): Promise<Dashboard>;
}

/** What an agent returns: what it made, or the report of gates that failed. Costs are in US dollars. */
export type AgentResult =
  | {
      report?: undefined;
      output_file?: string;
      cost?: number;
      quality_score?: number;
      /** Seconds; measured if not given. */
      execution_time?: number;
      handoff?: { [key: string]: Json };
      metrics?: { [metric in Metric]?: number };
    }
  | { report: GateReport; cost?: number; execution_time?: number };

/** How an agent is run. */
export interface RunOptions {
  /** Aborts the agent, which is recorded as its failure, and is not retried. */
  signal?: Signal;
  /** Milliseconds to wait before a retry, the first being 1. If not given: 1 s, 2 s, 4 s, … at most a minute. */
  backoff?: (attempt: number, error: unknown) => number;
  /** Every how many milliseconds to record a sign of life. Without it none is. */
  heartbeat?: number;
}

/**
 * Runs an agent on a session: validates that it is ready, marks it in progress, runs it, records its result. What it
 * throws is recorded as a failure (with the error's `cost`, if it has one), and it is run again up to the retry
 * limit; after that this throws a `CallboardError` with the code `escalated`, and the agent's error as its `cause`.
 *
 * The session is for reading, and only until the agent is done. The signal is aborted with the caller's, and when
 * the session goes on without this agent.
 */
export function runAgent(
  store: Store,
  id: string,
  agent: Agent,
  work: (session: Session, signal: Signal) => AgentResult | void | Promise<AgentResult | void>,
  options?: RunOptions,
): Promise<Outcome>;
