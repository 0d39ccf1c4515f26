import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { isDeepStrictEqual } from "node:util";

import init, { Session } from "callboard";

const folder = new URL("../../../tests/conformance/", import.meta.url);

await init();

/** Returns the package's answer to a vector, in the vector's own terms. */
function answer({ input, event, now, policy }) {
  let session;
  try {
    if (input === null) {
      const { type, ...fields } = event;
      session = Session.initialize(fields, { now, policy });
      return { output: session.toString() };
    }
    session = Session.parse(input, { policy });
    assert.equal(session.toString(), input, "parsing keeps every byte");
    const { from, to, attempt, next, warnings, duplicate } = session.apply(event, { now });
    const codes = warnings.map(({ code }) => code);
    const outcome = { from, to, attempt, next: { step: next.step, agent: next.agent }, warnings: codes };
    if (duplicate) {
      outcome.duplicate = true;
      assert.equal(duplicate.key, event.key);
      assert.ok(session.data().history.some((entry) => isDeepStrictEqual(entry, duplicate)), "the entry as the file has it");
    }
    return { outcome, output: session.toString() };
  } catch (error) {
    if (error.refusal === undefined) throw error;
    if (session) assert.equal(session.toString(), input, "a refusal changes nothing");
    const { code, message, expected, actual, hint, allowed } = error.refusal;
    assert.equal(error.code, code);
    return { refusal: { code, message, expected, actual, hint: hint ?? null, allowed } };
  } finally {
    session?.free();
  }
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  test(`${file} is answered as it expects`, () => {
    const vectors = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    assert.ok(vectors.length > 0);
    for (const vector of vectors) {
      const { outcome, output, refusal } = vector;
      const expected = refusal ? { refusal } : outcome ? { outcome, output } : { output };
      assert.deepEqual(answer(vector), expected, vector.name);
    }
  });
}
