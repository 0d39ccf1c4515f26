import { stripVTControlCharacters } from "node:util";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 };

/**
 * How to write to a stream: in colours on a terminal, and elsewhere where FORCE_COLOR asks for them; never where
 * NO_COLOR is set, whatever else is.
 */
export function styles(stream) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const asked = FORCE_COLOR !== undefined && FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  const colours = !NO_COLOR && (asked || (stream.isTTY === true && TERM !== "dumb"));
  return { paint: (colour, text) => (colours && CODES[colour] ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text) };
}

// What a terminal obeys, or what turns the direction of a line round: controls, line separators, bidi marks.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const spelt = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * A text as a terminal may have it: what is in files and ids must not move its cursor or draw over what it shows.
 * The texts in a list or an object are, too.
 */
export function plain(value) {
  if (typeof value === "string") return value.replace(UNSEEN, (letter) => SHORT[letter] ?? spelt(letter));
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** A value as JSON text, with escapes for what a terminal would obey: the value is the same. */
export const json = (value, indent) =>
  JSON.stringify(value, null, indent).replace(UNSEEN, (letter) => (letter === "\n" ? letter : spelt(letter)));

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
  UNKNOWN: "dim",
};

/** The colour of a health. */
export const HEALTH_COLOURS = { healthy: "green", unknown: "dim", at_risk: "yellow", stalled: "red", failed: "red" };

/** Dollars, the minus before the sign. */
export function money(amount) {
  if (amount === null || amount === undefined) return UNKNOWN;
  const text = Math.abs(Number(amount)).toFixed(2);
  return Number(amount) < 0 && Number(text) !== 0 ? `-$${text}` : `$${text}`;
}

/** A percentage. */
export const percent = (value) => (value === null ? UNKNOWN : `${value} %`);

/** A number with a fixed number of decimals. */
export const figure = (value, decimals = 2) => (value === null || value === undefined ? UNKNOWN : value.toFixed(decimals));

/** Minutes, for people. */
export function duration(minutes) {
  if (minutes === null || minutes === undefined) return UNKNOWN;
  const whole = Math.round(minutes);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}

/** A progress bar; spaces where the progress is not known. */
export function bar(value, width = 12) {
  if (value === null) return " ".repeat(width);
  const full = Math.round((value / 100) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** Rows in columns, each as wide as its widest cell; the last one is not padded. */
export function columns(cells) {
  const rows = cells.map((row) => row.map(String));
  const width = (cell) => stripVTControlCharacters(cell).length;
  const widths = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, width(cell))));
  const padded = (row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell + " ".repeat(widths[at] - width(cell))));
  return rows.map((row) => padded(row).join("  ").trimEnd()).join("\n");
}
