import { CallboardError, asError, guarded, misuse } from "./error.js";
import {
  RawSession,
  RawSessions,
  assertRoom,
  fileNames,
  folder,
  merge as mergeTexts,
  parseConfig as readConfig,
} from "./callboard_wasm.js";
import { millisecondsOf, textOf } from "./now.js";
import { assertReady } from "./ready.js";

function raw() {
  assertReady();
  return RawSession;
}

// The runtime's own encoder is several times quicker than passing a text letter by letter, and one buffer serves all of
// the many small files.
const encoder = new TextEncoder();
const buffer = new Uint8Array(1 << 16);

function encode(text) {
  // A UTF-16 code unit takes at most three bytes.
  if (text.length * 3 > buffer.length) return encoder.encode(text);
  return buffer.subarray(0, encoder.encodeInto(text, buffer).written);
}

/** Passes bytes to the module, after a check that it has room for many: the call itself cannot be refused. */
function rawFromBytes(bytes) {
  if (bytes.length > buffer.length) assertRoom(bytes.length);
  return raw().fromBytes(bytes);
}

const NAME = "session.json";

/** Byte order mark, with which a text may begin. */
const MARK = "\ufeff";

/** Mark of the sessions of every copy of the package. */
const SESSION = Symbol.for("callboard.session");

/** Returns the module's session behind a `Session`, for the functions of this file. */
let innerOf;

/** Names for the numbers of an outcome (events, agents, states, steps), read once from the core. */
let names;

/** Flags in an outcome's number: it has warnings; its event had been applied before. */
const WARNED = 1 << 24;
const REPEATED = 1 << 25;

/** One episode's session: a lossless text and the state machine over it. */
export class Session {
  #inner;
  #file;

  /** Use `Session.parse`, `Session.fromBytes` or `Session.initialize`. */
  constructor(inner, file) {
    if (!(inner instanceof raw())) throw misuse("A session has no public constructor. Use Session.parse or Session.initialize.");
    this.#inner = inner;
    this.#file = file;
  }

  static parse(text, { file, policy } = {}) {
    if (typeof text !== "string") throw misuse("Session.parse takes a string. For bytes, use Session.fromBytes.");
    assertName("file", file);
    assertWhole(text, file);
    const session = new Session(guarded(() => rawFromBytes(encode(text)), file), file);
    return policy === undefined ? session : session.#under(policy);
  }

  static fromBytes(bytes, { file, policy } = {}) {
    if (!(bytes instanceof Uint8Array)) throw misuse("Session.fromBytes takes a Uint8Array. For a string, use Session.parse.");
    assertName("file", file);
    const session = new Session(guarded(() => rawFromBytes(bytes), file), file);
    return policy === undefined ? session : session.#under(policy);
  }

  static initialize(episode, { now, policy } = {}) {
    const made = spell(episode, "A new session must be an object with episode and topic.");
    return new Session(guarded(() => raw().initialize(made, textOf(now), millisecondsOf(now), spellPolicy(policy))));
  }

  #under(policy) {
    try {
      guarded(() => this.#inner.setPolicy(spellPolicy(policy)));
      return this;
    } catch (error) {
      this.free();
      throw error;
    }
  }

  get id() {
    return this.#open.id;
  }

  get state() {
    return this.#open.state;
  }

  get stage() {
    return this.#open.stage;
  }

  get file() {
    return this.#file;
  }

  /** Returns the file's contents as JavaScript reads them; of duplicate keys, the last. */
  data() {
    const text = this.toString();
    return JSON.parse(text.startsWith(MARK) ? text.slice(1) : text);
  }

  diagnostics() {
    return guarded(() => this.#open.diagnostics());
  }

  progress({ now } = {}) {
    return guarded(() => this.#open.progress(textOf(now), millisecondsOf(now)));
  }

  health({ now } = {}) {
    return guarded(() => this.#open.health(textOf(now), millisecondsOf(now)));
  }

  /** Returns the money and attempts used, with the budget and the policy's limits. */
  spending() {
    return guarded(() => this.#open.spending());
  }

  timeline() {
    return guarded(() => this.#open.timeline());
  }

  /** Returns the duration of each stage in seconds; null if the file has none, or the stage is not complete. */
  durations() {
    return this.#open.durations();
  }

  choices({ now } = {}) {
    return guarded(() => this.#open.choices(textOf(now), millisecondsOf(now)));
  }

  check(event, { now } = {}) {
    const refusal = guarded(() => this.#open.check(spell(event, EVENT), textOf(now), millisecondsOf(now)));
    return refusal === undefined ? [] : [refusal];
  }

  apply(event, { now } = {}) {
    const inner = this.#open;
    let packed;
    // Without `guarded`: this is the hot path, and a closure for each event would slow it down.
    try {
      packed = inner.apply(spell(event, EVENT), textOf(now), millisecondsOf(now));
    } catch (thrown) {
      throw asError(thrown, this.#file);
    }
    names ??= RawSession.names();
    const next = (packed >> 20) & 15;
    const outcome = {
      event: names[0][packed & 15],
      agent: names[1][(packed >> 4) & 15],
      from: names[2][(packed >> 8) & 15],
      to: names[2][(packed >> 12) & 15],
      attempt: packed >>> 26 || inner.attempt(),
      next: { step: names[3][(packed >> 16) & 15], agent: next === 0 ? null : names[1][next - 1] },
      warnings: packed & WARNED ? readWarnings(inner.warnings()) : [],
    };
    if (packed & REPEATED) outcome.duplicate = JSON.parse(inner.duplicate());
    return outcome;
  }

  fix(diagnostic) {
    const fix = diagnostic?.fix;
    if (fix === undefined || fix === null) return false;
    const { start, end, text } = fix;
    if (!isOffset(start) || !isOffset(end) || typeof text !== "string") {
      throw misuse("A fix must come from diagnostics(): start and end are byte offsets, and text is a string.");
    }
    return guarded(() => this.#open.fix(start, end, text));
  }

  undo() {
    return guarded(() => this.#open.undo());
  }

  toString() {
    return guarded(() => this.#open.text());
  }

  diff({ path = this.#file ?? NAME } = {}) {
    assertName("path", path);
    return guarded(() => this.#open.diff(path));
  }

  /** Frees the memory. The session cannot be used afterwards. */
  free() {
    this.#inner?.free();
    this.#inner = undefined;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  get #open() {
    if (this.#inner === undefined) throw misuse("This session has been freed. Parse its text again to use it.", "freed");
    return this.#inner;
  }

  static {
    innerOf = (session) => {
      if (!(session instanceof Session)) throw misuse(session?.[SESSION] ? FOREIGN : "Each of the sessions must be a Session.");
      return session.#open;
    };
  }
}

Object.defineProperty(Session.prototype, SESSION, { value: true });

const FOREIGN =
  "This Session belongs to another copy of callboard: the program has two, such as one in its bundle and one that is " +
  "installed. Pass sessions to their own copy, or their texts to Session.parse.";

/**
 * Calculates the dashboard's figures over sessions, which stay the caller's to free; as a promise, if the sessions come
 * asynchronously.
 */
export function dashboard(sessions, { now, timeZoneOffset = 0, policy } = {}) {
  if (!Number.isInteger(timeZoneOffset) || Math.abs(timeZoneOffset) > DAY) {
    throw misuse(`timeZoneOffset must be whole minutes ahead of UTC, from -${DAY} to ${DAY}.`);
  }
  const add = (all, session) => all.add(innerOf(session));
  return gathered(sessions, add, (raw) => raw.dashboard(textOf(now), millisecondsOf(now), timeZoneOffset, spellPolicy(policy)));
}

/**
 * Calculates the typical duration of each stage in seconds, from the sessions' own stages or else from the policy. Each
 * item is a session, or the result of its `durations()`.
 */
export function typicalDurations(sessions, { policy } = {}) {
  const add = (all, one) => {
    if (one?.[SESSION] && !(one instanceof Session)) throw misuse(FOREIGN);
    addDurations(all, one instanceof Session ? one.durations() : one);
  };
  return gathered(sessions, add, (raw) => raw.typicalDurations(spellPolicy(policy)));
}

function addDurations(all, durations) {
  const values = STAGES.map((stage) => durations?.[stage]);
  if (!values.every((value) => value === null || typeof value === "number")) {
    throw misuse("Each of the sessions must be a Session, or the result of its durations().");
  }
  all.addDurations(...values.map((value) => value ?? NaN));
}

/** Stages in the order of the pipeline. */
const STAGES = ["research", "writing", "evaluation", "synthesis"];

/** Gathers sessions for `work`, and returns its result; as a promise, if the sessions come asynchronously. */
function gathered(sessions, add, work) {
  assertReady();
  const isLater = typeof sessions?.[Symbol.asyncIterator] === "function";
  if (!isLater && typeof sessions?.[Symbol.iterator] !== "function") throw misuse("The sessions must be a list or another iterable.");
  return isLater ? gatheredLater(sessions, add, work) : gatheredNow(sessions, add, work);
}

function gatheredNow(sessions, add, work) {
  const all = new RawSessions();
  try {
    for (const session of sessions) guarded(() => add(all, session));
    return guarded(() => work(all));
  } finally {
    all.free();
  }
}

async function gatheredLater(sessions, add, work) {
  const all = new RawSessions();
  try {
    for await (const session of sessions) guarded(() => add(all, session));
    return guarded(() => work(all));
  } finally {
    all.free();
  }
}

/** Merges two sides' versions of one session's text. */
export function merge(base, ours, theirs) {
  assertReady();
  for (const text of [base, ours, theirs]) {
    if (typeof text !== "string") throw misuse("merge takes three strings: base, ours and theirs.");
    assertWhole(text);
  }
  return guarded(() => mergeTexts(base, ours, theirs));
}

/** Reads the policy in the text of a `callboard.json`, and the folder of the sessions if it names one. */
export function parseConfig(text, { file } = {}) {
  assertReady();
  if (typeof text !== "string") throw misuse("parseConfig takes a string.");
  assertName("file", file);
  assertWhole(text, file);
  const [policy, sessions] = guarded(() => readConfig(encode(text)), file);
  return { policy: JSON.parse(policy), sessions };
}

/**
 * Compares two files of one session: negative if `a` represents it, positive if `b` does. Content decides, then the path;
 * the order of reading never does.
 */
export function compareFiles(a, b) {
  assertReady();
  const [inner, other] = [innerOf(a), innerOf(b)];
  return inner.compare(a.file ?? "", other, b.file ?? "");
}

/** Lists the names that the file of a session may have, in the order in which to try them. */
export function sessionFileNames(id) {
  assertReady();
  return fileNames(String(id));
}

/** Returns the framework's folder for session files, relative to the root of a production's repository. */
export function sessionFolder() {
  assertReady();
  return folder();
}

/** Minutes of a day. */
const DAY = 1440;

/** True for a valid byte offset in a text. */
const isOffset = (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32;

function assertName(what, name) {
  if (name !== undefined && typeof name !== "string") throw misuse(`${what} must be a string.`);
}

/** A lone surrogate, one half of a pair. */
const HALF = /\p{Surrogate}/u;

/** Throws for a text with a lone surrogate, which UTF-8 cannot hold: written to a file, it would be another text. */
function assertWhole(text, file) {
  // Some browsers that run everything else lack `isWellFormed`.
  if (text.isWellFormed?.() ?? !HALF.test(text)) return;
  const before = text.slice(text.startsWith(MARK) ? 1 : 0, text.search(HALF)).split("\n");
  const [line, column] = [before.length, [...before.at(-1)].length + 1];
  const message = `The text has a lone surrogate, which UTF-8 cannot hold (line ${line}, column ${column}).`;
  const hint = 'Write it as an escape, such as "\\ud83d".';
  throw new CallboardError({ code: "bad_string", message, line, column, hint }, file);
}

/** Reads warnings as the core writes them: a code and a message each, with a line end after both. */
function readWarnings(text) {
  let at = 0;
  const line = () => {
    const from = at;
    at = text.indexOf("\n", from) + 1;
    return text.slice(from, at - 1);
  };
  const warnings = [];
  while (at < text.length) warnings.push({ code: line(), message: line() });
  return warnings;
}

const EVENT = "An event must be an object with type and agent.";

/** Writes a policy as JSON text, if there is one. */
const spellPolicy = (policy) => (policy === undefined ? undefined : spell(policy, "A policy must be an object."));

/** Writes an object as JSON text. Throws for a value that JSON cannot hold (a BigInt, a cycle, NaN). */
function spell(value, shape) {
  let text;
  try {
    if (value !== null && typeof value === "object") text = JSON.stringify(value);
    // JSON writes NaN as null, which would count as a field that is not given.
    if (text?.includes("null")) JSON.stringify(value, assertFinite);
  } catch (error) {
    throw error instanceof CallboardError ? error : misuse(`This cannot be written as JSON: ${error.message}`);
  }
  // An object whose toJSON returns nothing has no JSON text either.
  if (text === undefined) throw misuse(shape);
  return text;
}

function assertFinite(key, value) {
  if (typeof value === "number" && !Number.isFinite(value)) throw misuse(`${key} must be a finite number, not ${value}.`);
  return value;
}

export { CallboardError };
