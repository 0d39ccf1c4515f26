// The report of an import as text, line by line the one of the core's tests.
/** Spells an amount with at least two decimals, and all that it has. */
const usd = (amount) => `$${amount.toFixed(Math.max(2, (String(amount).split(".")[1] ?? "").length))}`;

export function report({ sessions, files }) {
  const lines = sessions.flatMap(sessionLines);
  lines.push("# Files", "");
  for (const file of files) {
    const keys = file.sessions.map((at) => sessions[at].key);
    lines.push(`${file.path}: ${file.group}${keys.length === 0 ? "" : ` [${keys.join(", ")}]`}. ${file.why}`);
  }
  return `${lines.join("\n")}\n`;
}

function place({ file, line, column, pointer }) {
  const name = file.split("/").at(-1);
  return line === 0 ? `${name}, its path` : `${name}:${line}:${column} ${pointer}`;
}

function found(name, value, spell = String) {
  if (value === null) return [];
  const assumed = value.assumed === null ? "" : ` (assumed: ${value.assumed})`;
  return [`  ${name}: ${spell(value.value)} <${place(value.origin)}>${assumed}`];
}

function derived(name, value, spell) {
  if (value === null) return [`  ${name}: unknown`];
  const note = value.note === "" ? "" : ` ${value.note}`;
  return [`  ${name}: ${spell(value.value)}, ${value.how}${note} <${value.from.map(place).join("; ")}>`];
}

function sessionLines(session) {
  const lines = [`# ${session.key} (${session.shapes.join(", ")})`, ""];
  for (const { role, path, index } of session.files) lines.push(`  ${role}: ${path}${index === null ? "" : `#${index}`}`);
  lines.push(...found("id", session.id), ...found("episode", session.episode), ...found("topic", session.topic));
  if (session.covers !== null) lines.push(`  covers: ${session.covers}`);
  lines.push(
    ...derived("state", session.state, String),
    ...derived("progress", session.progress, ({ percent }) => (percent === null ? "no percentage" : `${percent} %`)),
    ...derived("cost", session.cost, usd),
    ...found("budget", session.budget, usd),
    ...found("remaining", session.remaining, usd),
    ...found("current stage", session.current_stage),
    ...["created", "updated", "completed"].flatMap((name) => found(name, session[name])),
    ...session.stages.map(stageLine),
    ...session.scores.map((score) => `  score ${score.name} ${spellScore(score)} <${place(score.raw.origin)}>`),
  );
  for (const [name, values] of [["error", session.errors], ["output", session.outputs], ["mark", session.marks], ["unread", session.unread]]) {
    lines.push(...values.map(({ value, origin }) => `  ${name}: ${value} <${place(origin)}>`));
  }
  lines.push(...session.linked.map(({ output, file }) => `  linked: ${output.value} is ${file}`));
  lines.push(...session.disagreements.map(({ code, message }) => `  disagreement ${code}: ${message}`));
  if (session.resume !== null) {
    const { last_trusted, next, spent, spent_again } = session.resume;
    const money = (amount) => (amount === null ? "unknown" : usd(amount));
    lines.push(`  resume: after ${last_trusted ?? "unknown"}, next ${next ?? "unknown"}, spent ${money(spent)}, again ${money(spent_again)}`);
  }
  lines.push("");
  return lines;
}

function stageLine(stage) {
  const parts = [`  stage ${stage.name} "${stage.label}": ${stage.status?.value ?? "–"}`];
  const add = (value, spell) => value !== null && parts.push(spell(value));
  add(stage.maps_to, (to) => `is ${to}`);
  for (const name of ["cost", "budget"]) add(stage[name], ({ value, raw }) => `${name} ${usd(value)} from ${raw}`);
  add(stage.started, ({ value }) => `from ${value}`);
  add(stage.ended, ({ value }) => `to ${value}`);
  add(stage.duration, ({ value }) => `${value} s`);
  add(stage.attempts, ({ value }) => `${value} attempts`);
  add(stage.agent, ({ value }) => `by ${value}`);
  add(stage.error, ({ value }) => `error ${value}`);
  parts.push(...stage.scores.map((score) => `${score.name} ${spellScore(score)}`), ...stage.outputs.map(({ value }) => `made ${value}`));
  return parts.join(", ");
}

const spellScore = ({ raw, scale, normalised }) =>
  scale === null ? `${raw.value} of an unknown scale` : `${raw.value} of ${scale} = ${normalised}`;
