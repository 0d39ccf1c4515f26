import { DIR, JSON_OPTION, NOW, look, store } from "./options.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, bar, columns, figure, json, money, percent, plain } from "./style.js";

export const status = {
  usage: "session status <id>",
  summary: "show how a session stands",
  about: "Shows a session: its state, progress, cost and health, its agents, and what may be done next.",
  arguments: { least: 1, most: 1 },
  options: { dir: DIR, json: JSON_OPTION, now: NOW },
  async run({ values, positionals: [id], out, paint }) {
    const sessions = store(values);
    const stored = await sessions.load(id);
    const policy = await sessions.typicalPolicy();
    const report = await look(stored, policy, (session) => describe(session, stored.file, sessions.now()));
    out(values.json ? json(report, 2) : draw(plain(report), paint));
  },
};

/** All there is to say of a session, as data. */
function describe(session, file, now) {
  const data = session.data();
  return {
    id: session.id,
    file,
    topic: data.episode?.topic ?? data.topic ?? null,
    state: session.state ?? null,
    progress: session.progress({ now }),
    health: session.health({ now }),
    agents: session.timeline().lanes.map(({ agent, stage, status, bars }) => ({ agent, stage, status, attempts: bars.length })),
    allowed: session.choices({ now }).filter(({ refusal }) => refusal === null).map(({ type, agent }) => ({ type, agent })),
    diagnostics: session.diagnostics(),
  };
}

function draw({ id, file, topic, state, progress, health, agents, allowed, diagnostics }, paint) {
  const done = `${bar(progress.progress_percentage)} ${percent(progress.progress_percentage)}`.trimStart();
  const facts = [
    ["Session", paint("bold", id)],
    // Whatever the file has there.
    ["Topic", typeof topic === "string" ? topic : topic === null ? UNKNOWN : JSON.stringify(topic)],
    ["File", file],
    ["State", state === null ? paint("red", "cannot be read") : paint(STATE_COLOURS[state], state)],
    ["Progress", done],
    ["Expected", progress.estimated_completion ?? UNKNOWN],
    ["Cost", money(progress.cost_so_far)],
    ["Quality", figure(progress.quality_status)],
    ["Health", paint(HEALTH_COLOURS[health.health], health.health)],
  ];
  const lines = [columns(facts), ...health.reasons.map(({ message }) => `  ${message}`), ""];
  lines.push(columns(agents.map(({ agent, status }) => [agent, status ?? UNKNOWN])), "");
  const next = allowed.map(({ type, agent }) => `${type} ${agent}`);
  lines.push(`May be done now: ${next.join(", ") || "nothing"}.`);
  for (const { severity, line, message } of diagnostics) lines.push(`${severity}: ${message} (line ${line})`);
  return lines.join("\n");
}
