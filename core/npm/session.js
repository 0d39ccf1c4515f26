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
import { assertReady } from "./ready.js";

function raw() {
  assertReady();
  return RawSession;
}

// The runtime's own encoder is several times quicker than handing a text over letter by letter, and a buffer that
// stays saves making one for each of the many small files.
const encoder = new TextEncoder();
const buffer = new Uint8Array(1 << 16);

function encode(text) {
  // A UTF-16 code unit takes at most three bytes.
  if (text.length * 3 > buffer.length) return encoder.encode(text);
  return buffer.subarray(0, encoder.encodeInto(text, buffer).written);
}

/** Hands bytes over; many only where there is room for them, since the hand-over itself cannot be refused. */
function handedOver(bytes) {
  if (bytes.length > buffer.length) assertRoom(bytes.length);
  return raw().fromBytes(bytes);
}

const NAME = "session.json";

/** The byte order mark, which a text may begin with. */
const MARK = "\ufeff";

/** The mark of the sessions of every copy of the package. */
const SESSION = Symbol.for("callboard.session");

/** What is behind a session, for the functions of this file. */
let innerOf;

/** What the numbers of an outcome stand for (events, agents, states, steps): read once from the core. */
let names;

/** Flags of an outcome's number: it has warnings; its event had been applied before. */
const WARNED = 1 << 24;
const REPEATED = 1 << 25;

/** One episode's session: a lossless text and the state machine over it. */
export class Session {
  #inner;
  #file;

  /** Use `Session.parse`, `Session.fromBytes` or `Session.initialize`. */
  constructor(inner, file) {
    if (!(inner instanceof raw())) throw misuse("Make a session with Session.parse or Session.initialize.");
    this.#inner = inner;
    this.#file = file;
  }

  static parse(text, { file, policy } = {}) {
    if (typeof text !== "string") throw misuse("A session is parsed from a string: for bytes, use Session.fromBytes.");
    assertName("file", file);
    assertWhole(text, file);
    const session = new Session(guarded(() => handedOver(encode(text)), file), file);
    return policy === undefined ? session : session.#under(policy);
  }

  static fromBytes(bytes, { file, policy } = {}) {
    if (!(bytes instanceof Uint8Array)) throw misuse("Session.fromBytes takes a Uint8Array.");
    assertName("file", file);
    const session = new Session(guarded(() => handedOver(bytes), file), file);
    return policy === undefined ? session : session.#under(policy);
  }

  static initialize(episode, { now, policy } = {}) {
    const made = spell(episode, "A new session is an object with episode and topic.");
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

  /** The file's contents as JavaScript reads them; of duplicate keys, the last. */
  data() {
    const text = this.toString();
    return JSON.parse(text.startsWith(MARK) ? text.slice(1) : text);
  }

  diagnostics() {
    return JSON.parse(guarded(() => this.#open.diagnostics()));
  }

  progress({ now } = {}) {
    return JSON.parse(guarded(() => this.#open.progress(textOf(now), millisecondsOf(now))));
  }

  health({ now } = {}) {
    return JSON.parse(guarded(() => this.#open.health(textOf(now), millisecondsOf(now))));
  }

  /** The money and attempts used, against the budget and the policy's limits. */
  spending() {
    return JSON.parse(guarded(() => this.#open.spending()));
  }

  timeline() {
    return JSON.parse(guarded(() => this.#open.timeline()));
  }

  /** The duration of each stage in seconds; null where the file does not say, or the stage is not complete. */
  durations() {
    return JSON.parse(this.#open.durations());
  }

  choices({ now } = {}) {
    return JSON.parse(guarded(() => this.#open.choices(textOf(now), millisecondsOf(now))));
  }

  check(event, { now } = {}) {
    const refusal = guarded(() => this.#open.check(spell(event, EVENT), textOf(now), millisecondsOf(now)));
    return refusal === undefined ? [] : [JSON.parse(refusal)];
  }

  apply(event, { now } = {}) {
    const inner = this.#open;
    let packed;
    // Not through `guarded`: a closure for each event would cost more than what it saves in lines.
    try {
      packed = inner.apply(spell(event, EVENT), textOf(now), millisecondsOf(now));
    } catch (thrown) {
      throw asError(thrown, this.#file);
    }
    names ??= JSON.parse(RawSession.names());
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
      throw misuse("A fix is one of diagnostics(): its start and end are byte offsets, and its text is a string.");
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

  /** Gives the memory back. The session cannot be used after it. */
  free() {
    this.#inner?.free();
    this.#inner = undefined;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  get #open() {
    if (this.#inner === undefined) throw misuse("This session has been freed.", "freed");
    return this.#inner;
  }

  static {
    innerOf = (session) => {
      if (!(session instanceof Session)) throw misuse(session?.[SESSION] ? FOREIGN : "What is given as sessions must each be a Session.");
      return session.#open;
    };
  }
}

Object.defineProperty(Session.prototype, SESSION, { value: true });

const FOREIGN =
  "This Session is of another copy of callboard: the program has two, such as one in its bundle and one that is " +
  "installed. Give the sessions of a copy to that copy, or their texts to Session.parse.";

/**
 * The dashboard's figures over sessions, which stay the caller's to free: each at once, where they come one after
 * another. Of sessions that come asynchronously, a promise of them.
 */
export function dashboard(sessions, { now, timeZoneOffset = 0, policy } = {}) {
  if (!Number.isInteger(timeZoneOffset) || Math.abs(timeZoneOffset) > DAY) {
    throw misuse(`timeZoneOffset must be whole minutes ahead of UTC, a day (${DAY}) at most.`);
  }
  const add = (all, session) => all.add(innerOf(session));
  return gathered(sessions, add, (raw) => raw.dashboard(textOf(now), millisecondsOf(now), timeZoneOffset, spellPolicy(policy)));
}

/**
 * The typical duration of each stage, in seconds: as the sessions' own stages took, else as the policy says. Instead of a
 * session, what its `durations()` gives will do.
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
    throw misuse("What is given as sessions must each be a Session, or what its durations() gives.");
  }
  all.addDurations(...values.map((value) => value ?? NaN));
}

/** The stages, in the order of the pipeline. */
const STAGES = ["research", "writing", "evaluation", "synthesis"];

/** Gathers sessions for `work`, whose answer is JSON text. */
function gathered(sessions, add, work) {
  assertReady();
  const isLater = typeof sessions?.[Symbol.asyncIterator] === "function";
  if (!isLater && typeof sessions?.[Symbol.iterator] !== "function") throw misuse("Sessions are given as a list of them.");
  return isLater ? gatheredLater(sessions, add, work) : gatheredNow(sessions, add, work);
}

function gatheredNow(sessions, add, work) {
  const all = new RawSessions();
  try {
    for (const session of sessions) guarded(() => add(all, session));
    return JSON.parse(guarded(() => work(all)));
  } finally {
    all.free();
  }
}

async function gatheredLater(sessions, add, work) {
  const all = new RawSessions();
  try {
    for await (const session of sessions) guarded(() => add(all, session));
    return JSON.parse(guarded(() => work(all)));
  } finally {
    all.free();
  }
}

/** Merges what two sides made of one session's text. */
export function merge(base, ours, theirs) {
  assertReady();
  for (const text of [base, ours, theirs]) {
    if (typeof text !== "string") throw misuse("merge takes three texts: base, ours and theirs.");
    assertWhole(text);
  }
  return JSON.parse(guarded(() => mergeTexts(base, ours, theirs)));
}

/** Reads the text of a `callboard.json`: its policy, and the folder of the sessions if it names one. */
export function parseConfig(text, { file } = {}) {
  assertReady();
  if (typeof text !== "string") throw misuse("A configuration is parsed from a string.");
  assertName("file", file);
  assertWhole(text, file);
  const [policy, sessions] = guarded(() => readConfig(encode(text)), file);
  return { policy: JSON.parse(policy), sessions };
}

/**
 * Compares two files of one session: negative if `a` stands for it, positive if `b` does. By content, then by path,
 * never by the order of reading.
 */
export function compareFiles(a, b) {
  assertReady();
  const [inner, other] = [innerOf(a), innerOf(b)];
  return inner.compare(a.file ?? "", other, b.file ?? "");
}

/** The names that the file of a session of this id may have, in the order in which they are to be tried. */
export function sessionFileNames(id) {
  assertReady();
  return fileNames(String(id));
}

/** The framework's folder for session files, from the root of a production's repository. */
export function sessionFolder() {
  assertReady();
  return folder();
}

/** The minutes of a day. */
const DAY = 1440;

/** A place in a text as the module counts it. */
const isOffset = (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32;

function assertName(what, name) {
  if (name !== undefined && typeof name !== "string") throw misuse(`${what} must be a name, a string.`);
}

/** One half of a surrogate pair without the other. */
const HALF = /\p{Surrogate}/u;

/** A text with half a surrogate pair in it cannot be written as UTF-8: it would be another text. */
function assertWhole(text, file) {
  // Not every browser that runs the rest has the quick way to ask.
  if (text.isWellFormed?.() ?? !HALF.test(text)) return;
  const before = text.slice(text.startsWith(MARK) ? 1 : 0, text.search(HALF)).split("\n");
  const [line, column] = [before.length, [...before.at(-1)].length + 1];
  const message = `Half a surrogate pair stands alone, which no UTF-8 can hold (line ${line}, column ${column}).`;
  const hint = 'Spell it as an escape, such as "\\ud83d".';
  throw new CallboardError({ code: "bad_string", message, line, column, hint }, file);
}

/** An instant as the core takes it: its text, or else its milliseconds since 1970; NaN for what is no instant. */
const textOf = (instant) => (typeof instant === "string" ? instant : undefined);

function millisecondsOf(instant) {
  if (typeof instant === "number") return instant;
  // Not by its class: a test runner's modules may have a Date of their own.
  return typeof instant?.getTime === "function" ? Number(instant.getTime()) : NaN;
}

/** Warnings as the core spells them: each a code and a message, with a line end after both. */
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

const EVENT = "An event is an object with type and agent.";

/** A policy as text; none where none is given. */
const spellPolicy = (policy) => (policy === undefined ? undefined : spell(policy, "A policy is a JSON object."));

/** An object as text: what JSON cannot hold (a BigInt, a cycle, NaN) is the caller's mistake, and said so. */
function spell(value, shape) {
  let text;
  try {
    if (value !== null && typeof value === "object") text = JSON.stringify(value);
    // JSON writes NaN as null, which would pass for a field that is not given.
    if (text?.includes("null")) JSON.stringify(value, assertFinite);
  } catch (error) {
    throw error instanceof CallboardError ? error : misuse(`This cannot be written as JSON: ${error.message}`);
  }
  // An object whose toJSON returns nothing has no text either.
  if (text === undefined) throw misuse(shape);
  return text;
}

function assertFinite(key, value) {
  if (typeof value === "number" && !Number.isFinite(value)) throw misuse(`${key} must be a number, and is ${value}.`);
  return value;
}

export { CallboardError };
