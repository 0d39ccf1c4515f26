import type { Agent, AgentStatus, Stage } from "./names.js";

/** One attempt of an agent. */
export interface Bar {
  kind: "running" | "complete" | "failed" | "retried" | "gate_failed" | "skipped";
  start: string | null;
  end: string | null;
  estimate: string | null;
  attempt: number;
  /** Whether it is pieced together for want of a history. */
  derived: boolean;
  /** US dollars. */
  cost: number | null;
  quality: number | null;
  error: string | null;
}

/** What each agent did when. */
export interface Timeline {
  /** Each agent's `status` is null where the session's state is `UNKNOWN`. */
  lanes: { agent: Agent; stage: Stage; status: AgentStatus | null; bars: Bar[] }[];
  /** When an agent could have begun and had not; `to` is null while it is still waited for. */
  waits: { agent: Agent; from: string; to: string | null; derived: boolean }[];
  /** When failed gates sent the session back; `to` is null where it was escalated instead. */
  route_backs: { at: string | null; from: Stage; to: Stage | null; error: string | null }[];
}
