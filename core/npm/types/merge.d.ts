import type { Diagnostic } from "./diagnostic.js";

/** What both sides changed, differently: JSON texts, null where it is not there. */
export interface Conflict {
  /** Keys joined by dots. */
  path: string;
  base: string | null;
  /** Stands in the merged text. */
  ours: string | null;
  theirs: string | null;
}

/** Two sides of one session made one. */
export interface Merged {
  text: string;
  conflicts: Conflict[];
  /** What the merged session has that neither side had. */
  diagnostics: Diagnostic[];
}
