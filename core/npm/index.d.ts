import type { Merged } from "./types/merge.js";
import type { Instant, Stage } from "./types/names.js";
import type { Config, Policy } from "./types/policy.js";
import type { Session } from "./types/session.js";
import type { Dashboard } from "./types/health.js";

export * from "./types/diagnostic.js";
export * from "./types/error.js";
export * from "./types/event.js";
export * from "./types/merge.js";
export * from "./types/names.js";
export * from "./types/outcome.js";
export * from "./types/policy.js";
export * from "./types/session.js";
export * from "./types/health.js";
export * from "./types/timeline.js";

/**
 * Calculates the dashboard's figures over sessions, which stay yours to free. A generator may free each session as soon
 * as the next one is asked for.
 * @param options.timeZoneOffset whole minutes by which the viewer's days are ahead of UTC, from -1440 to 1440; 0 by
 *   default
 */
export function dashboard(sessions: Iterable<Session>, options: DashboardOptions): Dashboard;
export function dashboard(sessions: AsyncIterable<Session>, options: DashboardOptions): Promise<Dashboard>;

/** Time, time zone and policy of the dashboard's figures. */
export interface DashboardOptions {
  now: Instant;
  timeZoneOffset?: number | undefined;
  policy?: Policy | undefined;
}

/**
 * Calculates each stage's typical duration in seconds: the median of the sessions' own stages if there are at least
 * three, else the policy's. The dashboard uses these; in a policy, so does a single session. Each item is a session, or
 * the result of its `durations()`.
 */
export function typicalDurations(
  sessions: Iterable<Session | { readonly [stage in Stage]: number | null }>,
  options?: { policy?: Policy | undefined },
): { [stage in Stage]: number };
export function typicalDurations(
  sessions: AsyncIterable<Session | { readonly [stage in Stage]: number | null }>,
  options?: { policy?: Policy | undefined },
): Promise<{ [stage in Stage]: number }>;

/**
 * Merges two sides' versions of one session's text: costs add up, and the history keeps both sides' entries. If both
 * changed the same value differently, ours stands and the conflict is listed.
 */
export function merge(base: string, ours: string, theirs: string): Merged;

/**
 * Reads the text of a `callboard.json`, whose policy governs everything beside or below it. Throws a `CallboardError`
 * with line and column: `invalid_config` for an unknown key or an impossible value, or the code of a JSON error.
 * @param options.file the file's name, with which an error's message then begins
 */
export function parseConfig(text: string, options?: { file?: string | undefined }): Config;

/**
 * Compares two files of one session, for sorting: the first represents the session. Content decides (a known state, then
 * the longer history, then the later `last_updated`), then `file`; the order of reading never does.
 */
export function compareFiles(a: Session, b: Session): number;

/**
 * Lists the names that the file of a session may have, in the order in which to try them; none if the id is not in the
 * framework's form.
 */
export function sessionFileNames(id: string): string[];

/** The framework's folder for session files, from the root of a production's repository. */
export function sessionFolder(): string;

/**
 * Loads the module. Call it first in a browser; elsewhere it does nothing.
 * @param source the .wasm file, if not the one beside the package's script: its address, its response, its bytes, or
 *   the compiled module
 */
export default function init(source?: unknown): Promise<void>;
