import { mend as mendRaw, outline as outlineRaw } from "../callboard_import.js";
import { guarded, misuse } from "../error.js";
import { assertBytes, assertText } from "./arguments.js";
import { assertReady } from "./ready.js";

/** Number of rows of an outline, by default. */
const ROWS = 1000;

export function mend(bytes) {
  assertReady();
  assertBytes("mend", bytes);
  return guarded(() => mendRaw(bytes));
}

export function outline(text, { most = ROWS } = {}) {
  assertReady();
  assertText("The text of an outline", text);
  if (!Number.isInteger(most) || most < 0 || most >= 2 ** 32) throw misuse("most must be a number of rows.");
  return guarded(() => outlineRaw(text, most));
}
