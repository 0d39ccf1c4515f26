// Code that a harness would write by hand instead of the package: the same event on plain objects, with the checks that
// it cannot do without. It keeps no spelling, explains nothing and knows one event.

export const STAGES = ["research", "writing", "evaluation", "synthesis"];
const AGENTS = ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"];
const METRICS = ["research_quality", "script_quality", "overall_quality"];

/** Returns the session after `complete` as a new object, like any reducer. */
export function complete(session, event, now) {
  const at = AGENTS.indexOf(event.agent);
  const stage = STAGES[at];
  const { pipeline_state: pipeline, agent_outputs: outputs, cost_tracking: costs } = session;
  if (pipeline.current_stage !== stage) throw new Error(`wrong stage: ${pipeline.current_stage}`);
  const output = outputs[event.agent];
  if (!["in_progress", "pending", "retry"].includes(output.status)) throw new Error(`cannot complete: ${output.status}`);
  if (event.cost < 0 || event.quality_score < 0 || event.quality_score > 1) throw new Error("invalid value");
  const next = STAGES[at + 1];
  const total = Math.round((costs.total + event.cost) * 1e6) / 1e6;
  const { error, ...rest } = output;
  return {
    ...session,
    pipeline_state: {
      ...pipeline,
      current_stage: next ?? "complete",
      completed_stages: [...pipeline.completed_stages, stage],
      pending_stages: STAGES.slice(at + 2),
      retry_count: 0,
    },
    agent_outputs: {
      ...outputs,
      [event.agent]: { ...rest, status: "complete", cost: event.cost, quality_score: event.quality_score },
    },
    quality_metrics: { ...session.quality_metrics, [METRICS[at]]: event.quality_score },
    cost_tracking: {
      ...costs,
      [stage]: Math.round((costs[stage] + event.cost) * 1e6) / 1e6,
      total,
      within_budget: total <= costs.budget,
    },
    timestamps: { ...session.timestamps, last_updated: now, [`${stage}_completed`]: now },
    history: [
      ...(session.history ?? []),
      { at: now, event: "complete", agent: event.agent, stage, from: "WRITING", to: "EVALUATING", attempt: 1, cost: event.cost },
    ],
  };
}

/** Makes the file's schema in zod, as far as the reducer relies on it. */
export function schema(z) {
  const stage = z.enum(STAGES);
  const count = z.number().int().min(0);
  const score = z.number().min(0).max(1);
  const money = z.number().min(0);
  const time = z.string();
  const output = z.looseObject({
    status: z.enum(["pending", "in_progress", "complete", "failed", "retry", "skipped", "not_implemented"]),
    start_time: time.optional(),
    estimated_completion: time.optional(),
    output_file: z.string().optional(),
    execution_time: z.number().min(0).optional(),
    cost: money.optional(),
    quality_score: score.optional(),
    error: z.string().optional(),
  });
  return z.looseObject({
    session_id: z.string(),
    episode: z.looseObject({
      number: z.number().int().min(1),
      topic: z.string(),
      complexity_target: z.number().int().min(1).max(5),
      duration_target: z.number(),
    }),
    pipeline_state: z.looseObject({
      current_stage: z.enum(["initialized", ...STAGES, "complete"]),
      completed_stages: z.array(stage),
      pending_stages: z.array(stage),
      failed_attempts: count,
      retry_count: count,
    }),
    agent_outputs: z.looseObject(Object.fromEntries(AGENTS.map((agent) => [agent, output]))),
    quality_metrics: z.looseObject({
      research_quality: score.nullable(),
      script_quality: score.nullable(),
      overall_quality: score.nullable(),
      brand_consistency: score.nullable(),
    }),
    cost_tracking: z.looseObject({
      ...Object.fromEntries(STAGES.map((name) => [name, money])),
      total: money,
      budget: money,
      within_budget: z.boolean(),
    }),
    timestamps: z.looseObject({ created: time, last_updated: time }),
    history: z.array(z.looseObject({ at: time, event: z.string() })).optional(),
  });
}
