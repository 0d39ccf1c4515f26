/** Something noticed in a session file. */
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
  /** What would mend it, where that is certain: byte offsets, and what comes in their place. */
  fix: { title: string; start: number; end: number; text: string } | null;
}
