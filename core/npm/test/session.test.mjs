import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import init, { CallboardError, Session } from "callboard";

const file = "ep001_session_20240811.json";
const text = readFileSync(new URL(`../../../tests/fixtures/sessions/${file}`, import.meta.url), "utf8");
const now = "2024-08-11T15:20:00Z";

await init();

test("a session file survives to the byte", () => {
  const session = Session.parse(text, { file });
  assert.equal(session.toString(), text);
  assert.equal(session.id, "ep_001_20240811_1430");
  assert.equal(session.state, "WRITING");
  assert.equal(session.stage, "writing");
  assert.deepEqual(session.diagnostics(), []);
  assert.equal(session.diff(), "");
  session.free();
});

test("a text of any size and script survives", () => {
  for (const topic of ["Ångström 😀", "ü".repeat(30_000), "x".repeat(200_000)]) {
    const long = text.replace("Why Octopuses Dream", topic);
    const session = Session.parse(long, { file });
    assert.equal(session.toString(), long);
    session.free();
  }
});

test("an event changes the lines it names, and undo takes it back", () => {
  const session = Session.parse(text, { file });
  const outcome = session.apply({ type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 }, { now });
  assert.deepEqual(outcome, {
    event: "complete",
    agent: "script_writer",
    from: "WRITING",
    to: "EVALUATING",
    next: { step: "start", agent: "quality_evaluator" },
    warnings: [{ code: "handoff_missing", message: "script_writer hands nothing over to quality_evaluator." }],
  });
  const after = JSON.parse(session.toString());
  assert.equal(after.cost_tracking.total, 1.2);
  assert.equal(after.quality_metrics.script_quality, 0.9);
  assert.match(session.toString(), /"writing": 1\.20,/);
  assert.match(session.diff(), /^--- a\/ep001_session_20240811\.json\n\+\+\+ b\//);
  const progress = session.progress({ now: new Date(now) });
  assert.equal(progress.progress_percentage, 50);
  assert.equal(progress.estimated_completion, "2024-08-11T15:45:00Z");
  assert.equal(session.undo(), true);
  assert.equal(session.toString(), text);
  assert.equal(session.undo(), false);
});

test("a refusal is a real error with everything to act on", () => {
  const session = Session.parse(text, { file });
  const event = { type: "start", agent: "audio_synthesizer" };
  const [refusal] = session.check(event, { now });
  assert.equal(refusal.code, "wrong_stage");
  assert.equal(refusal.hint, "script_writer comes first.");
  assert.throws(
    () => session.apply(event, { now }),
    (error) => {
      assert.ok(error instanceof CallboardError && error instanceof Error);
      assert.equal(error.name, "CallboardError");
      assert.equal(error.code, "wrong_stage");
      assert.deepEqual(error.refusal, refusal);
      assert.ok(refusal.allowed.some(({ type, agent }) => type === "complete" && agent === "script_writer"));
      return true;
    },
  );
  assert.equal(session.toString(), text, "nothing has changed");
});

test("a text that is no session says where", () => {
  const broken = text.replace('"failed_attempts": 0,', '"failed_attempts": 0');
  assert.throws(() => Session.parse(broken, { file }), {
    name: "CallboardError",
    code: "unexpected_character",
    line: 15,
    column: 5,
    message: `${file}: Expected a comma or "}" after the value, found """ (line 15, column 5).`,
  });
  assert.throws(() => Session.parse("[]"), { code: "not_a_session" });
  assert.throws(() => Session.fromBytes(new Uint8Array([0xff])), { code: "not_utf8" });
});

test("a new session has the framework's id and file", () => {
  const session = Session.initialize({ episode: 1, topic: "consciousness", complexity: 3 }, { now: "2024-08-11T14:30:00Z" });
  assert.equal(session.id, "ep_001_20240811_1430");
  assert.equal(session.state, "INITIALIZED");
  assert.throws(() => Session.initialize({ episode: 1.5, topic: "x" }, { now }), { code: "invalid_value" });
  assert.throws(() => Session.initialize({ episode: 1, topic: "x", complexity: 9 }, { now }), { code: "invalid_value" });
});

test("what JavaScript can hold and JSON cannot is refused in a sentence", () => {
  const session = Session.parse(text);
  const complete = (fields) => () => session.apply({ type: "complete", agent: "script_writer", ...fields }, { now });
  assert.throws(complete({ cost: 1n }), { name: "CallboardError", code: "invalid_value", message: /cannot be written as JSON/ });
  assert.throws(complete({ cost: "1" }), { code: "invalid_value" });
  assert.throws(() => session.apply("complete", { now }), { code: "invalid_value" });
  assert.throws(() => session.apply({ type: "retry", agent: "script_writer" }, {}), { code: "invalid_value", message: /^now must be/ });
  assert.throws(() => session.progress({ now: new Date("never") }), { code: "invalid_value" });
  assert.equal(session.toString(), text, "and the module still works");
});

test("a freed session says so", () => {
  const session = Session.parse(text);
  session.free();
  session.free();
  assert.throws(() => session.toString(), { code: "freed", message: "This session has been freed." });
});

test("the timeline and the choices are plain data", () => {
  const session = Session.parse(text);
  const { lanes } = session.timeline();
  assert.equal(JSON.parse(JSON.stringify(lanes))[1].bars[0].kind, "running");
  assert.equal(lanes[0].bars[0].start, "2024-08-11T14:30:00Z");
  const allowed = session.choices({ now }).filter((choice) => choice.refusal === null);
  assert.deepEqual(allowed.map((choice) => choice.type), ["progress", "complete", "fail"]);
});
