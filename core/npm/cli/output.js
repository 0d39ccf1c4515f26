// Output of the commands, errors included, on streams that may fail.
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
    // There is nowhere left to report it.
    process.stderr.on("error", () => {});
  }

  /** Signal that is aborted once nothing more can be written. */
  get signal() {
    return this.#stop.signal;
  }

  /** Writes a text, with a line end if it has none. */
  line(text) {
    this.raw(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** Writes a text as it is; resolves when the stream has accepted it. */
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

  /** Waits until everything is written. Returns the error if that failed; none if a reader closed the pipe. */
  async flushed() {
    await this.#pending;
    return this.#failure;
  }

  #lost(error) {
    // A reader may close the pipe early, as in `callboard list | head`.
    if (error.code !== "EPIPE") this.#failure ??= error;
    this.#stop.abort();
  }
}

/** Reports that the output cannot be written. */
export const outputLost = (error) =>
  complain(`The output cannot be written: ${reasonFor(error)}.`, "The command itself may have been completed.");

/** Writes a message to standard error. */
export function complain(message, hint) {
  process.stderr.write(`callboard: ${plain(`${message}${hint ? ` ${hint}` : ""}`)}\n`);
}

/** Returns an error as the JSON document of its command, as the README describes it. */
export function errorDocument(error) {
  const { message, hint, candidates } = error;
  if (error instanceof UsageError) return { error: pruned({ code: error.code, message, hint, candidates }) };
  const { code, file, line, column, refusal } = error;
  return { error: pruned({ code, message, hint, file, line, column, candidates }), ...(refusal && { refusal }) };
}

const pruned = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));

/** Converts a thrown error to one with a code and a message; undefined for a defect in this program. */
export function known(error) {
  if (error instanceof UsageError || error instanceof CallboardError) return error;
  if (typeof error?.syscall !== "string" || typeof error.code !== "string") return undefined;
  const name = error.path ?? "A file";
  const missing = error.code === "ENOENT";
  const message = missing ? `There is no file ${name}.` : `${name} cannot be read: ${reasonFor(error)}.`;
  return new CallboardError({ code: missing ? "file_not_found" : "unreadable", message, cause: error });
}

/** Writes an error as JSON on standard output, or as a message on standard error. */
export function report(error, asJson, output, indent = 2) {
  const shown = known(error) ?? new CallboardError({ code: "internal", message: String(error?.message ?? error) });
  if (asJson) output.line(json(errorDocument(shown), indent));
  else if (known(error) !== undefined) complain(shown.message, shown.hint);
  // A defect is shown with its stack.
  if (known(error) === undefined) for (const line of String(error?.stack ?? error).split("\n")) complain(line);
}
