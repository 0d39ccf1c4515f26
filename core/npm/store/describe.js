import { CallboardError } from "../error.js";

/** What went wrong, in words: an agent may throw anything, also what has no words of its own. */
export function describe(error) {
  const text = attempt(() => words(error)) ?? "";
  return text.trim() === "" ? "unknown error" : text;
}

/** What is thrown may say what it has cost: that, where it is an amount. */
export function billOf(thrown) {
  const cost = attempt(() => thrown?.cost);
  return typeof cost === "number" && Number.isFinite(cost) && cost >= 0 ? cost : undefined;
}

function words(error) {
  if (error === null || typeof error !== "object") return error === undefined || error === null ? "" : String(error);
  const { message } = error;
  if (typeof message === "string" && message.trim() !== "") {
    // What the core refuses comes with what was meant, and the history is where people look.
    return error instanceof CallboardError && error.hint ? `${message} ${error.hint}` : message;
  }
  if (error instanceof Error) return String(error.name);
  // The words of what has its own; the contents of a plain object.
  return attempt(() => ownWords(error)) ?? JSON.stringify(error);
}

function ownWords(object) {
  const text = String(object);
  return text === "[object Object]" ? undefined : text;
}

/** What `work` gives; nothing where it throws. */
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
