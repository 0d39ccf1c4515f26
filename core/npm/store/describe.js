import { CallboardError } from "../error.js";

/** Describes an error in words. An agent may throw any value, even one without a message. */
export function describe(error) {
  const text = attempt(() => words(error)) ?? "";
  return text.trim() === "" ? "unknown error" : text;
}

/** Returns the cost that a thrown or returned value reports, if it is an amount. */
export function billOf(thrown) {
  const cost = attempt(() => thrown?.cost);
  return typeof cost === "number" && Number.isFinite(cost) && cost >= 0 ? cost : undefined;
}

function words(error) {
  if (error === null || typeof error !== "object") return error === undefined || error === null ? "" : String(error);
  const { message } = error;
  if (typeof message === "string" && message.trim() !== "") {
    // The hint goes with a refusal of the core, since people look for it in the history.
    return error instanceof CallboardError && error.hint ? `${message} ${error.hint}` : message;
  }
  if (error instanceof Error) return String(error.name);
  // A plain object has no words of its own, so its contents are shown.
  return attempt(() => ownWords(error)) ?? JSON.stringify(error);
}

function ownWords(object) {
  const text = String(object);
  return text === "[object Object]" ? undefined : text;
}

/** Returns the result of `work`; undefined if it throws. */
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
