import { RawImporter, isDefinition as isRawDefinition, isToolFolder as isRawToolFolder, unpack as unpackRaw } from "../callboard_import.js";
import { guarded, misuse } from "../error.js";
import { millisecondsOf, textOf } from "../now.js";
import { assertBytes, assertPath } from "./arguments.js";
import { assertReady } from "./ready.js";

/** Import of the files of other pipelines, one after the other. */
export class Importer {
  #inner;

  constructor({ shapes = [] } = {}) {
    assertReady();
    const texts = [...shapes];
    if (!texts.every((text) => typeof text === "string")) throw misuse("shapes must be the JSON texts of definitions.");
    this.#inner = guarded(() => new RawImporter(texts));
  }

  add(path, bytes) {
    assertPath(path);
    assertBytes("add", bytes);
    guarded(() => this.#open.add(path, bytes), path);
  }

  skip(files = 1) {
    if (!Number.isInteger(files) || files < 0 || files >= 2 ** 32) throw misuse("skip takes a number of files.");
    this.#open.skip(files);
  }

  shapes() {
    return guarded(() => this.#open.shapes());
  }

  finish() {
    const inner = this.#open;
    this.#inner = undefined;
    const raw = guarded(() => inner.finish());
    try {
      return new Import(raw, KEY);
    } catch (error) {
      raw.free();
      throw error;
    }
  }

  free() {
    this.#inner?.free();
    this.#inner = undefined;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  get #open() {
    if (this.#inner === undefined) throw misuse("This import is finished. Start another one.", "freed");
    return this.#inner;
  }
}

/** Argument of the constructor that only this file has. */
const KEY = Symbol("import");

/** The sessions and files of a finished import. */
export class Import {
  #inner;

  constructor(inner, key) {
    if (key !== KEY) throw misuse("An import has no public constructor. Use Importer and its finish().");
    this.#inner = inner;
    const { sessions, own, files, skipped } = guarded(() => inner.data());
    const summaries = guarded(() => inner.summaries());
    this.sessions = sessions.map((session, at) => ({ ...session, ...summaries[at] }));
    this.own = own;
    this.files = files;
    this.skipped = skipped;
  }

  convert(key, { now } = {}) {
    if (typeof key !== "string") throw misuse("convert takes the key of a session.");
    if (this.#inner === undefined) throw misuse("This import has been freed.", "freed");
    return guarded(() => this.#inner.convert(key, textOf(now), millisecondsOf(now)));
  }

  free() {
    this.#inner?.free();
    this.#inner = undefined;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }
}

export function unpack(path, bytes, { wanted = () => true } = {}) {
  assertReady();
  assertPath(path);
  assertBytes("unpack", bytes);
  if (typeof wanted !== "function") throw misuse("wanted must be a function of a path.");
  return guarded(() => unpackRaw(path, bytes, wanted), path);
}

export function isToolFolder(name) {
  assertReady();
  return isRawToolFolder(String(name));
}

export function isDefinition(path) {
  assertReady();
  return isRawDefinition(String(path));
}

export { mend, outline } from "./mend.js";
export { ShapeDraft, meanings } from "./teach.js";
export { CallboardError } from "../error.js";
