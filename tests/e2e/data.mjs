// Session files for the tests: the fixture, and generated ones in the specification's form.
import { readFile } from "node:fs/promises";

/** The fixture's name. */
export const EP001 = "ep001_session_20240811.json";

/** The fixture, byte for byte. */
export const ep001 = () =>
  readFile(new URL(`../fixtures/sessions/${EP001}`, import.meta.url));

const STAGES = ["research", "writing", "evaluation", "synthesis"];
const AGENTS = ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"];
const TOPICS = [
  "Why octopuses dream",
  "The map that was wrong on purpose",
  "What a forest hears",
  "The last telegram",
  "Counting to one",
  "A short history of waiting rooms",
  "Salt, and what came of it",
  "The sound of an empty stadium",
  "Who owns the night sky?",
  "The clock that kept two times",
];

/**
 * Returns a session as an agent would have written it, `minutesAgo` before now. Its id names the minute, so a later call
 * with the same options may return another session, unless `now` is given.
 *
 * @param {object} options
 * @param {number} options.number the episode
 * @param {string} [options.topic]
 * @param {number} [options.done] how many stages are complete
 * @param {"pending" | "in_progress" | "failed" | "retry"} [options.status] the current agent's
 * @param {string} [options.error]
 * @param {number} [options.minutesAgo] when it was last updated
 * @param {number} [options.budget]
 * @param {number} [options.due] in how many minutes after its last update a running agent should be done
 * @param {number} [options.now] the time of the page's clock, in milliseconds
 */
export function session({
  number,
  topic = TOPICS[number % TOPICS.length],
  done = 1,
  status = "in_progress",
  error = "The model did not answer within 15 minutes",
  minutesAgo = 12,
  budget = 9,
  due = 16,
  now = Date.now(),
}) {
  const updated = Math.floor(now / 1000) * 1000 - minutesAgo * 60_000;
  const at = (minutes) => new Date(updated - minutes * 60_000).toISOString().replace(".000Z", "Z");
  const created = done * 34 + 6;
  const id = `ep_${String(number).padStart(3, "0")}_${at(created).replace(/[-:T]/g, "").slice(0, 8)}_${at(created).slice(11, 16).replace(":", "")}`;
  const timestamps = { created: at(created), last_updated: at(0) };
  const outputs = {};
  const costs = {};
  let total = 0;
  STAGES.forEach((stage, index) => {
    const cost = index < done ? Math.round((0.6 + ((number * 7 + index * 13) % 17) / 10) * 100) / 100 : 0;
    costs[stage] = cost;
    total += cost;
    const begun = (done - index) * 34;
    if (index < done) {
      timestamps[`${stage}_started`] = at(begun);
      timestamps[`${stage}_completed`] = at(begun - 27 + (number % 9));
      outputs[AGENTS[index]] = {
        status: "complete",
        start_time: at(begun),
        output_file: `projects/nobody-knows/output/${stage}/ep${String(number).padStart(3, "0")}_${stage}.md`,
        execution_time: (27 - (number % 9)) * 60,
        cost,
        quality_score: Math.round((0.86 + ((number + index) % 12) / 100) * 100) / 100,
      };
    } else if (index === done && status !== "pending") {
      timestamps[`${stage}_started`] = at(4);
      outputs[AGENTS[index]] = {
        status,
        start_time: at(4),
        estimated_completion: at(-due),
        ...(status === "in_progress" ? {} : { error }),
      };
      if (status !== "in_progress") timestamps[`${stage}_failed`] = at(0);
    } else {
      outputs[AGENTS[index]] = { status: "pending" };
    }
  });
  const text = JSON.stringify(
    {
      session_id: id,
      episode: { number, topic, complexity_target: 1 + (number % 5), duration_target: 27 },
      pipeline_state: {
        current_stage: STAGES[done] ?? "complete",
        completed_stages: STAGES.slice(0, done),
        pending_stages: STAGES.slice(done + 1),
        failed_attempts: status === "failed" || status === "retry" ? 1 : 0,
        retry_count: status === "retry" ? 1 : 0,
      },
      agent_outputs: outputs,
      quality_metrics: {
        research_quality: done > 0 ? outputs.research_coordinator.quality_score : null,
        script_quality: done > 1 ? outputs.script_writer.quality_score : null,
        overall_quality: done > 2 ? outputs.quality_evaluator.quality_score : null,
        brand_consistency: null,
      },
      cost_tracking: {
        ...costs,
        total: Math.round(total * 100) / 100,
        budget,
        within_budget: total <= budget,
      },
      timestamps,
    },
    null,
    2,
  );
  const day = at(created).replace(/[-:T]/g, "").slice(0, 8);
  return { id, name: `ep${String(number).padStart(3, "0")}_session_${day}.json`, bytes: `${text}\n` };
}

/**
 * Returns a session that failed gates sent back to writing ten minutes before its last update, in the same form.
 *
 * @param {object} options those of `session`, and the lists that the evaluator wrote
 */
export function sentBack({ feedback = FEEDBACK, adjustments = ["Normalise the level of the interview"], ...options }) {
  const file = session({ done: 1, status: "pending", ...options });
  const text = JSON.parse(file.bytes);
  const at = (minutes) => new Date(Date.parse(text.timestamps.last_updated) - minutes * 60_000).toISOString().replace(".000Z", "Z");
  Object.assign(text.agent_outputs.script_writer, { quality_score: 0.91, output_file: "scripts/first.md", execution_time: 1200 });
  Object.assign(text.quality_metrics, { script_quality: 0.91, overall_quality: 0.88, brand_consistency: 0.82 });
  Object.assign(text.timestamps, { writing_started: at(50), writing_completed: at(30), evaluation_started: at(20), last_updated: at(0) });
  text.pipeline_state.gate_failures = 1;
  Object.assign(text, { feedback, adjustments_needed: adjustments });
  text.history = [
    {
      at: at(0),
      event: "quality_failure",
      agent: "quality_evaluator",
      from: "EVALUATING",
      to: "WRITING",
      attempt: 1,
      error: "quality gates failed: brand_consistency, technical",
    },
  ];
  return { ...file, bytes: `${JSON.stringify(text, null, 2)}\n` };
}

const FEEDBACK = [
  "Open with the question, not with the answer",
  "Name the source of the second quote",
  "Part three repeats part one",
  "The last line is not ours: we never say goodbye",
];

/**
 * Returns a file with a planning in it.
 *
 * @param {{id: string, name: string, bytes: string}} file
 * @param {{owner?: string, due?: string, labels?: string[], notes?: string}} planning
 */
export function planned(file, planning) {
  const text = JSON.parse(file.bytes);
  return { ...file, bytes: `${JSON.stringify({ ...text, planning }, null, 2)}\n` };
}

/** Returns the day some days after that of `now` in UTC, as `2026-12-05`. */
export const dayAfter = (now, days) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);

/** A mixture of sessions, as a producer has them. */
export function sessions(count) {
  const statuses = ["in_progress", "pending", "failed", "in_progress", "retry"];
  return Array.from({ length: count }, (_, index) =>
    session({
      number: index + 2,
      done: (index * 7) % 5,
      status: statuses[index % statuses.length],
      minutesAgo: 3 + index * index * 7,
      budget: index % 11 === 10 ? 3 : 9,
    }),
  );
}

/**
 * Returns a session that was worked on over days, with its history: research three days ago, a failed attempt at
 * writing and another one, failed gates that sent it back, and a third attempt that is running and overdue.
 *
 * @param {object} options
 * @param {number} options.number the episode
 * @param {string} [options.topic]
 * @param {number} [options.shift] minutes by which all of it is earlier
 * @param {number} [options.overdue] minutes, before `shift`, since the running attempt should have been done
 * @param {number} [options.now] the time of the page's clock, in milliseconds
 */
export function longStory({ number, topic = TOPICS[number % TOPICS.length], shift = 0, overdue = 20, now = Date.now() }) {
  const end = Math.floor(now / 1000) * 1000 - shift * 60_000;
  const at = (minutes) => new Date(end - minutes * 60_000).toISOString().replace(".000Z", "Z");
  const [research, writing, evaluation] = AGENTS;
  const failure = "The model did not answer within 15 minutes";
  const gates = "quality gates failed: brand_consistency, technical";
  const events = [
    [4400, "initialize", undefined, "INITIALIZED", "INITIALIZED"],
    [4390, "start", research, "INITIALIZED", "RESEARCHING"],
    [4330, "complete", research, "RESEARCHING", "WRITING", { cost: 0.6 }],
    [2900, "start", writing, "WRITING", "WRITING"],
    [2870, "fail", writing, "WRITING", "FAILED", { cost: 0.4, error: failure }],
    [2860, "retry", writing, "FAILED", "RETRY"],
    [2850, "start", writing, "RETRY", "WRITING", { attempt: 2 }],
    [2800, "complete", writing, "WRITING", "EVALUATING", { attempt: 2, cost: 0.9 }],
    [1500, "start", evaluation, "EVALUATING", "EVALUATING"],
    [1470, "quality_failure", evaluation, "EVALUATING", "WRITING", { cost: 0.2, error: gates }],
    [60, "start", writing, "WRITING", "WRITING", { attempt: 3 }],
  ];
  const history = events.map(([minutes, event, agent, from, to, more = {}]) => {
    const stage = agent ? STAGES[AGENTS.indexOf(agent)] : "research";
    const { attempt = 1, ...rest } = more;
    return { at: at(minutes), event, agent, stage, from, to, attempt, ...rest };
  });
  const id = `ep_${String(number).padStart(3, "0")}_${at(4400).replace(/[-:T]/g, "").slice(0, 8)}_${at(4400).slice(11, 16).replace(":", "")}`;
  const text = JSON.stringify(
    {
      session_id: id,
      episode: { number, topic, complexity_target: 3, duration_target: 27 },
      pipeline_state: {
        current_stage: "writing",
        completed_stages: ["research"],
        pending_stages: ["evaluation", "synthesis"],
        failed_attempts: 1,
        retry_count: 0,
        gate_failures: 1,
      },
      agent_outputs: {
        [research]: { status: "complete", start_time: at(4390), execution_time: 3600, cost: 0.6, quality_score: 0.93 },
        [writing]: { status: "in_progress", start_time: at(60), estimated_completion: at(overdue) },
        [evaluation]: { status: "pending" },
        [AGENTS[3]]: { status: "pending" },
      },
      cost_tracking: { research: 0.6, writing: 1.3, evaluation: 0.2, synthesis: 0, total: 2.1, budget: 9, within_budget: true },
      timestamps: { created: at(4400), last_updated: at(60), research_started: at(4390), research_completed: at(4330) },
      feedback: ["Use the show's own words."],
      history,
    },
    null,
    2,
  );
  return { id, name: `ep${String(number).padStart(3, "0")}_session_${id.split("_")[2]}.json`, bytes: `${text}\n` };
}
