/** An agent of the pipeline, one for each stage. */
export type Agent = "research_coordinator" | "script_writer" | "quality_evaluator" | "audio_synthesizer";

/** A stage of the pipeline, in the order of production. */
export type Stage = "research" | "writing" | "evaluation" | "synthesis";

/** State of a session; `UNKNOWN` for a file that does not say. */
export type State =
  | "INITIALIZED"
  | "RESEARCHING"
  | "WRITING"
  | "EVALUATING"
  | "SYNTHESIZING"
  | "COMPLETE"
  | "FAILED"
  | "RETRY"
  | "UNKNOWN";

/** Status of an agent's work. */
export type AgentStatus = "pending" | "in_progress" | "complete" | "failed" | "retry" | "skipped" | "not_implemented";

/** Name of a quality metric. */
export type Metric = "research_quality" | "script_quality" | "overall_quality" | "brand_consistency";

/** An instant: a `Date`, milliseconds since 1970, or RFC 3339 text. Kept in whole seconds. */
export type Instant = Date | number | string;

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
