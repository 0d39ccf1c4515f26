import type { Agent, AgentStatus, Stage } from "./names.js";

/** One attempt of an agent. */
export interface Bar {
  kind: "running" | "complete" | "failed" | "retried" | "gate_failed" | "skipped";
  start: string | null;
  end: string | null;
  estimate: string | null;
  attempt: number;
  /** True if it is reconstructed from timestamps, for lack of a history. */
  derived: boolean;
  /** US dollars. */
  cost: number | null;
  quality: number | null;
  error: string | null;
}

/** Each agent's attempts over time. */
export interface Timeline {
  /** One lane for each agent; `status` is null if the session's state is `UNKNOWN`. */
  lanes: { agent: Agent; stage: Stage; status: AgentStatus | null; bars: Bar[] }[];
  /** Times in which an agent could have started and had not; `to` is null while the wait lasts. */
  waits: { agent: Agent; from: string; to: string | null; derived: boolean }[];
  /** Failed gates that sent the session back; `to` is null if it was escalated instead. */
  route_backs: { at: string | null; from: Stage; to: Stage | null; error: string | null }[];
}
