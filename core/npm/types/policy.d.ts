import type { Stage } from "./names.js";

/** A quality gate that has a threshold. */
export type Gate = "comprehension" | "brand_consistency" | "engagement" | "technical" | "overall";

/** Settings that differ from the defaults; each key that is left out keeps its default. */
export interface Policy {
  /** Lowest score, 0 to 1, at which each quality gate passes. */
  thresholds?: { [gate in Gate]?: number | undefined } | undefined;
  /** Typical duration of each stage, in seconds. */
  typical_durations?: { [stage in Stage]?: number | undefined } | undefined;
  /** Each stage's share of the budget, in US dollars. */
  shares?: { [stage in Stage]?: number | undefined } | undefined;
  /** Budget of a new session, in US dollars. */
  budget?: number | undefined;
  /** Number of retries of a stage, and of gate failures sent back, before a person must decide. */
  retry_limit?: number | undefined;
  /** Seconds past its estimate and its last heartbeat after which an agent counts as stalled. */
  stalled_after?: number | undefined;
  /** Seconds that a stage may wait for its start before its session is at risk; a day by default. */
  wait_limit?: number | undefined;
  /** If true, an agent must hand over to the next one when it completes. */
  require_handoff?: boolean | undefined;
  /** Effect of a spent budget: a warning, or the refusal of `start` and `retry`. */
  over_budget?: "warn" | "block" | undefined;
}

/** Contents of a `callboard.json`. */
export interface Config {
  /** Settings that differ from the defaults; empty if the file sets no policy. */
  policy: Policy;
  /** Folder of the sessions, relative to the file's own; undefined if it names none. */
  sessions: string | undefined;
}
