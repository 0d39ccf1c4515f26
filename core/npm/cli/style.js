import { width } from "./width.js";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 };

/**
 * Returns the way to write to a stream: in colours on a terminal or if FORCE_COLOR is set, but never if NO_COLOR is
 * set.
 */
export function styles(stream) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const asked = FORCE_COLOR !== undefined && FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  const colours = !NO_COLOR && (asked || (stream.isTTY === true && TERM !== "dumb"));
  return { paint: (colour, text) => (colours && CODES[colour] ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text) };
}

// Characters that control a terminal or a line's direction: controls, line separators, bidi marks.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const spelt = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * Escapes control characters in a text, so that the contents of a file cannot move a terminal's cursor or draw over its
 * output. In a list or an object, escapes all texts.
 */
export function plain(value) {
  if (typeof value === "string") return value.replace(UNSEEN, (letter) => SHORT[letter] ?? spelt(letter));
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Writes a value as JSON text, with escapes for control characters: the value is the same. */
export const json = (value, indent) =>
  JSON.stringify(value, null, indent).replace(UNSEEN, (letter) => (letter === "\n" ? letter : spelt(letter)));

/** Sign for an unknown value. */
export const UNKNOWN = "–";

/** Colour of each state, as in the app. */
export const STATE_COLOURS = {
  RESEARCHING: "blue",
  WRITING: "magenta",
  EVALUATING: "yellow",
  SYNTHESIZING: "cyan",
  COMPLETE: "green",
  FAILED: "red",
  RETRY: "yellow",
  UNKNOWN: "dim",
};

/** Colour of each health level. */
export const HEALTH_COLOURS = { healthy: "green", at_risk: "yellow", stalled: "red", failed: "red", unknown: "dim" };

/** Formats dollars; a negative amount has its sign before the $. */
export function money(amount) {
  if (amount === null || amount === undefined) return UNKNOWN;
  const dollars = Math.abs(Number(amount)).toFixed(2);
  return amount < 0 && Number(dollars) > 0 ? `-$${dollars}` : `$${dollars}`;
}

/** Formats a number with a fixed number of decimals. */
export const figure = (value, decimals = 2) => (value === null || value === undefined ? UNKNOWN : value.toFixed(decimals));

/** Formats minutes as hours and minutes. */
export function duration(minutes) {
  if (minutes === null || minutes === undefined) return UNKNOWN;
  const whole = Math.round(minutes);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}

/** Number of cells of a progress bar. */
const CELLS = 12;

/** Draws a bar with its percentage; no bar if it is unknown. */
export function progressBar(percent) {
  if (percent === null || percent === undefined) return `${" ".repeat(CELLS)} ${percentage(percent)}`;
  const full = Math.round((percent / 100) * CELLS);
  return `${"█".repeat(full)}${"░".repeat(CELLS - full)} ${percentage(percent)}`;
}

/** Formats a percentage for a column. */
export const percentage = (percent) => (percent === null || percent === undefined ? UNKNOWN : `${percent} %`).padStart(5);

/**
 * Lays out rows in columns, each as wide as its widest cell; the last one is not padded. Those whose numbers are in `right`
 * are aligned to the right.
 */
export function columns(cells, { right = [] } = {}) {
  const rows = cells.map((row) => row.map(String));
  const widths = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, width(cell))));
  const padded = (row) =>
    row.map((cell, at) => {
      const space = " ".repeat(widths[at] - width(cell));
      if (right.includes(at)) return space + cell;
      return at === row.length - 1 ? cell : cell + space;
    });
  return rows.map((row) => padded(row).join("  ").trimEnd()).join("\n");
}
