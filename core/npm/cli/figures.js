// The dashboard as text, fitted to the rows and columns of the terminal.
import { UNKNOWN, HEALTH_COLOURS, STATE_COLOURS, columns, duration, figure, money, percentage, progressBar } from "./style.js";
import { clip, width } from "./width.js";

/** Health levels, the most urgent first. */
const WORST_FIRST = ["failed", "stalled", "at_risk", "unknown", "healthy"];

/**
 * Draws the figures. If there are too few rows, the last sessions are left out and counted, and the summary may shrink to
 * one line. Every line is cut to the columns.
 */
export function drawFigures(figures, { left, paint, rows = Infinity, columns: room = Infinity }) {
  const active = [...figures.active_sessions].sort((one, other) => rank(one) - rank(other));
  const sessionLines = tableIn(active, paint, room);
  const whole = lay(summaryTable(figures), sessionLines, left);
  const lines = whole.length <= rows ? whole : squeezed(figures, sessionLines, { count: active.length, left, rows });
  return lines.map((line) => clip(line, room)).join("\n");
}

const rank = ({ health }) => WORST_FIRST.indexOf(health);

const lay = (summary, rows, left) => [...summary, "", ...rows, ...(left === undefined ? [] : ["", left])];

/** Returns the lines that fit into the given rows, at least one. */
function squeezed(figures, table, { count, left, rows }) {
  const note = left === undefined ? [] : [left];
  // The whole summary is shown only if there is room for two sessions below it.
  const full = summaryTable(figures);
  const summary = rows - full.length - note.length - 3 >= 3 ? [...full, ""] : [summaryLine(figures)];
  const room = Math.max(0, rows - summary.length - note.length);
  const shown = fitting(table, count, room);
  return [...summary, ...shown, ...note].slice(0, Math.max(1, rows));
}

/** Returns the first lines of a table with its head, and a line that counts the others. */
function fitting(lines, count, room) {
  if (lines.length <= room || count === 0) return lines.slice(0, room);
  const sessions = Math.max(0, room - 2);
  if (room === 0) return [];
  const more = `… and ${count - sessions} more`;
  return room === 1 ? [more] : [...lines.slice(0, 1 + sessions), more];
}

function summaryFacts({ active_sessions: active, completed_today, failed_today, average_time, average_cost, quality_average }) {
  const of = ({ n }, text) => (n === 0 ? UNKNOWN : `${text} (n = ${n})`);
  return [
    ["Active", String(active.length)],
    ["Completed today", String(completed_today)],
    ["Failed today", String(failed_today)],
    ["Average time", of(average_time, duration(average_time.value))],
    ["Average cost", of(average_cost, money(average_cost.value))],
    ["Average quality", of(quality_average, figure(quality_average.value))],
  ];
}

const summaryTable = (figures) => columns(summaryFacts(figures)).split("\n");

const summaryLine = (figures) =>
  summaryFacts(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");

/** Draws the sessions as a table, without progress bars if their health would not fit beside them. */
function tableIn(active, paint, room) {
  if (active.length === 0) return ["No active sessions."];
  const whole = table(active, paint, progressBar);
  const reason = 2 + Math.max(...active.map(({ reasons: [first] }) => width(first?.message ?? "")));
  const needed = Math.max(...whole.map((line) => width(line))) - reason;
  return needed <= room ? whole : table(active, paint, percentage);
}

function table(active, paint, shown) {
  const head = ["Session", "State", "Progress", "Health", ""].map((cell) => paint("bold", cell));
  const rows = active.map(({ session_id, state, progress, health, reasons }) => [
    session_id ?? UNKNOWN,
    state === null ? UNKNOWN : paint(STATE_COLOURS[state], state),
    shown(progress),
    paint(HEALTH_COLOURS[health], health),
    reasons[0]?.message ?? "",
  ]);
  return columns([head, ...rows]).split("\n");
}
