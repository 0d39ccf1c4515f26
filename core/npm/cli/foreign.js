// Sessions of other pipelines, as the commands show them.
import { CallboardError } from "callboard";

import { didYouMean } from "../store/nearest.js";
import { ambiguous } from "./ids.js";
import { UNKNOWN, columns, figure, json, money, percentage, plain } from "./style.js";
import { importTree } from "./tree.js";

const COLOURS = { complete: "green", in_progress: "cyan", failed: "red", not_started: "dim", skipped: "dim" };

/** Cells of a row: as those of callboard's own sessions, with the score and the shapes in place of health and file. */
export const foreignCells = (session, paint) => [
  plain(session.key),
  stateOf(session, paint),
  progressOf(session.progress),
  money(session.cost?.value),
  plain(scoreOf(session)),
  paint("dim", plain([session.shapes.join(", "), ...remarks(session)].join("; "))),
];

const stateOf = ({ state, state_label }, paint) => (state === null ? UNKNOWN : paint(COLOURS[state.value], state_label));

/** Returns what a reader of the figures should know about the session. */
function remarks({ marks, missing, disagreements }) {
  const told = marks.map(({ value }) => value);
  if (missing.length > 0) told.push(`${missing.length === 1 ? "checkpoint" : "checkpoints"} ${missing.join(", ")} missing`);
  if (disagreements.length > 0) told.push(disagreements.length === 1 ? "1 contradiction" : `${disagreements.length} contradictions`);
  return told;
}

function progressOf(progress) {
  if (progress === null) return UNKNOWN;
  const { percent, completed, total } = progress.value;
  if (percent !== null) return percentage(Math.round(percent * 10) / 10);
  if (completed === null) return UNKNOWN;
  // A file may know of fewer stages than are done: then it does not say how many there are.
  return total === null || completed > total ? `${completed} done` : `${completed} of ${total}`;
}

/** Formats the score of the episode, else the number of the others. */
function scoreOf({ quality, scores, stages }) {
  if (quality !== null) return scored(quality);
  const others = scores.length + stages.reduce((sum, stage) => sum + stage.scores.length, 0);
  return others === 0 ? UNKNOWN : `${others} ${others === 1 ? "score" : "scores"}`;
}

/** Formats a score in its own scale. */
const scored = ({ raw, scale }) => (scale === null ? figure(raw.value) : `${raw.value} of ${scale}`);
const named = (score) => `${score.name} ${scored(score)}`;

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
  throw new CallboardError({ code: "session_not_found", message: `No session ${given} in the files of other pipelines.`, hint });
}

/** Shows what a tree tells of one session: all of it, or its resume point. */
export async function showForeign(given, folder, { values, out, paint, onlyResume = false }) {
  const tree = await importTree(folder, values);
  try {
    const session = foreignSession(tree.found, given);
    const { key, resume } = session;
    if (values.json) return out(json(onlyResume ? { session_id: key, resume } : session, 2));
    if (!onlyResume) return out(drawForeign(plain(session), paint));
    out(plain(resumeLine(resume)));
    out(plain(`This is a session of another pipeline. To continue it here: callboard convert ${key} ${folder}`));
  } finally {
    tree.free();
  }
}

/** Number of places that a value is shown with. */
const MAX_PLACES = 2;

/** Draws one session with what is known of it, how, and from which places. */
function drawForeign(session, paint) {
  const { key, topic, episode, shapes, files, state, progress, cost, budget, updated, stages, resume } = session;
  const from = (found) => (found === null ? "" : paint("dim", places(found.from ?? [found.origin], files)));
  const known = (found, shown = ({ value }) => String(value)) => [found === null ? UNKNOWN : shown(found), from(found)];
  const derived = (value, shown) => [value === null ? UNKNOWN : shown, value?.note ?? "", from(value)];
  const facts = [
    ["Session", paint("bold", key)],
    ["Episode", ...known(episode)],
    ["Topic", ...known(topic)],
    ["State", ...joined(derived(state, stateOf(session, paint)))],
    ["Progress", ...joined(derived(progress, progressOf(progress).trimStart()))],
    ["Cost", ...joined(derived(cost, money(cost?.value)))],
    ["Quality", ...(session.quality === null ? [UNKNOWN] : [scored(session.quality), from(session.quality.raw)])],
    ["Budget", ...known(budget, ({ value }) => money(value))],
    ["Updated", ...known(updated)],
    ["Read as", shapes.join(", ")],
  ];
  const stageRows = stages.map(({ label, status, cost, scores, error }) => [
    label,
    status === null ? UNKNOWN : paint(COLOURS[status.value], status.value.replaceAll("_", " ")),
    money(cost?.value),
    scores.map(named).join(", ") || UNKNOWN,
    error === null ? "" : paint("red", error.value),
  ]);
  const lines = [columns(facts)];
  if (stageRows.length > 0) lines.push("", columns(stageRows, { right: [2] }));
  lines.push("", columns(files.map(({ path, role }) => [role, path])), "", resumeLine(resume));
  for (const { value } of session.marks) lines.push(`Marked: ${value}.`);
  if (session.missing.length > 0) lines.push(`Missing checkpoints: ${session.missing.join(", ")}.`);
  for (const { value } of session.errors) lines.push(`Error: ${value}`);
  for (const { message } of session.disagreements) lines.push(`${paint("yellow", "Disagreement")}: ${message}`);
  return lines.join("\n");
}

/** Joins a value with the note on its computation. */
const joined = ([value, note, from]) => [note === "" ? value : `${value}  ${note}`, from];

/** Formats the places that a value is from. */
function places(origins, files) {
  const all = [...new Set(origins.map(({ file, line }) => placeOf(file, line, files)))];
  const more = all.length > MAX_PLACES ? [`${all.length - MAX_PLACES} more`] : [];
  return [...all.slice(0, MAX_PLACES), ...more].join(", ");
}

/** Formats a place without what the list of files shows: the only file, or the first one's folder. */
function placeOf(file, line, files) {
  if (files.length === 1) return line === 0 ? "path" : `line ${line}`;
  const [{ path }] = files;
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const name = file.startsWith(folder) ? file.slice(folder.length) : file;
  return line === 0 ? name : `${name}:${line}`;
}

function resumeLine(resume) {
  if (resume === null) return "Resume point: none.";
  const { last_trusted, next, spent, spent_again } = resume;
  const parts = [`after ${last_trusted ?? "nothing"}`, `next ${next ?? "unknown"}`];
  if (spent !== null) parts.push(`${money(spent)} spent`);
  if (spent_again !== null) parts.push(`${money(spent_again)} of it would be spent again`);
  return `Resume point: ${parts.join(", ")}.`;
}
