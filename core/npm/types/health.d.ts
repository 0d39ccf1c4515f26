import type { Stage, State } from "./names.js";

/** Progress of a session. */
export interface Progress {
  /** Null if the state is unknown or cannot be read. */
  progress_percentage: number | null;
  current_stage: "initialized" | Stage | "complete" | null;
  state: State | null;
  estimated_completion: string | null;
  /** US dollars. */
  cost_so_far: number | null;
  quality_status: number | null;
}

/** The money and attempts that a session has used. Money is in US dollars; null is unknown. */
export interface Spending {
  total: number | null;
  /** Null if the file has none. */
  budget: number | null;
  within_budget: boolean | null;
  /** Cost of each stage over all attempts, and its share of the budget by the policy. */
  stages: { stage: Stage; cost: number | null; share: number }[];
  /** Attempts of the current stage, a running one included; null if no stage is current. */
  attempts: number | null;
  /** Number of attempts that a stage may take before a person must decide. */
  attempt_limit: number;
}

/** Level of a session's health, the best first. */
export type HealthLevel = "healthy" | "unknown" | "at_risk" | "stalled" | "failed";

/** A reason against a better health. */
export interface Reason {
  health: HealthLevel;
  code:
    | "escalated"
    | "unreadable_state"
    | "stalled"
    | "failed"
    | "retry"
    | "past_estimate"
    | "gates_failed"
    | "waiting"
    | "budget"
    | "stage_over_share"
    | "unknown_state";
  /** One plain sentence. */
  message: string;
}

/** Health of a session, and the reasons for it. */
export interface Health {
  /** The worst level among the reasons. */
  health: HealthLevel;
  /** The worst first. */
  reasons: Reason[];
}

/** A mean, null over no values, and the number of values. */
export interface Average {
  value: number | null;
  n: number;
}

/** Figures of production over all sessions given. */
export interface Dashboard {
  /** Every session whose state is known and not complete. */
  active_sessions: {
    session_id: string | null;
    episode: number | null;
    stage: Progress["current_stage"];
    state: State | null;
    /** Percent; null if the state cannot be read. */
    progress: number | null;
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
