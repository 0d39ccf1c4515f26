import { CallboardError, guarded, misuse } from "./error.js";
import { RawSession } from "./callboard_wasm.js";

let ready = false;

/** Called by the loaders once the module is compiled. */
export function markReady() {
  ready = true;
}

function raw() {
  if (!ready) throw misuse("callboard is not initialised: call `await init()` first.", "not_initialised");
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

const NAME = "session.json";

/** What the numbers of an outcome stand for: read once from the core. */
let names;

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

  static parse(text, { file } = {}) {
    if (typeof text !== "string") throw misuse("A session is parsed from a string: for bytes, use Session.fromBytes.");
    return new Session(guarded(() => raw().fromBytes(encode(text)), file), file);
  }

  static fromBytes(bytes, { file } = {}) {
    if (!(bytes instanceof Uint8Array)) throw misuse("Session.fromBytes takes a Uint8Array.");
    return new Session(guarded(() => raw().fromBytes(bytes), file), file);
  }

  static initialize({ episode, topic, complexity }, { now } = {}) {
    if (typeof episode !== "number") throw misuse("episode must be a whole number.");
    if (typeof topic !== "string") throw misuse("topic must be a text.");
    return new Session(guarded(() => raw().initialize(episode, topic, complexity, now)));
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

  diagnostics() {
    return this.#open.diagnostics();
  }

  progress({ now } = {}) {
    return guarded(() => this.#open.progress(now));
  }

  timeline() {
    return this.#open.timeline();
  }

  choices({ now } = {}) {
    return guarded(() => this.#open.choices(now));
  }

  check(event, { now } = {}) {
    const refusal = guarded(() => this.#open.check(spell(event), now));
    return refusal === undefined ? [] : [refusal];
  }

  apply(event, { now } = {}) {
    const inner = this.#open;
    const packed = guarded(() => inner.apply(spell(event), now), this.#file);
    const [events, agents, states, steps] = (names ??= JSON.parse(RawSession.names()));
    const next = (packed >> 20) & 15;
    return {
      event: events[packed & 15],
      agent: agents[(packed >> 4) & 15],
      from: states[(packed >> 8) & 15],
      to: states[(packed >> 12) & 15],
      next: { step: steps[(packed >> 16) & 15], agent: next === 0 ? null : agents[next - 1] },
      warnings: packed >> 24 ? JSON.parse(inner.warnings()) : [],
    };
  }

  undo() {
    return this.#open.undo();
  }

  toString() {
    return this.#open.text();
  }

  diff({ path = this.#file ?? NAME } = {}) {
    return this.#open.diff(path);
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
}

/** An event as text: what JSON cannot hold (a BigInt, a cycle) is the caller's mistake, and said so. */
function spell(event) {
  let text;
  try {
    if (event !== null && typeof event === "object") text = JSON.stringify(event);
  } catch (error) {
    throw misuse(`The event cannot be written as JSON: ${error.message}`);
  }
  // An object whose toJSON returns nothing has no text either.
  if (text === undefined) throw misuse("An event is an object with type and agent.");
  return text;
}

export { CallboardError };
