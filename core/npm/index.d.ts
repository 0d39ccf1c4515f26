import type { Merged } from "./types/merge.js";
import type { Instant, Stage } from "./types/names.js";
import type { Config, Policy } from "./types/policy.js";
import type { Session } from "./types/session.js";
import type { Dashboard } from "./types/standing.js";

export * from "./types/diagnostic.js";
export * from "./types/error.js";
export * from "./types/event.js";
export * from "./types/merge.js";
export * from "./types/names.js";
export * from "./types/outcome.js";
export * from "./types/policy.js";
export * from "./types/session.js";
export * from "./types/standing.js";
export * from "./types/timeline.js";

/**
 * The dashboard's figures over sessions, which stay yours to free: each at once, where they come one after another.
 * @param options.timeZoneOffset how many whole minutes the viewer's days are ahead of UTC, 1440 at most either way; 0
 *   if not given
 */
export function dashboard(sessions: Iterable<Session>, options: DashboardOptions): Dashboard;
export function dashboard(sessions: AsyncIterable<Session>, options: DashboardOptions): Promise<Dashboard>;

/** When, where and by which policy the dashboard's figures are taken. */
export interface DashboardOptions {
  now: Instant;
  timeZoneOffset?: number | undefined;
  policy?: Policy | undefined;
}

/**
 * How long each stage typically takes, in seconds: the median of the sessions' own stages where there are at least
 * three, else what the policy says. The dashboard goes by these; in a policy, a single session does too. Instead of a
 * session, what its `durations()` gives will do.
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
 * Merges what two sides made of one session's text: costs add up, the history keeps both sides' entries. Where the
 * two truly conflict, ours stands and the conflict is listed.
 */
export function merge(base: string, ours: string, theirs: string): Merged;

/**
 * Reads the text of a `callboard.json`, whose policy holds for everything beside or below it. Throws a
 * `CallboardError` with line and column: `invalid_config` for an unknown key or a value that it cannot have, and the
 * codes of a text that is no JSON.
 * @param options.file the file's name, which begins the message of an error then
 */
export function parseConfig(text: string, options?: { file?: string | undefined }): Config;

/**
 * Compares two files of one session, for sorting: the first stands for the session. By content (one that says its
 * state, then the longer history, then the later `last_updated`), then by `file`, never by the order of reading.
 */
export function compareFiles(a: Session, b: Session): number;

/**
 * The names that the file of a session of this id may have, in the order in which to try them; none where the id is
 * not one of the framework's.
 */
export function sessionFileNames(id: string): string[];

/** The framework's folder for session files, from the root of a production's repository. */
export function sessionFolder(): string;

/**
 * Loads the module. Needed in browsers, before anything else; harmless elsewhere.
 * @param source the .wasm file, if not the one beside the package's script: its address, its response, its bytes, or
 *   the compiled module
 */
export default function init(source?: unknown): Promise<void>;
