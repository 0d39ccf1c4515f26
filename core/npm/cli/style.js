import { stripVTControlCharacters } from "node:util";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 };

/** How to write to a stream: in colours on a terminal, unless NO_COLOR says not to or FORCE_COLOR insists. */
export function styles(stream) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  const colours = forced || (!NO_COLOR && stream.isTTY === true && TERM !== "dumb");
  return { paint: (colour, text) => (colours && CODES[colour] ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text) };
}

/** What is not known. */
export const UNKNOWN = "–";

/** The colour of a state, as in the app. */
export const STATE_COLOURS = {
  RESEARCHING: "blue",
  WRITING: "magenta",
  EVALUATING: "yellow",
  SYNTHESIZING: "cyan",
  COMPLETE: "green",
  FAILED: "red",
  RETRY: "yellow",
};

/** The colour of a health. */
export const HEALTH_COLOURS = { healthy: "green", at_risk: "yellow", stalled: "red", failed: "red" };

/** Dollars. */
export const money = (amount) => (amount === null || amount === undefined ? UNKNOWN : `$${Number(amount).toFixed(2)}`);

/** A number with a fixed number of decimals. */
export const figure = (value, decimals = 2) => (value === null || value === undefined ? UNKNOWN : value.toFixed(decimals));

/** Minutes, for people. */
export function duration(minutes) {
  if (minutes === null || minutes === undefined) return UNKNOWN;
  const whole = Math.round(minutes);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}

/** A progress bar. */
export function bar(percent, width = 12) {
  const full = Math.round((percent / 100) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** Rows in columns, each as wide as its widest cell; the last one is not padded. */
export function columns(rows) {
  const width = (cell) => stripVTControlCharacters(cell).length;
  const widths = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, width(cell))));
  const padded = (row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell + " ".repeat(widths[at] - width(cell))));
  return rows.map((row) => padded(row).join("  ").trimEnd()).join("\n");
}
