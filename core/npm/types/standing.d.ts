import type { Stage, State } from "./names.js";

/** How far a session has come. */
export interface Progress {
  /** Null where the state is unknown or cannot be read. */
  progress_percentage: number | null;
  current_stage: "initialized" | Stage | "complete" | null;
  state: State | null;
  estimated_completion: string | null;
  /** US dollars. */
  cost_so_far: number | null;
  quality_status: number | null;
}

/** How a session fares, the best first. */
export type HealthLevel = "healthy" | "unknown" | "at_risk" | "stalled" | "failed";

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
    | "gates_failed"
    | "waiting"
    | "budget"
    | "stage_over_share"
    | "unknown_state";
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
  /** Every session whose state is known and not complete. */
  active_sessions: {
    session_id: string | null;
    episode: number | null;
    stage: Progress["current_stage"];
    state: State | null;
    /** Percent; null where the state cannot be read. */
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
