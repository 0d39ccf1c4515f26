import type { Diagnostic } from "./diagnostic.js";

/** A value that both sides changed differently: its JSON texts, null if it is absent. */
export interface Conflict {
  /** Keys joined by dots. */
  path: string;
  base: string | null;
  /** The value in the merged text. */
  ours: string | null;
  theirs: string | null;
}

/** Two sides of one session, merged. */
export interface Merged {
  text: string;
  conflicts: Conflict[];
  /** Errors in the merged session that neither side had. */
  diagnostics: Diagnostic[];
}
