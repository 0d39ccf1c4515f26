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
}

/** Something that could be done now, and why not where it may not. */
export interface Choice {
  type: EventType;
  agent: Agent;
  refusal: Refusal | null;
}

/** Codes of texts that are no session, besides those of refusals and of a wrong use of the package. */
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
  | "freed";

/** What the package throws. */
export class CallboardError extends Error {
  private constructor();
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
}

/** One episode's session: a lossless text and the state machine over it. */
export class Session {
  private constructor();
  /** Reads a session file's text. Throws a `CallboardError` with line and column. */
  static parse(text: string, options?: { file?: string }): Session;
  /** Reads a session file's bytes, which must be UTF-8. */
  static fromBytes(bytes: Uint8Array, options?: { file?: string }): Session;
  /** Makes a new session. */
  static initialize(
    episode: { episode: number; topic: string; complexity?: number },
    options: { now: Instant },
  ): Session;
  readonly id: string | undefined;
  /** Undefined where the file's state cannot be read: `diagnostics()` says why. */
  readonly state: State | undefined;
  /** The current stage; undefined before the first and after the last. */
  readonly stage: Stage | undefined;
  /** What was noticed in the file. */
  diagnostics(): Diagnostic[];
  /** How far the session has come. */
  progress(options: { now: Instant }): Progress;
  /** What each agent did when. */
  timeline(): Timeline;
  /** Every kind of event for the current stage's agent, with the refusal of those that may not be applied. */
  choices(options: { now: Instant }): Choice[];
  /** The refusals of an event; none where it would be applied. */
  check(event: SessionEvent, options: { now: Instant }): Refusal[];
  /** Applies an event wholly, or throws a `CallboardError` with its `refusal` and changes nothing. */
  apply(event: SessionEvent, options: { now: Instant }): Outcome;
  /** Takes back the last applied event; false where there is none. */
  undo(): boolean;
  /** The file's text: what was parsed, but for the lines that events changed. */
  toString(): string;
  /** The unified diff against the parsed text, for `git apply`. */
  diff(options?: { path?: string }): string;
  /** Gives the session's memory back: call it, or declare the session with `using`. */
  free(): void;
}

/**
 * Loads the module. Needed in browsers, before anything else; harmless elsewhere.
 * @param source where the .wasm file is, if not beside the package's script
 */
export default function init(source?: unknown): Promise<void>;
