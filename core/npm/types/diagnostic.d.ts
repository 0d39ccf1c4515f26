/** A finding in a session file. */
export interface Diagnostic {
  severity: "info" | "warning" | "error";
  code: string;
  message: string;
  /** Keys joined by dots. */
  path: string;
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** Certain correction: the byte offsets to replace, and the new text; null if there is none. */
  fix: { title: string; start: number; end: number; text: string } | null;
}
