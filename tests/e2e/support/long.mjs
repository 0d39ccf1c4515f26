// Generates a session with a long history.

/** Interval between two entries, in seconds. */
const STEP = 300;

/**
 * Returns a session whose writer failed and was retried until its history has this many entries.
 *
 * @param {number} entries
 */
export function longSession(entries) {
  const end = Math.floor(Date.now() / 1000) - 600;
  const at = (index) =>
    new Date((end - (entries - index) * STEP) * 1000).toISOString().replace(".000Z", "Z");
  const agents = ["research_coordinator", "script_writer", "quality_evaluator"];
  const states = ["RESEARCHING", "WRITING", "EVALUATING"];
  const stages = ["research", "writing", "evaluation"];
  const line = (index) => {
    const which = Math.floor(index / 3) % 3;
    const kind = ["start", "fail", "retry"][index % 3];
    const error = kind === "fail" ? ', "error": "The model did not answer within 15 minutes"' : "";
    const cost = kind === "fail" ? ', "cost": 0.01' : "";
    const from = kind === "retry" ? "FAILED" : states[which];
    const to = { start: states[which], fail: "FAILED", retry: "RETRY" }[kind];
    return `    {"at": "${at(index)}", "event": "${kind}", "agent": "${agents[which]}", "stage": "${stages[which]}", "from": "${from}", "to": "${to}", "attempt": ${1 + Math.floor(index / 9)}${cost}${error}}`;
  };
  const history = Array.from({ length: entries }, (_, index) => line(index)).join(",\n");
  const text = `{
  "session_id": "ep_900_long",
  "episode": {"number": 900, "topic": "The episode that never ended", "complexity_target": 3, "duration_target": 27},
  "pipeline_state": {
    "current_stage": "evaluation",
    "completed_stages": ["research", "writing"],
    "pending_stages": ["synthesis"],
    "failed_attempts": ${Math.floor(entries / 3)},
    "retry_count": 0
  },
  "agent_outputs": {
    "research_coordinator": {"status": "complete"},
    "script_writer": {"status": "complete"},
    "quality_evaluator": {"status": "pending"},
    "audio_synthesizer": {"status": "pending"}
  },
  "cost_tracking": {"research": 1.10, "writing": 2.10, "evaluation": 0.40, "synthesis": 0.00, "total": 3.60, "budget": 9.00},
  "timestamps": {"created": "${at(0)}", "last_updated": "${at(entries)}"},
  "history": [
${history}
  ]
}
`;
  return { id: "ep_900_long", name: "ep900_session_20240811.json", bytes: text };
}
