import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import init, { CallboardError, Session, dashboard, merge, sessionFileNames, sessionFolder, typicalDurations } from "callboard";

const file = "ep001_session_20240811.json";
const text = readFileSync(new URL(`../../../tests/fixtures/sessions/${file}`, import.meta.url), "utf8");
const now = "2024-08-11T15:20:00Z";

await init();

/** The module's memory. The glue returns the existing instance when it is loaded again. */
const { initSync } = await import(new URL("callboard_wasm.js", import.meta.resolve("callboard")));
const wasmMemory = () => initSync().memory;

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

test("every warning of one event is returned, in order", () => {
  const session = Session.parse(text, { file });
  const done = { type: "complete", agent: "script_writer", cost: 12 };
  const { warnings } = session.apply(done, { now: "2024-08-11T14:00:00Z" });
  assert.deepEqual(warnings, [
    {
      code: "clock_backwards",
      message: "The time given, 2024-08-11T14:00:00Z, is before the session's last change, 2024-08-11T14:58:00Z.",
    },
    { code: "handoff_missing", message: "No handoff to quality_evaluator (optional)." },
    { code: "over_budget", message: "$12.00 are spent of a budget of $9.00." },
  ]);
  session.free();
});

test("an event changes the lines it names, and undo takes it back", () => {
  const session = Session.parse(text, { file });
  const outcome = session.apply({ type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 }, { now });
  assert.deepEqual(outcome, {
    event: "complete",
    agent: "script_writer",
    from: "WRITING",
    to: "EVALUATING",
    attempt: 1,
    next: { step: "start", agent: "quality_evaluator" },
    warnings: [{ code: "handoff_missing", message: "No handoff to quality_evaluator (optional)." }],
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

test("the diff is against the parsed text, whatever has been applied and undone since", () => {
  const session = Session.parse(text, { file });
  const removed = () => session.diff().match(/^-(?!--).*/gm);
  session.apply({ type: "progress", agent: "script_writer", cost: 1 }, { now });
  session.apply({ type: "progress", agent: "script_writer", cost: 1 }, { now });
  assert.match(session.diff(), /^-    "writing": 0\.00,$\n\+    "writing": 2\.00,$/m);
  const both = removed();
  session.undo();
  assert.match(session.diff(), /^\+    "writing": 1\.00,$/m);
  assert.deepEqual(removed(), both);
  session.undo();
  assert.equal(session.diff(), "");
  session.free();
});

test("an event that is delivered again by its key changes nothing and returns its entry", () => {
  const session = Session.parse(text, { file });
  const done = { type: "complete", agent: "script_writer", cost: 1.2, attempt: 1, key: "job 17" };
  assert.equal(session.apply(done, { now }).duplicate, undefined);
  const after = session.toString();
  const later = { now: "2024-08-11T16:00:00Z" };
  assert.deepEqual(session.check(done, later), []);
  const again = session.apply(done, later);
  assert.deepEqual(again, {
    event: "complete",
    agent: "script_writer",
    from: "EVALUATING",
    to: "EVALUATING",
    attempt: 1,
    next: { step: "start", agent: "quality_evaluator" },
    warnings: [],
    duplicate: session.data().history.at(-1),
  });
  assert.equal(again.duplicate.key, "job 17");
  assert.equal(session.toString(), after);
  const other = { type: "start", agent: "quality_evaluator", key: "job 17" };
  assert.throws(() => session.apply(other, later), { code: "invalid_value" });
  assert.deepEqual(Object.keys(session.apply({ ...other, key: "job 18" }, later)).includes("duplicate"), false);
  session.undo();
  session.undo();
  assert.equal(session.toString(), text, "there is nothing to take back of a duplicate");
  session.free();
});

test("an outcome has the number of the attempt that began or is running, however large", () => {
  for (const attempt of [1, 2, 62, 63, 64, 1000, 2 ** 40]) {
    const data = { ...JSON.parse(text), history: [{ at: now, event: "start", agent: "script_writer", attempt }] };
    const session = Session.parse(JSON.stringify(data));
    const heartbeat = { type: "progress", agent: "script_writer" };
    assert.equal(session.apply({ ...heartbeat, attempt }, { now }).attempt, attempt);
    assert.equal(session.data().history.length, 1, "a heartbeat leaves no entry");
    assert.throws(() => session.apply({ ...heartbeat, attempt: attempt + 1 }, { now }), { code: "stale_attempt" });
    session.apply({ type: "fail", agent: "script_writer", error: "timeout", attempt }, { now });
    session.apply({ type: "retry" }, { now });
    assert.equal(session.apply({ type: "start", agent: "script_writer" }, { now }).attempt, attempt + 1);
    session.free();
  }
});

test("a time that no file can hold is refused, with the accepted forms", () => {
  const session = Session.parse(text);
  const start = { type: "progress", agent: "script_writer", cost: 1 };
  const micro = Date.parse(now) * 1000;
  for (const wrong of [micro, micro * 1000, -micro, 2.6e14, new Date(8.64e15), new Date(-8.64e15)]) {
    const expected = { code: "invalid_value", message: /milliseconds since 1970.* ms since 1970 are not in the years 0 to 9999\.$/ };
    assert.throws(() => session.apply(start, { now: wrong }), expected);
    assert.throws(() => session.progress({ now: wrong }), expected);
    assert.throws(() => session.check(start, { now: wrong }), expected);
    assert.throws(() => dashboard([session], { now: wrong }), expected);
    assert.throws(() => Session.initialize({ episode: 1, topic: "x" }, { now: wrong }), expected);
  }
  for (const wrong of [new Date(NaN), Infinity, "1723386600000", "+010000-01-01T00:00:00Z", {}, { getTime: 5 }, 5n]) {
    assert.throws(() => session.apply(start, { now: wrong }), { code: "invalid_value", message: /^now must be a Date, .*00Z\.$/ });
  }
  assert.equal(session.toString(), text);
  const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  for (const [fine, written] of [[last, "9999-12-31T23:59:59Z"], [0, "1970-01-01T00:00:00Z"], [-1, "1969-12-31T23:59:59Z"]]) {
    // A Date of another realm is one too.
    for (const given of [fine, new Date(fine), { getTime: () => fine }]) {
      session.apply(start, { now: given });
      assert.equal(session.data().timestamps.last_updated, written);
      session.undo();
    }
  }
  session.free();
});

test("an error's JSON has its message, and restores the error", () => {
  const session = Session.parse(text, { file });
  const thrown = (work) => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };
  const errors = [
    thrown(() => session.apply({ type: "start", agent: "audio_synthesizer" }, { now })),
    thrown(() => Session.parse("{", { file })),
    thrown(() => Session.parse("[]")),
    new CallboardError({ code: "locked", message: "Somebody has it.", hint: "Wait.", cause: new Error("EBUSY") }),
  ];
  for (const error of errors) {
    const { name, code, message, hint, line, refusal } = error;
    const data = JSON.parse(JSON.stringify({ error })).error;
    assert.equal(data.message, message);
    assert.deepEqual([data.name, data.code, data.hint, data.line, data.refusal], [name, code, hint, line, refusal]);
    // An error cloned for another thread keeps only its message; its data keeps everything.
    const again = new CallboardError(structuredClone(error.toJSON()));
    assert.deepEqual(JSON.parse(JSON.stringify(again)), data);
    assert.ok(again instanceof CallboardError && again.message === message && again.file === error.file);
  }
  session.free();
});

test("a refusal is a real error with all details", () => {
  const session = Session.parse(text, { file });
  const event = { type: "start", agent: "audio_synthesizer" };
  const [refusal] = session.check(event, { now });
  assert.equal(refusal.code, "wrong_stage");
  assert.equal(refusal.hint, "Complete or skip writing first.");
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

test("the error for a text that is no session has its place", () => {
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

test("values that JSON cannot hold are refused with an explanation", () => {
  const session = Session.parse(text);
  const complete = (fields) => () => session.apply({ type: "complete", agent: "script_writer", ...fields }, { now });
  assert.throws(complete({ cost: 1n }), { name: "CallboardError", code: "invalid_value", message: /cannot be written as JSON/ });
  assert.throws(complete({ cost: "1" }), { code: "invalid_value" });
  assert.throws(complete({ cost: NaN }), { code: "invalid_value", message: "cost must be a finite number, not NaN." });
  assert.throws(() => session.apply("complete", { now }), { code: "invalid_value" });
  assert.throws(() => session.apply({ type: "retry", agent: "script_writer" }, {}), { code: "invalid_value", message: /^now must be/ });
  assert.throws(() => session.progress({ now: new Date("never") }), { code: "invalid_value" });
  assert.equal(session.toString(), text, "and the module still works");
});

test("a freed session refuses to be used", () => {
  const session = Session.parse(text);
  session.free();
  session.free();
  assert.throws(() => session.toString(), { code: "freed", message: "This session has been freed. Parse its text again to use it." });
});

test("the timeline and the choices are plain data", () => {
  const session = Session.parse(text);
  const { lanes } = session.timeline();
  assert.equal(JSON.parse(JSON.stringify(lanes))[1].bars[0].kind, "running");
  assert.equal(lanes[0].bars[0].start, "2024-08-11T14:30:00Z");
  const allowed = session.choices({ now }).filter((choice) => choice.refusal === null);
  assert.deepEqual(allowed.map((choice) => choice.type), ["progress", "complete", "fail"]);
});

test("every answer of a session is what its JSON text would be parsed to", () => {
  const session = Session.parse(text);
  const at = { now };
  const answers = {
    timeline: session.timeline(),
    diagnostics: Session.parse(text.replace('"total"', '"totl"')).diagnostics(),
    progress: session.progress(at),
    health: session.health(at),
    spending: session.spending(),
    durations: session.durations(),
    choices: session.choices(at),
    check: session.check({ type: "start", agent: "script_writer" }, at),
    dashboard: dashboard([session], at),
    typicalDurations: typicalDurations([session]),
    merge: merge(text, text.replace("WRITING", "RETRY"), text),
  };
  // No Map, no BigInt, no undefined: an unknown value is null.
  for (const [name, answer] of Object.entries(answers)) assert.deepEqual(answer, JSON.parse(JSON.stringify(answer)), name);
  session.free();
});

test("a count beyond the numbers of JavaScript is rounded, as JSON.parse rounds it", () => {
  const history = `[{"at": "${now}", "event": "start", "agent": "script_writer", "attempt": 9007199254740993, "to": "WRITING"}]`;
  const session = Session.parse(`{"session_id": "a", "pipeline_state": {"current_stage": "writing"}, "history": ${history}}`);
  assert.equal(session.timeline().lanes[1].bars[0].attempt, JSON.parse("9007199254740993"));
  session.free();
});

test("a policy has the values that differ from the defaults, and a wrong one is named", () => {
  const session = Session.parse(text, { file, policy: { retry_limit: 0, over_budget: "block" } });
  const outcome = session.apply({ type: "fail", agent: "script_writer", error: "timeout" }, { now });
  assert.equal(outcome.next.step, "escalate");
  session.free();
  const wrong = (policy, message) => () =>
    assert.throws(() => Session.parse(text, { policy }), { name: "CallboardError", code: "invalid_value", message });
  wrong({ retry_limit: "3" }, 'retry_limit must be a whole number, not "3".')();
  wrong({ thresholds: { overall: 85 } }, "overall must be between 0 and 1, not 85.")();
  wrong({ retries: 3 }, 'The policy has an unknown field "retries".')();
  wrong("strict", "A policy must be an object.")();
  const made = Session.initialize({ episode: 1, topic: "tides" }, { now, policy: { budget: 12 } });
  assert.equal(made.data().cost_tracking.budget, 12);
});

test("a new session takes every field of the framework", () => {
  const all = { episode: 12, topic: "tides", complexity: 5, duration: 40, audience: "children", budget: 7.5 };
  const session = Session.initialize(all, { now });
  const { episode, cost_tracking } = session.data();
  assert.deepEqual(episode, { number: 12, topic: "tides", complexity_target: 5, duration_target: 40, target_audience: "children" });
  assert.equal(cost_tracking.budget, 7.5);
  assert.throws(() => Session.initialize({ topic: "tides" }, { now }), { message: "The new session has no episode." });
  assert.throws(() => Session.initialize({ ...all, subject: "x" }, { now }), { code: "invalid_value" });
  assert.throws(() => Session.initialize("tides", { now }), { code: "invalid_value" });
});

test("an update needs no type", () => {
  const session = Session.parse(text);
  const scores = { script_quality: 0.9 };
  const outcome = session.apply({ agent: "script_writer", status: "completed", cost: 1.2, quality_score: scores }, { now });
  assert.equal(outcome.event, "complete");
  assert.equal(session.data().quality_metrics.script_quality, 0.9);
  assert.equal(session.apply({ type: "update", agent: "script_writer", cost: 0.1 }, { now }).event, "progress");
});

test("data() returns what JSON.parse reads, without a byte order mark", () => {
  const session = Session.parse(`\ufeff${text}`);
  assert.deepEqual(session.data(), JSON.parse(text));
  assert.equal(session.toString(), `\ufeff${text}`);
});

test("health, the dashboard and file names come from the core", () => {
  const session = Session.parse(text, { file });
  assert.equal(session.file, file);
  const late = session.health({ now: "2024-08-12T15:20:00Z" });
  assert.equal(late.health, "stalled");
  assert.equal(late.reasons[0].code, "stalled");
  const figures = dashboard([session], { now, timeZoneOffset: 120 });
  assert.deepEqual(figures.active_sessions.map(({ session_id, progress }) => [session_id, progress]), [[session.id, 25]]);
  assert.equal(session.state, "WRITING", "it is still there");
  assert.throws(() => dashboard([session], { now, timeZoneOffset: 1.5 }), { code: "invalid_value" });
  assert.deepEqual(sessionFileNames(session.id), [file, "ep001_session_20240811_1430.json"]);
  assert.deepEqual(sessionFileNames("test_stuck"), []);
  assert.equal(sessionFolder(), "projects/nobody-knows/output/sessions");
});

test("two sides are merged, and their conflicts listed", () => {
  const side = (event) => {
    const session = Session.parse(text);
    session.apply(event, { now });
    return session.toString();
  };
  const ours = side({ type: "progress", agent: "script_writer", cost: 0.5 });
  const theirs = side({ type: "progress", agent: "script_writer", cost: 0.25 });
  const merged = merge(text, ours, theirs);
  assert.deepEqual([merged.conflicts, merged.diagnostics], [[], []]);
  const before = JSON.parse(text).cost_tracking;
  assert.equal(JSON.parse(merged.text).cost_tracking.total, before.total + 0.75);
  const topics = ["ours", "theirs"].map((topic) => text.replace("Why Octopuses Dream", topic));
  const [conflict] = merge(text, ...topics).conflicts;
  assert.deepEqual([conflict.path, conflict.ours, conflict.theirs], ["episode.topic", '"ours"', '"theirs"']);
  assert.throws(() => merge(text, "{", theirs), { code: "unexpected_end" });
  assert.throws(() => merge(text, ours), { code: "invalid_value" });
});

test("a certain correction is made, and undone", () => {
  const wrong = text.replace('"current_stage": "writing"', '"current_stage": "writting"');
  const session = Session.parse(wrong);
  const diagnostic = session.diagnostics().find(({ fix }) => fix !== null);
  assert.equal(session.fix(diagnostic), true);
  assert.equal(session.toString(), text);
  assert.equal(session.fix(diagnostic), false, "it is of an older text");
  assert.equal(session.undo(), true);
  assert.equal(session.toString(), wrong);
});

test("after every error the module still works", () => {
  const errors = [
    () => Session.parse("{"),
    () => Session.parse("[".repeat(200_000)),
    () => Session.fromBytes(new Uint8Array([0x7b, 0xff])),
    () => Session.parse(text, { policy: { budget: -1 } }),
    () => Session.initialize({ episode: 2 ** 60, topic: "x" }, { now }),
    () => Session.initialize({ episode: 1, topic: "x" }, { now: NaN }),
    () => Session.parse(text).apply({ type: "complete", agent: "nobody" }, { now }),
    () => Session.parse(text).apply({ type: "complete", agent: "script_writer", cost: -1 }, { now }),
    () => Session.parse(text).apply({ type: "complete", agent: "\ud800", cost: 1e308 }, { now }),
    () => merge("", "", ""),
    () => dashboard([{}], { now }),
    () => new Session({}),
  ];
  for (const error of errors) {
    assert.throws(error, Error, String(error));
    const session = Session.parse(text);
    session.apply({ type: "complete", agent: "script_writer", cost: 1.2 }, { now });
    assert.equal(session.state, "EVALUATING");
    session.free();
  }
});

test("sessions that are freed leave the memory as it was", () => {
  const cycle = () => {
    const session = Session.parse(text);
    session.apply({ type: "complete", agent: "script_writer", cost: 1.2 }, { now });
    session.free();
  };
  const memory = wasmMemory();
  for (let i = 0; i < 1_000; i += 1) cycle();
  const before = memory.buffer.byteLength;
  for (let i = 0; i < 100_000; i += 1) cycle();
  assert.equal(memory.buffer.byteLength, before);
});
