import type { Diagnostic } from "./diagnostic.js";
import type { NewSession, SessionEvent, UpdateEvent } from "./event.js";
import type { Instant, Json, Stage, State } from "./names.js";
import type { Choice, Outcome, Refusal } from "./outcome.js";
import type { Policy } from "./policy.js";
import type { Health, Progress, Spending } from "./standing.js";
import type { Timeline } from "./timeline.js";

declare global {
  // For `using`, also where the library that TypeScript is set to is older than it.
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
   * Reads a session file's text. Throws a `CallboardError` with line and column: also where half a surrogate pair
   * stands alone, for no file could hold that text.
   * @param options.policy what every question and event of this session goes by; the framework's defaults if not given.
   *   Health, progress and `resume` go by its `typical_durations`: with those of `typicalDurations(sessions)`, they
   *   say what the dashboard says of the same sessions.
   */
  static parse(text: string, options?: { file?: string | undefined; policy?: Policy | undefined }): Session;
  /** Reads a session file's bytes, which must be UTF-8. */
  static fromBytes(bytes: Uint8Array, options?: { file?: string | undefined; policy?: Policy | undefined }): Session;
  /** Makes a new session. */
  static initialize(episode: NewSession, options: { now: Instant; policy?: Policy | undefined }): Session;
  readonly id: string | undefined;
  /** `UNKNOWN` where the file says none; undefined where it cannot be read: `diagnostics()` says why. */
  readonly state: State | undefined;
  /** The current stage; undefined before the first and after the last. */
  readonly stage: Stage | undefined;
  /** The file's name, if one was given. */
  readonly file: string | undefined;
  /** What the file holds, as `JSON.parse` reads it: unknown keys too. */
  data(): { [key: string]: Json };
  /** What was noticed in the file. */
  diagnostics(): Diagnostic[];
  /** How far the session has come. */
  progress(options: { now: Instant }): Progress;
  /** How the session fares, and why. */
  health(options: { now: Instant }): Health;
  /** The money and attempts that the session has used, against its budget and the policy's limits. */
  spending(): Spending;
  /** The duration of each stage in seconds; null where the file does not say, or the stage is not complete. */
  durations(): { [stage in Stage]: number | null };
  /** What each agent did when. */
  timeline(): Timeline;
  /** Every kind of event for the current stage's agent, with the refusal of those that may not be applied. */
  choices(options: { now: Instant }): Choice[];
  /** The refusals of an event; none where it would be applied. */
  check(event: SessionEvent | UpdateEvent, options: { now: Instant }): Refusal[];
  /** Applies an event wholly, or throws a `CallboardError` with its `refusal` and changes nothing. */
  apply(event: SessionEvent | UpdateEvent, options: { now: Instant }): Outcome;
  /** Makes a diagnostic's certain correction; false where it has none, or is of an older text. */
  fix(diagnostic: Diagnostic): boolean;
  /** Takes back the last applied event or correction; false where there is none. */
  undo(): boolean;
  /** The file's text: what was parsed, but for the lines that events changed. */
  toString(): string;
  /** The unified diff against the parsed text, for `git apply`. */
  diff(options?: { path?: string | undefined }): string;
  /** Gives the session's memory back: call it, or declare the session with `using`. */
  free(): void;
  [Symbol.dispose](): void;
}
