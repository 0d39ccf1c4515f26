import type { EventType } from "./event.js";
import type { Agent, Stage, State } from "./names.js";

/** The kind of a refusal, in the order in which they are looked for. */
export type RefusalCode =
  | "invalid_value"
  | "unreadable_state"
  | "unknown_agent"
  | "session_complete"
  | "already_complete"
  | "wrong_stage"
  | "stale_attempt"
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

/**
 * What was accepted and should be looked at. A store's `updateSessionState` gives `already_complete` where a stage was
 * completed meanwhile, and `stale_attempt` where another attempt has begun: of the update, the cost alone is kept.
 */
export interface Warning {
  code: "clock_backwards" | "handoff_missing" | "over_budget" | "already_complete" | "stale_attempt";
  message: string;
}

/** What an applied event did. */
export interface Outcome {
  event: EventType;
  agent: Agent;
  from: State;
  to: State;
  /** The agent's attempt that the event began or that runs: `complete`, `fail` and the like may carry it. */
  attempt: number;
  next: Next;
  warnings: Warning[];
  /**
   * The event's history entry, where its key was there already: nothing has changed. `from`, `to` and `next` say how the
   * session stands, and `attempt` is the entry's.
   */
  duplicate?: HistoryEntry;
}

/** One entry of a session's `history`, as the file has it. */
export interface HistoryEntry {
  at: string;
  event: EventType | "initialize";
  agent?: Agent;
  stage?: Stage;
  from?: State;
  to: State;
  /** Of the agent, counted from 1 over the session's life. */
  attempt?: number;
  /** US dollars. */
  cost?: number;
  error?: string;
  reason?: string;
  key?: string;
}

/** Something that could be done now, and why not where it may not. */
export interface Choice {
  type: EventType;
  agent: Agent;
  refusal: Refusal | null;
}
