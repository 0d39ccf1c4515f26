/** An agent of the pipeline, one a stage. */
export type Agent = "research_coordinator" | "script_writer" | "quality_evaluator" | "audio_synthesizer";

/** A stage of the pipeline, in the order of production. */
export type Stage = "research" | "writing" | "evaluation" | "synthesis";

/** The state of a session. */
export type State =
  | "INITIALIZED"
  | "RESEARCHING"
  | "WRITING"
  | "EVALUATING"
  | "SYNTHESIZING"
  | "COMPLETE"
  | "FAILED"
  | "RETRY";

/** How an agent's work stands. */
export type AgentStatus = "pending" | "in_progress" | "complete" | "failed" | "retry" | "skipped" | "not_implemented";

/** An instant: a `Date`, milliseconds since 1970, or RFC 3339 text. Kept in whole seconds. */
export type Instant = Date | number | string;

/** The names of the quality metrics. */
export type Metric = "research_quality" | "script_quality" | "overall_quality" | "brand_consistency";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Something that happened to one agent of a session. Costs are in US dollars, scores 0 to 1. */
export type SessionEvent =
  | { type: "start"; agent: Agent; estimated_completion?: string }
  | { type: "progress"; agent: Agent; cost?: number; estimated_completion?: string }
  | {
      type: "complete";
      agent: Agent;
      output_file?: string;
      cost?: number;
      quality_score?: number;
      /** Seconds. */
      execution_time?: number;
      handoff?: { [key: string]: Json };
      metrics?: { [metric in Metric]?: number };
    }
  | { type: "fail"; agent: Agent; error: string; cost?: number }
  | { type: "retry"; agent: Agent }
  | { type: "resume"; agent: Agent; override?: boolean; reason?: string }
  | {
      type: "quality_failure";
      agent: "quality_evaluator";
      report: GateReport;
      cost?: number;
      /** Seconds. */
      execution_time?: number;
    }
  | { type: "skip"; agent: Agent; reason: string };

/** The names of the events. */
export type EventType = SessionEvent["type"];

/** What `quality_score` may be in an update: a score, or scores by metric. */
export type UpdateScore = number | { [metric in Metric]?: number };

/**
 * What an agent says of itself, read by its `status`: without one, it is a sign of life. `in_progress` is progress of
 * an agent that is at work, and starts any other: a start takes no `cost`, so that one is then refused with
 * `invalid_value`.
 */
export type Update =
  | { status: "in_progress"; estimated_completion?: string; cost?: number }
  | {
      status: "complete" | "completed";
      output_file?: string;
      cost?: number;
      quality_score?: UpdateScore;
      /** Seconds. */
      execution_time?: number;
      handoff?: { [key: string]: Json };
      metrics?: { [metric in Metric]?: number };
    }
  | { status: "failed"; error: string; cost?: number }
  | { status?: undefined; estimated_completion?: string; cost?: number };

/** An update as an event. Its `type` may be left out where it has a `status`. */
export type UpdateEvent =
  | ({ type: "update"; agent: Agent } & Update)
  | ({ type?: undefined; agent: Agent } & Extract<Update, { status: string }>);

/** What may be set otherwise than by default; what is left out is the default. */
export interface Policy {
  /** The least score, 0 to 1, at which each quality gate passes. */
  thresholds?: {
    comprehension?: number;
    brand_consistency?: number;
    engagement?: number;
    technical?: number;
    overall?: number;
  };
  /** How long each stage typically takes, in seconds. */
  typical_durations?: { [stage in Stage]?: number };
  /** Each stage's share of the budget, in US dollars. */
  shares?: { [stage in Stage]?: number };
  /** What a new session may spend, in US dollars. */
  budget?: number;
  /** How often a stage is tried again, and how many gate failures are routed back, before a person must decide. */
  retry_limit?: number;
  /** Seconds past its estimate and its last sign of life after which an agent counts as stalled. */
  stalled_after?: number;
  /** Whether an agent must hand over to the next one when it completes. */
  require_handoff?: boolean;
  /** Whether `start` and `retry` are refused once the budget is spent. */
  over_budget?: "warn" | "block";
}

/** What a new session is made from. */
export interface NewSession {
  /** From 1. */
  episode: number;
  topic: string;
  /** 1 to 5; 3 if not given. */
  complexity?: number;
  /** Minutes; 27 if not given. */
  duration?: number;
  /** `general` if not given. */
  audience?: string;
  /** US dollars; the policy's if not given. */
  budget?: number;
}

/** What an evaluation found where its gates failed. */
export interface GateReport {
  failures?: string[];
  scores?: { [gate: string]: number };
  recommendations?: Json;
  technical_fixes?: Json;
}

/** The kind of a refusal, in the order in which they are looked for. */
export type RefusalCode =
  | "invalid_value"
  | "unreadable_state"
  | "unknown_agent"
  | "session_complete"
  | "already_complete"
  | "wrong_stage"
  | "escalated"
  | "retries_exhausted"
  | "agent_failed"
  | "not_failed"
  | "not_stalled"
  | "agent_busy"
  | "not_started"
  | "handoff_incomplete"
  | "over_budget";

/** Why an event was refused. */
export interface Refusal {
  code: RefusalCode;
  /** One plain sentence. */
  message: string;
  /** What the event needs. */
  expected: string;
  /** What there is instead. */
  actual: string;
  /** The events that would be accepted now. */
  allowed: { type: EventType; agent: Agent }[];
  /** What to do, where that is known. */
  hint: string | null;
}

/** What the host must do next. */
export type Next =
  | { step: "start" | "work" | "retry" | "escalate"; agent: Agent }
  | { step: "done"; agent: null };

/** What an applied event did. */
export interface Outcome {
  event: EventType;
  agent: Agent;
  from: State;
  to: State;
  next: Next;
  /** What was accepted and should be looked at. */
  warnings: { code: "clock_backwards" | "handoff_missing" | "over_budget"; message: string }[];
}

/** Something noticed in a session file. */
export interface Diagnostic {
  severity: "info" | "warning" | "error";
  code: string;
  message: string;
  /** Keys joined by dots. */
  path: string;
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** What would mend it, where that is certain: byte offsets, and what comes in their place. */
  fix: { title: string; start: number; end: number; text: string } | null;
}

/** How far a session has come. */
export interface Progress {
  progress_percentage: number;
  current_stage: "initialized" | Stage | "complete" | null;
  state: State | null;
  estimated_completion: string | null;
  /** US dollars. */
  cost_so_far: number | null;
  quality_status: number | null;
}

/** How a session fares, the best first. */
export type HealthLevel = "healthy" | "at_risk" | "stalled" | "failed";

/** One thing that speaks against a session. */
export interface Reason {
  health: HealthLevel;
  code:
    | "escalated"
    | "unreadable_state"
    | "stalled"
    | "failed"
    | "retry"
    | "past_estimate"
    | "budget"
    | "stage_over_share";
  /** One plain sentence. */
  message: string;
}

/** How a session fares, and why. */
export interface Health {
  /** The worst that holds. */
  health: HealthLevel;
  /** The worst first. */
  reasons: Reason[];
}

/** A mean, null over no values, and over how many values it is. */
export interface Average {
  value: number | null;
  n: number;
}

/** How production stands, over all sessions given. */
export interface Dashboard {
  /** Every session that is not complete. */
  active_sessions: {
    session_id: string | null;
    episode: number | null;
    stage: Progress["current_stage"];
    state: State | null;
    /** Percent. */
    progress: number;
    health: HealthLevel;
    reasons: Reason[];
  }[];
  completed_today: number;
  failed_today: number;
  /** Minutes, created to completed. */
  average_time: Average;
  /** US dollars, of completed sessions. */
  average_cost: Average;
  quality_average: Average;
}

/** What both sides changed, differently: JSON texts, null where it is not there. */
export interface Conflict {
  /** Keys joined by dots. */
  path: string;
  base: string | null;
  /** Stands in the merged text. */
  ours: string | null;
  theirs: string | null;
}

/** Two sides of one session made one. */
export interface Merged {
  text: string;
  conflicts: Conflict[];
  /** What the merged session has that neither side had. */
  diagnostics: Diagnostic[];
}

/** One attempt of an agent. */
export interface Bar {
  kind: "running" | "complete" | "failed" | "retried" | "gate_failed" | "skipped";
  start: string | null;
  end: string | null;
  estimate: string | null;
  attempt: number;
  /** Whether it is pieced together for want of a history. */
  derived: boolean;
  /** US dollars. */
  cost: number | null;
  quality: number | null;
  error: string | null;
}

/** What each agent did when. */
export interface Timeline {
  lanes: { agent: Agent; stage: Stage; status: AgentStatus; bars: Bar[] }[];
  /** When an agent could have begun and had not; `to` is null while it is still waited for. */
  waits: { agent: Agent; from: string; to: string | null; derived: boolean }[];
  /** When failed gates sent the session back; `to` is null where it was escalated instead. */
  route_backs: { at: string | null; from: Stage; to: Stage | null; error: string | null }[];
}

/** Something that could be done now, and why not where it may not. */
export interface Choice {
  type: EventType;
  agent: Agent;
  refusal: Refusal | null;
}

/** Codes of refusals, of texts that are no session, of a wrong use of the package, and of stores. */
export type ErrorCode =
  | RefusalCode
  | "empty"
  | "not_utf8"
  | "merge_conflict"
  | "unexpected_character"
  | "unexpected_end"
  | "bad_number"
  | "bad_string"
  | "trailing_characters"
  | "too_large"
  | "not_a_session"
  | "not_initialised"
  | "freed"
  | "session_not_found"
  | "session_exists"
  | "folder_not_found"
  | "unreadable"
  | "unwritable"
  | "duplicate_id"
  | "locked";

/** What an error is made of. */
export interface Thrown {
  code: ErrorCode;
  /** One plain sentence. */
  message: string;
  /** What to do, where that is known. */
  hint?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
  refusal?: Refusal | undefined;
  cause?: unknown;
}

/**
 * What the package throws. A store of your own makes its own: `load` throws one with the code `session_not_found`
 * where it has no such session.
 */
export class CallboardError extends Error {
  /** @param file the name of the file that was read, which begins the message then */
  constructor(thrown: Thrown, file?: string);
  readonly name: "CallboardError";
  readonly code: ErrorCode;
  /** The file's name, if one was given. */
  readonly file?: string;
  /** From 1; for a text that cannot be read. */
  readonly line?: number;
  /** From 1, in characters; for a text that cannot be read. */
  readonly column?: number;
  /** For an event that was refused. */
  readonly refusal?: Refusal;
  /** What to do, where that is known. */
  readonly hint?: string;
}

declare global {
  // For `using`, also where the library that TypeScript is set to is older than it.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/**
 * One episode's session: a lossless text and the state machine over it.
 *
 * It holds memory of the WebAssembly module: `free()` it, or declare it with `using`.
 */
export class Session {
  private constructor();
  /**
   * Reads a session file's text. Throws a `CallboardError` with line and column: also where half a surrogate pair
   * stands alone, for no file could hold that text.
   * @param options.policy what every question and event of this session goes by; the framework's defaults if not given.
   *   Health, progress and `resume` go by its `typical_durations`: with those of `typicalDurations(sessions)`, they
   *   say what the dashboard says of the same sessions.
   */
  static parse(text: string, options?: { file?: string; policy?: Policy }): Session;
  /** Reads a session file's bytes, which must be UTF-8. */
  static fromBytes(bytes: Uint8Array, options?: { file?: string; policy?: Policy }): Session;
  /** Makes a new session. */
  static initialize(episode: NewSession, options: { now: Instant; policy?: Policy }): Session;
  readonly id: string | undefined;
  /** Undefined where the file's state cannot be read: `diagnostics()` says why. */
  readonly state: State | undefined;
  /** The current stage; undefined before the first and after the last. */
  readonly stage: Stage | undefined;
  /** The file's name, if one was given. */
  readonly file: string | undefined;
  /** What the file holds, as `JSON.parse` reads it: unknown keys too. */
  data(): { [key: string]: Json };
  /** What was noticed in the file. */
  diagnostics(): Diagnostic[];
  /** How far the session has come. */
  progress(options: { now: Instant }): Progress;
  /** How the session fares, and why. */
  health(options: { now: Instant }): Health;
  /** What each agent did when. */
  timeline(): Timeline;
  /** Every kind of event for the current stage's agent, with the refusal of those that may not be applied. */
  choices(options: { now: Instant }): Choice[];
  /** The refusals of an event; none where it would be applied. */
  check(event: SessionEvent | UpdateEvent, options: { now: Instant }): Refusal[];
  /** Applies an event wholly, or throws a `CallboardError` with its `refusal` and changes nothing. */
  apply(event: SessionEvent | UpdateEvent, options: { now: Instant }): Outcome;
  /** Makes a diagnostic's certain correction; false where it has none, or is of an older text. */
  fix(diagnostic: Diagnostic): boolean;
  /** Takes back the last applied event or correction; false where there is none. */
  undo(): boolean;
  /** The file's text: what was parsed, but for the lines that events changed. */
  toString(): string;
  /** The unified diff against the parsed text, for `git apply`. */
  diff(options?: { path?: string }): string;
  /** Gives the session's memory back: call it, or declare the session with `using`. */
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * The dashboard's figures over sessions, which stay yours to free.
 * @param options.timeZoneOffset how many whole minutes the viewer's days are ahead of UTC, 1440 at most either way; 0
 *   if not given
 */
export function dashboard(
  sessions: Iterable<Session>,
  options: { now: Instant; timeZoneOffset?: number; policy?: Policy },
): Dashboard;

/**
 * How long each stage typically takes, in seconds: the median of the sessions' own stages where there are at least
 * three, else what the policy says. The dashboard goes by these; in a policy, a single session does too.
 */
export function typicalDurations(
  sessions: Iterable<Session>,
  options?: { policy?: Policy | undefined },
): { [stage in Stage]: number };

/**
 * Merges what two sides made of one session's text: costs add up, the history keeps both sides' entries. Where the
 * two truly conflict, ours stands and the conflict is listed.
 */
export function merge(base: string, ours: string, theirs: string): Merged;

/**
 * The names that the file of a session of this id may have, in the order in which to try them; none where the id is
 * not one of the framework's.
 */
export function sessionFileNames(id: string): string[];

/** The framework's folder for session files, from the root of a production's repository. */
export function sessionFolder(): string;

/**
 * Loads the module. Needed in browsers, before anything else; harmless elsewhere.
 * @param source where the .wasm file is, if not beside the package's script
 */
export default function init(source?: unknown): Promise<void>;
