// Output of the commands, errors included, and the case that it cannot be written.
import { CallboardError } from "callboard";

import { reasonFor } from "../store/system.js";
import { json, plain } from "./style.js";
import { UsageError } from "./usage.js";

/** Standard output, which may be closed or full. */
export class Output {
  #stream = process.stdout;
  #failure;
  #pending = Promise.resolve();
  #stop = new AbortController();

  constructor() {
    this.#stream.on("error", (error) => this.#lost(error));
    // Nobody is left to say it to.
    process.stderr.on("error", () => {});
  }

  /** Aborted once nothing can be written any more. */
  get signal() {
    return this.#stop.signal;
  }

  /** Writes a text that ends with a line end. */
  line(text) {
    this.raw(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** Writes a text as it is; resolves when the stream has taken it. */
  raw(text) {
    if (this.#stop.signal.aborted) return this.#pending;
    this.#pending = new Promise((resolve) => {
      this.#stream.write(text, (error) => {
        if (error) this.#lost(error);
        resolve();
      });
    });
    return this.#pending;
  }

  /** Waits until all is written: the error where that failed, and undefined where a reader has seen enough. */
  async flushed() {
    await this.#pending;
    return this.#failure;
  }

  #lost(error) {
    // A reader that has seen enough (`callboard list | head`) is no mistake.
    if (error.code !== "EPIPE") this.#failure ??= error;
    this.#stop.abort();
  }
}

/** The sentence for an output that cannot be written. */
export const outputLost = (error) =>
  complain(`The output cannot be written: ${reasonFor(error)}.`, "The command itself may have been carried out.");

/** Writes a sentence to standard error. */
export function complain(message, hint) {
  process.stderr.write(`callboard: ${plain(`${message}${hint ? ` ${hint}` : ""}`)}\n`);
}

/** An error as the one JSON document of its command: see the README. */
export function errorDocument(error) {
  const { message, hint, candidates } = error;
  if (error instanceof UsageError) return { error: pruned({ code: error.code, message, hint, candidates }) };
  const { code, file, line, column, refusal } = error;
  return { error: pruned({ code, message, hint, file, line, column, candidates }), ...(refusal && { refusal }) };
}

const pruned = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));

/** A thrown error as one that has a code and a sentence; undefined for a mistake of ours. */
export function known(error) {
  if (error instanceof UsageError || error instanceof CallboardError) return error;
  if (typeof error?.syscall !== "string" || typeof error.code !== "string") return undefined;
  const name = error.path ?? "A file";
  const missing = error.code === "ENOENT";
  const message = missing ? `There is no file ${name}.` : `${name} cannot be read: ${reasonFor(error)}.`;
  return new CallboardError({ code: missing ? "file_not_found" : "unreadable", message, cause: error });
}

/** Writes an error where it is looked for: as JSON on standard output, or as a sentence on standard error. */
export function report(error, asJson, output, indent = 2) {
  const shown = known(error) ?? new CallboardError({ code: "internal", message: String(error?.message ?? error) });
  if (asJson) output.line(json(errorDocument(shown), indent));
  else if (known(error) !== undefined) complain(shown.message, shown.hint);
  // A mistake of ours is shown whole.
  if (known(error) === undefined) for (const line of String(error?.stack ?? error).split("\n")) complain(line);
}
