import type { Stage } from "./names.js";

/** The quality gates that have a threshold. */
export type Gate = "comprehension" | "brand_consistency" | "engagement" | "technical" | "overall";

/** What may be set otherwise than by default; what is left out is the default. */
export interface Policy {
  /** The least score, 0 to 1, at which each quality gate passes. */
  thresholds?: { [gate in Gate]?: number | undefined } | undefined;
  /** How long each stage typically takes, in seconds. */
  typical_durations?: { [stage in Stage]?: number | undefined } | undefined;
  /** Each stage's share of the budget, in US dollars. */
  shares?: { [stage in Stage]?: number | undefined } | undefined;
  /** What a new session may spend, in US dollars. */
  budget?: number | undefined;
  /** How often a stage is tried again, and how many gate failures are routed back, before a person must decide. */
  retry_limit?: number | undefined;
  /** Seconds past its estimate and its last sign of life after which an agent counts as stalled. */
  stalled_after?: number | undefined;
  /** Seconds for which a stage that could be started may wait before its session is at risk; a day by default. */
  wait_limit?: number | undefined;
  /** Whether an agent must hand over to the next one when it completes. */
  require_handoff?: boolean | undefined;
  /** Whether `start` and `retry` are refused once the budget is spent. */
  over_budget?: "warn" | "block" | undefined;
}

/** What a `callboard.json` says. */
export interface Config {
  /** What differs from the defaults; empty where the file sets no policy. */
  policy: Policy;
  /** The folder of the sessions, relative to the file's own; undefined where it names none. */
  sessions: string | undefined;
}
