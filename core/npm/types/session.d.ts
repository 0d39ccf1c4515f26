import type { Diagnostic } from "./diagnostic.js";
import type { NewSession, SessionEvent, UpdateEvent } from "./event.js";
import type { Instant, Json, Stage, State } from "./names.js";
import type { Choice, Outcome, Refusal } from "./outcome.js";
import type { Policy } from "./policy.js";
import type { Health, Progress, Spending } from "./health.js";
import type { Timeline } from "./timeline.js";

declare global {
  // For `using`, also with a TypeScript `lib` that is older than it.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/**
 * One episode's session: a lossless text and the state machine over it.
 *
 * It holds memory of the WebAssembly module: `free()` it, or declare it with `using`.
 */
export class Session {
  private constructor();
  /**
   * Reads a session file's text. Throws a `CallboardError` with line and column, also for a lone surrogate, which no UTF-8
   * file can hold.
   * @param options.policy policy of every question and event of this session; the framework's defaults if not given.
   *   Health, progress and `resume` use its `typical_durations`: with those of `typicalDurations(sessions)`, they agree
   *   with the dashboard of the same sessions.
   */
  static parse(text: string, options?: { file?: string | undefined; policy?: Policy | undefined }): Session;
  /** Reads a session file's bytes, which must be UTF-8. */
  static fromBytes(bytes: Uint8Array, options?: { file?: string | undefined; policy?: Policy | undefined }): Session;
  /** Creates a new session. */
  static initialize(episode: NewSession, options: { now: Instant; policy?: Policy | undefined }): Session;
  readonly id: string | undefined;
  /** `UNKNOWN` if the file has none; undefined if it cannot be read, for which `diagnostics()` gives the reason. */
  readonly state: State | undefined;
  /** Current stage; undefined before the first and after the last. */
  readonly stage: Stage | undefined;
  /** Name of the file, if one was given. */
  readonly file: string | undefined;
  /** Returns the contents of the file, as `JSON.parse` reads them, unknown keys included. */
  data(): { [key: string]: Json };
  /** Returns the findings in the file. */
  diagnostics(): Diagnostic[];
  /** Returns the session's progress. */
  progress(options: { now: Instant }): Progress;
  /** Returns the session's health, and the reasons for it. */
  health(options: { now: Instant }): Health;
  /** Returns the money and attempts used, with the budget and the policy's limits. */
  spending(): Spending;
  /** Returns the duration of each stage in seconds; null if the file has none, or the stage is not complete. */
  durations(): { [stage in Stage]: number | null };
  /** Returns each agent's attempts over time. */
  timeline(): Timeline;
  /** Returns every kind of event for the current stage's agent, with the refusal of each that may not be applied. */
  choices(options: { now: Instant }): Choice[];
  /** Returns the refusals of an event; none if it would be applied. */
  check(event: SessionEvent | UpdateEvent, options: { now: Instant }): Refusal[];
  /** Applies an event wholly, or throws a `CallboardError` with its `refusal` and changes nothing. */
  apply(event: SessionEvent | UpdateEvent, options: { now: Instant }): Outcome;
  /** Makes a diagnostic's certain correction; false if it has none, or is of an older text. */
  fix(diagnostic: Diagnostic): boolean;
  /** Undoes the last applied event or correction; false if there is none. */
  undo(): boolean;
  /** Returns the file's text: the parsed text, except for the lines that events changed. */
  toString(): string;
  /** Returns the unified diff against the parsed text, for `git apply`. */
  diff(options?: { path?: string | undefined }): string;
  /** Frees the session's memory: call it, or declare the session with `using`. */
  free(): void;
  [Symbol.dispose](): void;
}
