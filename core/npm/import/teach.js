import { RawShapeDraft, meanings as meaningsRaw } from "../callboard_import.js";
import { guarded, misuse } from "../error.js";
import { assertPath, assertText } from "./arguments.js";
import { assertReady } from "./ready.js";

/** Shape that is being taught: values of a sample file with their meanings. */
export class ShapeDraft {
  #inner;

  constructor({ name, title, listsEveryStage = false } = {}) {
    assertReady();
    assertText("The name of a shape", name);
    assertText("The title of a shape", title);
    this.#inner = guarded(() => new RawShapeDraft(name, title, listsEveryStage === true));
  }

  point(meaning, pointer) {
    assertText("A pointer", pointer);
    guarded(() => this.#open.point(String(meaning), pointer));
  }

  remove(pointer) {
    assertText("A pointer", pointer);
    this.#open.remove(pointer);
  }

  points() {
    return guarded(() => this.#open.points());
  }

  mean(word, status) {
    assertText("A word", word);
    guarded(() => this.#open.mean(word, String(status)));
  }

  unknownWords(sample) {
    assertText("The sample", sample);
    return guarded(() => this.#open.unknownWords(sample));
  }

  definition(path, sample) {
    assertPath(path);
    assertText("The sample", sample);
    return guarded(() => this.#open.definition(path, sample));
  }

  free() {
    this.#inner?.free();
    this.#inner = undefined;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }

  get #open() {
    if (this.#inner === undefined) throw misuse("This draft has been freed.", "freed");
    return this.#inner;
  }
}

export function meanings() {
  assertReady();
  return guarded(() => meaningsRaw());
}
