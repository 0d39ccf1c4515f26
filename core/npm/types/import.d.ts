import type { Instant, Stage } from "./names.js";

/** Place that a value was read from. */
export interface Origin {
  /** The file's path, as it was given. */
  file: string;
  /** JSON Pointer of the value; empty for one that the file's name or folder says. */
  pointer: string;
  /** From 1; 0 for a value that the file's name or folder says. */
  line: number;
  /** From 1, in characters; 0 for a value that the file's name or folder says. */
  column: number;
}

/** A value that a file says. */
export interface Found<T> {
  value: T;
  /** Text that it was read from. */
  raw: string;
  origin: Origin;
  /** Reason why the value is not certain; null if it is. */
  assumed: string | null;
}

/** A value with how it is known: a file states it, or it follows from what files state. */
export interface Derived<T> {
  value: T;
  how: "stated" | "computed";
  from: Origin[];
  /** The computation in one sentence; for a stated value its assumption, or an empty text. */
  note: string;
}

/** Status of a foreign session or stage. */
export type ForeignStatus = "not_started" | "in_progress" | "failed" | "complete" | "skipped";

/** Progress of a foreign session; null for what is unknown. */
export interface ForeignProgress {
  completed: number | null;
  total: number | null;
  /** From 0 to 100. */
  percent: number | null;
}

/** A score as a file has it, and from 0 to 1. */
export interface Score {
  name: string;
  raw: Found<number>;
  /** Upper end of the scale; null if its range leaves a doubt. */
  scale: 1 | 10 | 100 | null;
  normalised: number | null;
}

/** A stage of another pipeline, with its own name. */
export interface ForeignStage {
  name: string;
  label: string;
  order: number | null;
  /** Stage of the framework that it is, or is a part of. */
  maps_to: Stage | null;
  status: Found<ForeignStatus> | null;
  started: Found<string> | null;
  ended: Found<string> | null;
  /** In seconds. */
  duration: Found<number> | null;
  cost: Found<number> | null;
  budget: Found<number> | null;
  attempts: Found<number> | null;
  agent: Found<string> | null;
  error: Found<string> | null;
  outputs: Found<string>[];
  scores: Score[];
}

/** Point at which a session can be resumed. */
export interface ResumePoint {
  /** Last stage that is done, as is every stage before it. */
  last_trusted: string | null;
  next: string | null;
  spent: number | null;
  /** Money spent on stages that would be done again. */
  spent_again: number | null;
}

/** Role of a file for a session. */
export type FileRole = "state" | "part" | "report" | "plan" | "output" | "copy" | "older";

/** A session of another pipeline, made of its files. What no file says is null. */
export interface ForeignSession {
  /** Unique in the import: its id, else its folder or file. */
  key: string;
  /** Names of the shapes that its files have. */
  shapes: string[];
  files: { path: string; index: string | null; role: FileRole }[];
  id: Found<string> | null;
  episode: Found<number> | null;
  topic: Found<string> | null;
  /** The one stage of the framework that the whole pipeline is. */
  covers: Stage | null;
  state: Derived<ForeignStatus> | null;
  /** The state for people; if the pipeline is one stage of the framework, with its name: `Research complete`. */
  state_label: string | null;
  /** The score of the whole episode, if its name says so; it is one of `scores`. */
  quality: Score | null;
  current_stage: Found<string> | null;
  progress: Derived<ForeignProgress> | null;
  /** In dollars. */
  cost: Derived<number> | null;
  budget: Found<number> | null;
  remaining: Found<number> | null;
  stages: ForeignStage[];
  scores: Score[];
  errors: Found<string>[];
  outputs: Found<string>[];
  /** Outputs that are files of the import. */
  linked: { output: Found<string>; file: string }[];
  marks: Found<string>[];
  created: Found<string> | null;
  updated: Found<string> | null;
  completed: Found<string> | null;
  /** Numbers that are missing in the series of its checkpoints. */
  missing: number[];
  /** Places that say different things, and which of them counts. */
  disagreements: { code: string; message: string; at: Origin[] }[];
  /** Values that no shape can read. */
  unread: Found<string>[];
  resume: ResumePoint | null;
}

/** A session of the framework in a file of an import. */
export interface OwnSession {
  id: string;
  /** Index in `files`. */
  file: number;
  /** Number in a file of several sessions, from 0; null in a file of one. */
  index: number | null;
  line: number;
  /** Its text, if it is not the file's own: repaired, or one of several. */
  text: string | null;
  /** True if the text must not be written back as the file. */
  read_only: boolean;
}

/** A repair that was needed to read a file. The file itself stays as it is. */
export interface Repair {
  code:
    | "encoding"
    | "zeros"
    | "fence"
    | "prose"
    | "trailing_comma"
    | "comment"
    | "stray_line"
    | "quotes"
    | "bare_value"
    | "tail"
    | "cut"
    | "lines"
    | "list";
  /** One sentence without the place. */
  message: string;
  line: number;
  column: number;
}

/** Reason why a file is not read. */
export type BrokenCode = "empty" | "zeros" | "packed" | "other_format" | "conflict" | "several" | "not_json";

/** Group of a file in an import. */
export type FileGroup = "session" | "part" | "report" | "plan" | "configuration" | "not_ours" | "damaged";

/** A file of an import. */
export interface FilePlace {
  path: string;
  group: FileGroup;
  /** The reason for its group, in one sentence; for a damaged file also what to do. */
  why: string;
  shapes: string[];
  /** Indices of `sessions`. */
  sessions: number[];
  repairs: Repair[];
  /** Null if it is read. `mend` gives the documents to choose from and the sides of a merge. */
  broken: BrokenCode | null;
  /** The line of the damage, from 1; 0 for a file that is read. */
  line: number;
  /** The column of the damage, from 1, in characters; 0 for a file that is read. */
  column: number;
  encoding: string;
}

/** A session file of the framework, made of what is known of a foreign session. */
export interface Conversion {
  text: string;
  /** Write it beside the session's files, and never over one. */
  file_name: string;
  /** A sentence each. */
  assumptions: string[];
  /** Values that a session of the framework has no place for, a sentence each. */
  left_out: string[];
}

/**
 * Reads files of any pipeline, one after the other, and makes sessions of them. A file's bytes are not kept.
 *
 * Definitions of shapes among the files count for the files after them: add the paths for which `isDefinition` is true
 * first.
 */
export class Importer {
  /** @param options.shapes JSON texts of definitions, which are tried before the shipped ones */
  constructor(options?: { shapes?: Iterable<string> | undefined });
  /** Reads a file. One in a folder of a tool, such as `.git`, is only counted. */
  add(path: string, bytes: Uint8Array): void;
  /** Counts files or folders that were not read; one by default. */
  skip(files?: number): void;
  /** Lists the shapes in the order in which the next file is tried against them. */
  shapes(): { name: string; title: string }[];
  /** Makes sessions of all files. The importer cannot be used afterwards. */
  finish(): Import;
  /** Frees the memory of an import that will not be finished. */
  free(): void;
  [Symbol.dispose](): void;
}

/** A finished import. `free()` it, or declare it with `using`; the data stays. */
export class Import {
  private constructor();
  /** Sessions of other pipelines, in the order of their keys. */
  readonly sessions: ForeignSession[];
  /** The framework's own sessions. */
  readonly own: OwnSession[];
  /** Every file, in the order in which they were added. */
  readonly files: FilePlace[];
  /** Number of files and folders that were not read. */
  readonly skipped: number;
  /**
   * Makes a session file of the framework from the session of a key. Throws `not_convertible` if too little is known of
   * it.
   */
  convert(key: string, options: { now: Instant }): Conversion;
  free(): void;
  [Symbol.dispose](): void;
}

/** Files in an archive. */
export interface Unpacked {
  /** Their paths begin with the archive's. */
  entries: { path: string; bytes: Uint8Array }[];
  /** Number of entries in folders of tools. */
  skipped: number;
  refused: { path: string; message: string }[];
}

/**
 * Unpacks a gzip file, a tar, also gzipped, or a ZIP archive by its bytes, whatever its name; undefined for any other
 * file. Throws `unreadable` for a damaged archive, and for one of more than 512 MB.
 * @param options.wanted says whether an entry is read, by its path in the archive; by default every one
 */
export function unpack(
  path: string,
  bytes: Uint8Array,
  options?: { wanted?: ((path: string) => boolean) | undefined },
): Unpacked | undefined;

/** True for the name of a folder that a tool makes, such as `.git` or `node_modules`. */
export function isToolFolder(name: string): boolean;

/** True for the path of a shape's definition: `*.callboard-shape.json`, or a file in a folder `callboard.shapes`. */
export function isDefinition(path: string): boolean;

/** A JSON document that was found in a file. */
export interface FoundDocument {
  /** Repairs leave blanks, so that lines and columns are those of the file. */
  text: string;
  /** Number in a file of several documents, from 0; null in a file of one. */
  index: number | null;
  line: number;
  column: number;
}

/** A file that cannot be read, or not without a decision. */
export interface Broken {
  code: BrokenCode;
  /** The file's condition and what to do, in one or two sentences. */
  message: string;
  line: number;
  column: number;
  /** For `several`: the documents of which one can be chosen. */
  choices: FoundDocument[];
  /** For `conflict`: the texts of both sides of a git merge, and of their base if the markers hold it. */
  sides: {
    ours: string;
    theirs: string;
    base: string | null;
    ours_label: string;
    theirs_label: string;
    line: number;
  } | null;
}

/** A file as it can be read. */
export interface Mended {
  /** One, except for lines and lists of documents; none if the file is broken. */
  documents: FoundDocument[];
  repairs: Repair[];
  /** Null if the file is broken. */
  encoding: string | null;
  /** True if what was read must not be written back as the file. */
  read_only: boolean;
  broken: Broken | null;
}

/** Reads the JSON of a file, whatever is around it or missing from it, as an import does. */
export function mend(bytes: Uint8Array): Mended;

/** A value of a JSON text, as a row of a tree. */
export interface OutlineRow {
  /** Path as a definition has it; for `ShapeDraft.point`. */
  pointer: string;
  /** Key or index in what holds it. */
  key: string;
  /** Depth in the tree, from 1. */
  depth: number;
  /** A text, or the spelling of another scalar, shortened; empty for an object or list. */
  text: string;
  /** Number of members or elements of an object or list. */
  members: number;
  line: number;
  column: number;
}

/**
 * Lists the values of a JSON text in their order. Throws for text that is not JSON: read a damaged file by `mend` first.
 * @param options.most the number of rows, 1000 by default
 */
export function outline(text: string, options?: { most?: number | undefined }): OutlineRow[];

/** Meaning of a value. Those of `stage_…` are said of one stage, and read in all of them. */
export type Meaning =
  | "id"
  | "episode"
  | "topic"
  | "state"
  | "current_stage"
  | "created"
  | "updated"
  | "completed"
  | "cost"
  | "budget"
  | "percent"
  | "stages_completed"
  | "stages_total"
  | "errors"
  | "outputs"
  | "score"
  | "stage_name"
  | "stage_status"
  | "stage_started"
  | "stage_ended"
  | "stage_cost"
  | "stage_agent"
  | "stage_error"
  | "stage_outputs"
  | "stage_score";

/** Lists the meanings that a value can have, with labels for people. */
export function meanings(): { name: Meaning; label: string; of_stage: boolean }[];

/** Shape that is being taught: values of a sample file with their meanings. `free()` it, or declare it with `using`. */
export class ShapeDraft {
  /**
   * @param options.name lower-case letters, digits and hyphens
   * @param options.title for people
   * @param options.listsEveryStage true if a file lists every stage, so that a percentage follows from the complete ones
   */
  constructor(options: { name: string; title: string; listsEveryStage?: boolean | undefined });
  /**
   * Says the meaning of a value, in place of another one that it had.
   * @param pointer that of a row of `outline`; empty for the name of the file's folder, as an id or episode's number
   */
  point(meaning: Meaning, pointer: string): void;
  /** Removes the meaning of a value. */
  remove(pointer: string): void;
  points(): { meaning: Meaning; pointer: string }[];
  /** Says the meaning of a word that the pipeline uses for a status. */
  mean(word: string, status: ForeignStatus): void;
  /** Lists the words of statuses in the sample that have no meaning yet. */
  unknownWords(sample: string): string[];
  /**
   * Makes the shape's definition, for `new Importer({ shapes: [text] })`, or to be written under its file name into a
   * folder `callboard.shapes`. Throws `invalid_shape` if the draft lacks something.
   * @param path the sample's path in its import
   */
  definition(path: string, sample: string): { text: string; file_name: string };
  free(): void;
  [Symbol.dispose](): void;
}
