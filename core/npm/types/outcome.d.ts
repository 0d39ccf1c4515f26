import type { EventType } from "./event.js";
import type { Agent, Stage, State } from "./names.js";

/** Kind of a refusal, in the order in which they are checked. */
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

/** Reason for refusing an event. */
export interface Refusal {
  code: RefusalCode;
  /** One plain sentence. */
  message: string;
  /** State that the event needs. */
  expected: string;
  /** State that there is instead. */
  actual: string;
  /** Events that would be accepted now. */
  allowed: { type: EventType; agent: Agent }[];
  /** Advice on what to do, if any is known. */
  hint: string | null;
}

/** Next step for the host. */
export type Next =
  | { step: "start" | "work" | "retry" | "escalate"; agent: Agent }
  | { step: "done"; agent: null };

/**
 * A note on an accepted event that needs attention. A store's `updateSessionState` gives `already_complete` if the stage
 * was completed meanwhile, and `stale_attempt` if another attempt has begun: only the update's cost is then recorded.
 */
export interface Warning {
  code: "clock_backwards" | "handoff_missing" | "over_budget" | "already_complete" | "stale_attempt";
  message: string;
}

/** Effect of an applied event. */
export interface Outcome {
  event: EventType;
  agent: Agent;
  from: State;
  to: State;
  /** The agent's attempt that the event began or that is running; `complete`, `fail` and others may carry it. */
  attempt: number;
  next: Next;
  warnings: Warning[];
  /**
   * History entry of an event that had been applied before, by its key: nothing has changed. `from`, `to` and `next`
   * describe the session as it is, and `attempt` is the entry's.
   */
  duplicate?: HistoryEntry;
}

/** An entry of a session's `history`, as in the file. */
export interface HistoryEntry {
  at: string;
  event: EventType | "initialize";
  agent?: Agent;
  stage?: Stage;
  from?: State;
  to: State;
  /** Attempt of the agent, counted from 1 over the session's life. */
  attempt?: number;
  /** US dollars. */
  cost?: number;
  error?: string;
  reason?: string;
  key?: string;
}

/** An event that may be possible now, with the refusal if it is not. */
export interface Choice {
  type: EventType;
  agent: Agent;
  refusal: Refusal | null;
}
