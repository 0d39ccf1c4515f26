// Sessions of other pipelines, as the commands show them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { CallboardError, Session } from "callboard";

import { didYouMean } from "../store/nearest.js";
import { ambiguous } from "./ids.js";
import { inFolder } from "./open.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, columns, figure, json, money, percentage, plain } from "./style.js";
import { importTree } from "./tree.js";

const COLOURS = { complete: "green", in_progress: "cyan", failed: "red", not_started: "dim", skipped: "dim" };

/** Lists what the files of a tree tell. */
export async function listTree(tree, { values, out, paint }) {
  const store = await inFolder(tree, values);
  const { found, unread } = await importTree(tree, values);
  try {
    const { sessions, files, skipped } = found;
    const own = await Promise.all(found.own.map((session) => ownRow(session, files[session.file].path, tree, store)));
    if (values.json) return out(json({ sessions: own, foreign: sessions, files, unread, skipped }, 2));
    const lines = [];
    if (own.length > 0) lines.push(columns(plain(own).map((row) => ownCells(row, paint))));
    if (sessions.length > 0) lines.push(columns(plain(sessions).map((session) => foreignCells(session, paint))));
    if (lines.length === 0) lines.push("No sessions.");
    lines.push(...troubles({ files, unread }).map(({ line }) => line), summary({ files, skipped, unread }));
    out(lines.join("\n"));
  } finally {
    found.free();
  }
}

/** Returns each file that is damaged, cannot be read or was repaired, with a line that says so. */
export function troubles({ files, unread }) {
  const damaged = files.filter(({ group }) => group === "damaged").map(({ path, why }) => ({ file: path, line: `${path}: ${why}` }));
  const refused = unread.map(({ file, message }) => ({ file, line: `${file}: ${message}` }));
  const repaired = files.flatMap(({ path, repairs }) =>
    repairs.map(({ line, column, message }) => ({ file: path, line: `${path}:${line}:${column}: ${message}` })),
  );
  return plain([...damaged, ...refused, ...repaired]);
}

/** Words for the groups of files, in the order of the report. */
const GROUPS = [
  ["session", "tells of a session", "tell of sessions"],
  ["part", "part of a session", "parts of sessions"],
  ["report", "report", "reports"],
  ["plan", "plan", "plans"],
  ["configuration", "configuration", "configurations"],
  ["not_ours", "not known", "not known"],
  ["damaged", "damaged", "damaged"],
];

/** Returns the numbers of files by group, as one sentence. */
export function summary({ files, skipped, unread }) {
  const counts = GROUPS.map(([name, one, many]) => [files.filter(({ group }) => group === name).length, one, many]);
  const parts = counts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  if (unread.length > 0) parts.push(`${unread.length} unreadable`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return `${files.length} ${files.length === 1 ? "file" : "files"}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`;
}

async function ownRow({ id, index, text, read_only }, path, tree, store) {
  // A file in an archive has its text with it, or is read as it is named.
  const whole = text ?? (await readFile(join(tree, path), "utf8").catch(() => undefined));
  if (whole === undefined) return { session_id: id, file: path, index, read_only, state: null, progress: null, health: null };
  const session = Session.parse(whole, { file: path, policy: store.policy });
  try {
    const now = store.now();
    return {
      session_id: id,
      file: path,
      index,
      read_only,
      state: session.state ?? null,
      progress: session.progress({ now }).progress_percentage,
      health: session.health({ now }).health,
    };
  } finally {
    session.free();
  }
}

const ownCells = ({ session_id, state, progress, health, file }, paint) => [
  paint("bold", session_id),
  state === null ? UNKNOWN : paint(STATE_COLOURS[state], state),
  percentage(progress),
  health === null ? UNKNOWN : paint(HEALTH_COLOURS[health], health),
  file,
];

const foreignCells = ({ key, state, progress, cost, scores, stages, shapes }, paint) => [
  paint("bold", key),
  state === null ? UNKNOWN : paint(COLOURS[state.value], state.value),
  progressOf(progress),
  cost === null ? UNKNOWN : money(cost.value),
  scoreOf([...scores, ...stages.flatMap((stage) => stage.scores)]),
  paint("dim", shapes.join(", ")),
];

function progressOf(progress) {
  if (progress === null) return UNKNOWN;
  const { percent, completed, total } = progress.value;
  if (percent !== null) return `${Math.round(percent * 10) / 10} %`;
  if (completed === null) return UNKNOWN;
  // A file may know of fewer stages than are done: then it does not say how many there are.
  return total === null || completed > total ? `${completed} done` : `${completed} of ${total}`;
}

/** Formats the first score, in its own scale. */
function scoreOf([score]) {
  if (score === undefined) return UNKNOWN;
  const { raw, scale } = score;
  return scale === null ? figure(raw.value) : `${raw.value} of ${scale}`;
}

/** Finds the session of a key, of an id, of an episode's number, or of the beginning of a key. */
export function foreignSession({ sessions }, given) {
  const ways = [
    ({ key }) => key === given,
    ({ id }) => id?.value === given,
    ({ episode }) => String(episode?.value) === given,
    ({ key }) => key.startsWith(given),
  ];
  for (const way of ways) {
    const matches = sessions.filter(way);
    if (matches.length === 1) return matches[0];
    if (matches.length > 1) throw ambiguous(given, matches.map(({ key }) => ({ id: key })));
  }
  const hint = didYouMean(given, sessions.map(({ key }) => key), String);
  throw new CallboardError({ code: "session_not_found", message: `No file of another pipeline tells of a session ${given}.`, hint });
}

/** Shows what a tree tells of one session: all of it, or its resume point. */
export async function showForeign(given, tree, { values, out, paint, onlyResume = false }) {
  const { found } = await importTree(tree, values);
  try {
    const session = foreignSession(found, given);
    const { key, resume } = session;
    if (values.json) return out(json(onlyResume ? { session_id: key, resume } : session, 2));
    if (!onlyResume) return out(drawForeign(session, paint));
    out(plain(resumeLine(resume)));
    out(plain(`This is a session of another pipeline. To go on with it here: callboard convert ${key} ${tree}`));
  } finally {
    found.free();
  }
}

/** Draws one session with what is known of it. */
export function drawForeign(session, paint) {
  const { key, topic, shapes, files, state, progress, cost, budget, stages, resume, disagreements } = plain(session);
  const place = ({ file, line }) => (line === 0 ? file : `${file}:${line}`);
  const from = (derived) => [...new Set(derived.from.map(place))].slice(0, 3).join(", ");
  const shown = (derived, value) => (derived === null ? UNKNOWN : `${value(derived)}, ${derived.how} (${from(derived)})`);
  const facts = [
    ["Session", paint("bold", key)],
    ["Topic", topic?.value ?? UNKNOWN],
    ["Shape", shapes.join(", ")],
    ["Files", files.map(({ path, role }) => `${path} (${role})`).join(", ")],
    ["State", shown(state, ({ value }) => paint(COLOURS[value], value))],
    ["Progress", shown(progress, () => progressOf(progress))],
    ["Cost", shown(cost, ({ value }) => money(value))],
    ["Budget", budget === null ? UNKNOWN : money(budget.value)],
  ];
  const rows = stages.map(({ label, status, cost, scores }) => [
    label,
    status === null ? UNKNOWN : paint(COLOURS[status.value], status.value),
    cost === null ? UNKNOWN : money(cost.value),
    scoreOf(scores),
  ]);
  const lines = [columns(facts), ""];
  if (rows.length > 0) lines.push(columns(rows), "");
  lines.push(resumeLine(resume));
  for (const { message } of disagreements) lines.push(`The files differ: ${message}`);
  return lines.join("\n");
}

function resumeLine(resume) {
  if (resume === null) return "Resume point: none.";
  const { last_trusted, next, spent, spent_again } = resume;
  const parts = [`after ${last_trusted ?? "nothing"}`, `next ${next ?? "unknown"}`];
  if (spent !== null) parts.push(`${money(spent)} spent`);
  if (spent_again !== null) parts.push(`${money(spent_again)} of it would be spent again`);
  return `Resume point: ${parts.join(", ")}.`;
}
