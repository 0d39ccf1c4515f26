import type { Agent, Json, Metric } from "./names.js";

/** Report on completed work. Costs are in US dollars, scores 0 to 1. */
export interface Completion<Score = number> {
  output_file?: string | undefined;
  cost?: number | undefined;
  quality_score?: Score | undefined;
  /** Seconds. */
  execution_time?: number | undefined;
  handoff?: { [key: string]: Json } | undefined;
  metrics?: { [metric in Metric]?: number | undefined } | undefined;
}

/** Key of an event: delivered again with the same key, the event changes nothing. */
export interface Keyed {
  /** 1 to 128 characters, opaque; kept in the history entry. A heartbeat has no entry, and may simply be repeated. */
  key?: string | undefined;
}

/** Attempt of an event: if another one is running, the event is refused with `stale_attempt`. */
export interface Fenced {
  /**
   * Number from the outcome of `start`. The `cost` of an attempt that is over can still be recorded, with `progress`.
   */
  attempt?: number | undefined;
}

/**
 * An event of one agent of a session. Costs are in US dollars, scores 0 to 1. `progress` without `cost` and
 * `estimated_completion` is a heartbeat: it changes `last_updated` only.
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

/** Name of a kind of event. */
export type EventType = SessionEvent["type"];

/** Value of `quality_score` in an update: a score, or scores by metric. */
export type UpdateScore = number | { [metric in Metric]?: number | undefined };

/**
 * An agent's report on itself, read by its `status`; without one, it is a heartbeat. `in_progress` is progress of an agent
 * that is running or names its `attempt`, and starts any other. A start takes no `cost`: one is then refused with
 * `invalid_value`.
 */
export type Update = Keyed &
  Fenced &
  (
    | { status: "in_progress"; estimated_completion?: string | undefined; cost?: number | undefined }
    | ({ status: "complete" | "completed" } & Completion<UpdateScore>)
    | { status: "failed"; error: string; cost?: number | undefined }
    | { status?: undefined; estimated_completion?: string | undefined; cost?: number | undefined }
  );

/** An update as an event. Its `type` may be left out if it has a `status`. */
export type UpdateEvent =
  | ({ type: "update"; agent: Agent } & Update)
  | ({ type?: undefined; agent: Agent } & Extract<Update, { status: string }>);

/** Findings of an evaluation whose quality gates failed. */
export interface GateReport {
  failures?: string[] | undefined;
  scores?: { [gate: string]: number } | undefined;
  recommendations?: Json | undefined;
  technical_fixes?: Json | undefined;
}

/** Data of a new session. */
export interface NewSession {
  /** From 1. */
  episode: number;
  topic: string;
  /** 1 to 5; 3 by default. */
  complexity?: number | undefined;
  /** Minutes; 27 by default. */
  duration?: number | undefined;
  /** `general` by default. */
  audience?: string | undefined;
  /** US dollars; the policy's by default. */
  budget?: number | undefined;
  /** 1 to 128 characters, kept in the history's first entry. */
  key?: string | undefined;
}
