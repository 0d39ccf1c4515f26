import { showForeign } from "./foreign.js";
import { find } from "./ids.js";
import { JSON_OPTION, NOW, WHERE, look } from "./options.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, columns, duration, figure, json, money, plain, progressBar } from "./style.js";
import { SHAPES, assertNoShapes } from "./tree.js";

export const status = {
  usage: "session status <id> [<tree>]",
  summary: "show the state of a session",
  about: "Shows a session's state, progress, budget, attempts, health and agents, and the events that it would accept now.",
  more: `The session is named by its id, the beginning of one (ep_001), the episode's number, or a file's path.

With a tree, shows what other pipelines' files in this folder and below say about the session, and its resume point.`,
  arguments: { least: 1, most: 2 },
  options: { ...WHERE, shapes: SHAPES, json: JSON_OPTION, now: NOW },
  async run({ values, positionals: [given, tree], out, paint }) {
    if (tree !== undefined) return showForeign(given, tree, { values, out, paint });
    assertNoShapes(values);
    const { store, id } = await find(given, values);
    const stored = await store.load(id);
    const policy = await store.typicalPolicy();
    const report = await look(stored, policy, (session) => describe(session, stored.file, store.now()));
    out(values.json ? json(report, 2) : draw(plain(report), paint));
  },
};

/** Gathers the facts of a session as data. */
function describe(session, file, now) {
  const data = session.data();
  const { lanes } = session.timeline();
  const { total, budget, within_budget, stages, attempts, attempt_limit } = session.spending();
  return {
    session_id: session.id ?? null,
    file,
    topic: data.episode?.topic ?? data.topic ?? null,
    state: session.state ?? null,
    progress: session.progress({ now }),
    health: session.health({ now }),
    running: running(lanes, now),
    attempts: { made: attempts, limit: attempt_limit },
    budget: { spent: total, budget, share: total === null || !budget ? null : total / budget, within: within_budget },
    agents: lanes.map(({ agent, stage, status, bars }) => ({
      agent,
      stage,
      status,
      attempts: bars.length,
      ...costOf(stages.find((spent) => spent.stage === stage)),
    })),
    allowed: session.choices({ now }).filter(({ refusal }) => refusal === null).map(({ type, agent }) => ({ type, agent })),
    diagnostics: session.diagnostics(),
  };
}

const costOf = ({ cost, share }) => ({ cost, share });

/** Returns the agent in progress with its start, minutes so far and estimate; null if there is none. */
function running(lanes, now) {
  const lane = lanes.find(({ status }) => status === "in_progress");
  if (lane === undefined) return null;
  const { start = null, estimate = null } = lane.bars.findLast(({ kind }) => kind === "running") ?? {};
  const minutes = start === null ? NaN : (instant(now) - instant(start)) / 60_000;
  return { agent: lane.agent, since: start, minutes: Number.isNaN(minutes) ? null : Math.max(0, Math.floor(minutes)), estimate };
}

/** Converts a time to milliseconds since 1970; a text without a zone is UTC, as in session files. */
function instant(time) {
  if (typeof time !== "string" || /(?:z|[+-]\d\d:?\d\d)$/iu.test(time)) return new Date(time).getTime();
  return new Date(`${time.replace(" ", "T")}Z`).getTime();
}

function draw(report, paint) {
  const { session_id, file, topic, state, progress, health, agents, allowed, diagnostics, running, attempts, budget } = report;
  const facts = [
    ["Session", paint("bold", session_id ?? UNKNOWN)],
    // The file may hold any value here.
    ["Topic", typeof topic === "string" ? topic : topic === null ? UNKNOWN : JSON.stringify(topic)],
    ["File", file],
    ["State", state === null ? paint("red", "cannot be read") : paint(STATE_COLOURS[state], state)],
    ["Progress", progressBar(progress.progress_percentage).trimStart().replace(/ +/u, " ")],
    ["Running", running === null ? UNKNOWN : runningLine(running)],
    ["Expected", clock(progress.estimated_completion)],
    ["Attempts", attempts.made === null ? UNKNOWN : `${attempts.made} of ${attempts.limit}`],
    ["Cost", budgetLine(budget)],
    ["Quality", figure(progress.quality_status)],
    ["Health", paint(HEALTH_COLOURS[health.health], health.health)],
  ];
  const lines = [columns(facts), ...health.reasons.map(({ message }) => `  ${message}`), ""];
  lines.push(columns(agents.map(({ agent, status, cost, share }) => [agent, status ?? UNKNOWN, `${money(cost)} of ${money(share)}`])), "");
  const next = allowed.map(({ type, agent }) => `${type} ${agent}`);
  lines.push(`Allowed now: ${next.join(", ") || "nothing"}.`);
  for (const { severity, line, message } of diagnostics) lines.push(`${severity}: ${message} (line ${line})`);
  return lines.join("\n");
}

function runningLine({ agent, since, minutes, estimate }) {
  return `${agent} for ${duration(minutes)}, since ${clock(since)}, expected ${clock(estimate)}`;
}

function budgetLine({ spent, budget, share }) {
  const part = share === null ? "" : ` (${Math.round(share * 100)} %)`;
  return `${money(spent)} of ${money(budget)}${part}`;
}

/** Formats a time as `2024-08-11 14:38 UTC`; any other value stays as it is. */
function clock(time) {
  if (time === null || time === undefined) return UNKNOWN;
  const [, day, hour] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ$/u.exec(time) ?? [];
  return day === undefined ? String(time) : `${day} ${hour} UTC`;
}
