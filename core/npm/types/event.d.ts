import type { Agent, Json, Metric } from "./names.js";

/** What there is to say of work that is complete. Costs are in US dollars, scores 0 to 1. */
export interface Completion<Score = number> {
  output_file?: string | undefined;
  cost?: number | undefined;
  quality_score?: Score | undefined;
  /** Seconds. */
  execution_time?: number | undefined;
  handoff?: { [key: string]: Json } | undefined;
  metrics?: { [metric in Metric]?: number | undefined } | undefined;
}

/** The key of an event: delivered again with it, the event changes nothing. */
export interface Keyed {
  /** 1 to 128 characters, opaque; kept in the history entry. A heartbeat leaves none: it may be repeated as it is. */
  key?: string | undefined;
}

/** The attempt of an event: where another one runs, the event is refused with `stale_attempt`. */
export interface Fenced {
  /**
   * As the outcome of `start` gave it. The `cost` of an attempt that is over can still be recorded: with `progress`.
   */
  attempt?: number | undefined;
}

/**
 * Something that happened to one agent of a session. Costs are in US dollars, scores 0 to 1. `progress` without `cost`
 * and `estimated_completion` is a heartbeat: it changes `last_updated` only.
 */
export type SessionEvent = Keyed &
  (
    | { type: "start"; agent: Agent; estimated_completion?: string | undefined }
    | ({ type: "progress"; agent: Agent; cost?: number | undefined; estimated_completion?: string | undefined } & Fenced)
    | ({ type: "complete"; agent: Agent } & Completion & Fenced)
    | ({ type: "fail"; agent: Agent; error: string; cost?: number | undefined } & Fenced)
    | { type: "retry"; agent?: Agent | undefined }
    | { type: "resume"; agent?: Agent | undefined; override?: boolean | undefined; reason?: string | undefined }
    | ({
        type: "quality_failure";
        agent?: "quality_evaluator" | undefined;
        report: GateReport;
        cost?: number | undefined;
        /** Seconds. */
        execution_time?: number | undefined;
      } & Fenced)
    | { type: "skip"; agent: Agent; reason: string }
  );

/** The names of the events. */
export type EventType = SessionEvent["type"];

/** What `quality_score` may be in an update: a score, or scores by metric. */
export type UpdateScore = number | { [metric in Metric]?: number | undefined };

/**
 * A report of an agent on itself, read by its `status`: without one, it is a heartbeat. `in_progress` is progress of an
 * agent that is at work or that names its `attempt`, and starts any other: a start takes no `cost`, so that one is then
 * refused with `invalid_value`.
 */
export type Update = Keyed &
  Fenced &
  (
    | { status: "in_progress"; estimated_completion?: string | undefined; cost?: number | undefined }
    | ({ status: "complete" | "completed" } & Completion<UpdateScore>)
    | { status: "failed"; error: string; cost?: number | undefined }
    | { status?: undefined; estimated_completion?: string | undefined; cost?: number | undefined }
  );

/** An update as an event. Its `type` may be left out where it has a `status`. */
export type UpdateEvent =
  | ({ type: "update"; agent: Agent } & Update)
  | ({ type?: undefined; agent: Agent } & Extract<Update, { status: string }>);

/** What an evaluation found where its gates failed. */
export interface GateReport {
  failures?: string[] | undefined;
  scores?: { [gate: string]: number } | undefined;
  recommendations?: Json | undefined;
  technical_fixes?: Json | undefined;
}

/** What a new session is made from. */
export interface NewSession {
  /** From 1. */
  episode: number;
  topic: string;
  /** 1 to 5; 3 if not given. */
  complexity?: number | undefined;
  /** Minutes; 27 if not given. */
  duration?: number | undefined;
  /** `general` if not given. */
  audience?: string | undefined;
  /** US dollars; the policy's if not given. */
  budget?: number | undefined;
  /** 1 to 128 characters, kept in the history's first entry. */
  key?: string | undefined;
}
