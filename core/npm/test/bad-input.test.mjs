// Invalid and unusual texts in the real WebAssembly: each is an error with its reason, or supports every method. None
// traps, and the module works after every error.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import init, { CallboardError, Session, dashboard, merge, typicalDurations } from "callboard";

const bytes = readFileSync(new URL("../../../tests/fixtures/sessions/ep001_session_20240811.json", import.meta.url));
const text = bytes.toString("utf8");
const now = "2024-08-11T15:20:00Z";

await init();

const agents = ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"];
const report = { failures: ["technical", "brand_consistency"], scores: { overall: 0.5 } };
const events = agents.flatMap((agent) =>
  [
    { type: "start" },
    { type: "progress", cost: 0.1 },
    { type: "complete", cost: 1.2, quality_score: 0.9, output_file: "a.md" },
    { type: "fail", error: "timeout" },
    { type: "retry" },
    { type: "resume", override: true },
    { type: "quality_failure", report },
    { type: "skip", reason: "rehearsal" },
    { type: "update", status: "completed" },
  ].map((event) => ({ ...event, agent })),
);

const after = (() => {
  const session = Session.parse(text);
  session.apply(events[11], { now });
  return session.toString();
})();

/** Asserts that a new session can still be parsed, updated and written. */
function alive() {
  const session = Session.parse(text);
  session.apply(events[11], { now });
  assert.equal(session.toString(), after);
  session.free();
}

/** Returns the error that `work` throws, which must be the package's own; none if it throws nothing. */
function thrown(work) {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof CallboardError)) throw error;
    assert.match(error.code, /^[a-z0-9_]+$/);
    assert.ok(error.message.length > 0 && error.message.length < 1000, error.message.slice(0, 1000));
    alive();
    return error;
  }
}

/** Calls every method of a session, and sends it every event: each applies and can be undone, or changes nothing. */
function ask(session, whole, { send = events } = {}) {
  assert.ok(session.toString() === whole, "parsing changed something");
  void [session.id, session.state, session.stage];
  for (const found of session.diagnostics()) assert.ok(found.line >= 1 && found.column >= 1 && found.message);
  assert.equal(session.progress({ now }).state ?? undefined, session.state);
  assert.equal(session.timeline().lanes.length, 4);
  assert.equal(session.choices({ now }).length, 8);
  assert.equal(session.diff(), "");
  for (const event of send) {
    const refusals = session.check(event, { now });
    const error = thrown(() => session.apply(event, { now }));
    assert.equal(error?.code, refusals[0]?.code);
    if (error === undefined) {
      assert.notEqual(session.diff(), "");
      assert.equal(session.undo(), true);
    }
    assert.ok(session.toString() === whole, "a refusal or an undo left something");
  }
  assert.equal(session.undo(), false);
}

/** Parses a text, and calls every method if it is a session. Returns the error's code if it is not. */
function read(input, options) {
  let session;
  const error = thrown(() => {
    session = typeof input === "string" ? Session.parse(input) : Session.fromBytes(input);
  });
  if (error) {
    assert.ok(error.line >= 1 && error.column >= 1);
    return error.code;
  }
  ask(session, typeof input === "string" ? input : Buffer.from(input).toString("utf8"), options);
  session.free();
  return "read";
}

test("the sample cut off at every byte", () => {
  for (let end = 0; end < bytes.length - 1; end++) assert.notEqual(read(bytes.subarray(0, end)), "read", `at ${end}`);
  assert.equal(read(bytes.subarray(0, bytes.length - 1)), "read", "without its last line end it is whole");
});

test("each value replaced by each JSON type", () => {
  const full = JSON.parse(text);
  Object.assign(full.pipeline_state, { skipped_stages: [], gate_failures: 1, escalation: { stage: "writing", at: now } });
  Object.assign(full.agent_outputs.script_writer, { error: "x", handoff: { data: {} } });
  Object.assign(full, { feedback: ["a"], adjustments_needed: ["b"] });
  full.history = [{ at: now, event: "start", agent: "script_writer", cost: 1, attempt: 1 }];
  const places = [];
  const walk = (parent) => {
    for (const key of Object.keys(parent)) {
      places.push([parent, key]);
      if (parent[key] !== null && typeof parent[key] === "object") walk(parent[key]);
    }
  };
  walk(full);
  const others = ["null", "true", "-1", "0.5", "1e400", "123456789012345678901234567890", '""', '"x"', "[[]]", '{"a": 1}'];
  assert.ok(places.length > 60);
  for (const [parent, key] of places) {
    const kept = parent[key];
    parent[key] = "\u0001";
    const [before, behind] = JSON.stringify(full, null, 2).split('"\\u0001"');
    parent[key] = kept;
    for (const other of others) assert.equal(read(before + other + behind, { send: events.slice(9, 18) }), "read");
  }
});

const nested = (open, middle, close, depth = 100_000) => open.repeat(depth) + middle + close.repeat(depth);

test("a hundred thousand levels deep", () => {
  const head = '"session_id": "a", "pipeline_state": {"current_stage": "writing"}';
  const few = { send: events.slice(9, 18) };
  for (const [open, close] of [["[", "]"], ['{"a":', "}"], ['[{"a":', "}]"]]) {
    const deep = nested(open, "1", close);
    assert.equal(read(deep), "not_a_session");
    assert.equal(read(open.repeat(100_000)), "unexpected_end");
    assert.equal(read(`{${head}, "note": ${open.repeat(100_000)}`), "unexpected_end");
    for (const key of ["note", "feedback", "session_id", "episode", "agent_outputs", "quality_metrics", "cost_tracking"]) {
      assert.equal(read(`{${head}, "${key}": ${deep}}`, few), "read", key);
    }
    assert.equal(read(`{${head}, "history": [${deep}, {"event": ${deep}}]}`, few), "read");
    assert.equal(read(`{${head}, "timestamps": {"created": ${deep}}}`, few), "read");
    assert.equal(read(`{${head}, "agent_outputs": {"script_writer": ${deep}}}`, few), "read");
    assert.equal(read(`{"session_id": "a", "pipeline_state": ${deep}}`, few), "read");
    assert.equal(read(`{"session_id": "a", "pipeline_state": {"completed_stages": ${deep}}}`, few), "read");
  }
  // Known keys at every level.
  assert.equal(read(nested('{"session_id": "a", "agent_outputs": ', "{}", "}"), few), "read");
  assert.equal(read(nested('{"session_id": "a", "history": [', "", "]}"), few), "read");
  alive();
});

test("an event that is deeper than the runtime can spell is the caller's mistake", () => {
  let deep = [];
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const session = Session.parse(text.replace('"current_stage": "writing"', '"current_stage": "evaluation"'));
  for (const depth of [1_000, 100_000]) {
    const recommendations = depth === 1_000 ? JSON.parse(nested("[", "1", "]", depth)) : deep;
    const event = { type: "quality_failure", agent: "quality_evaluator", report: { ...report, recommendations } };
    const error = thrown(() => session.apply(event, { now }));
    if (error === undefined) assert.equal(session.undo(), true);
    else assert.match(error.message, /cannot be written as JSON/);
  }
});

test("a hundred megabytes", () => {
  const big = text.replace("Why Octopuses Dream", "x".repeat(100 << 20));
  assert.equal(read(big, { send: events.slice(11, 12) }), "read");
  const many = text.replace('"session_id"', `"note": [${"1,".repeat(2 << 20)}1], "session_id"`);
  assert.equal(read(many, { send: events.slice(11, 12) }), "read");
  const open = "[".repeat(4 << 20);
  assert.equal(read(open), "unexpected_end");
  assert.equal(read(Buffer.alloc(100 << 20)), "unexpected_character");
  assert.equal(read(Buffer.alloc(100 << 20, 0xff)), "not_utf8");
});

test("texts that are hardly JSON are answered by name", () => {
  const check = (value, code) => assert.equal(read(`{"session_id": ${value}}`), code, value);
  for (const bad of ["NaN", "-NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "1e", "0x1"]) {
    assert.match(read(`{"session_id": ${bad}}`), /^(bad_number|unexpected_character)$/, bad);
  }
  check('"a\0b"', "bad_string");
  check("\0", "unexpected_character");
  check("1}\0", "trailing_characters");
  check("\ufeff1", "unexpected_character");
  check('"\\u12"', "bad_string");
  check("undefined", "unexpected_character");
  check('"\\u0000"', "read");
  check('1, "session_id": 2, "session_id": {}', "read");
  check('1, "__proto__": {"pipeline_state": {"current_stage": "complete"}}, "constructor": null, "toString": 1', "read");
  for (const value of ["", "\ufeff", " \n", "null", "[]", "{}", '"session_id"', "1"]) {
    assert.match(read(value), /^(empty|not_a_session)$/, value);
  }
  assert.equal(read(`\ufeff${text}`), "read");
  assert.equal(read(text.replaceAll("\n", "\r\n")), "read");
  assert.equal({}.polluted ?? {}.pipeline_state, undefined);
});

test("a lone surrogate is kept as an escape, and refused in the text itself", () => {
  for (const half of ["\\ud800", "\\udc00\\ud800", "\\uD83D x"]) {
    assert.equal(read(`{"session_id": "${half}", "${half}": "${half}"}`), "read");
    assert.equal(read(text.replace("Why Octopuses Dream", half)), "read");
  }
  // UTF-8 cannot represent it, so it would become another text.
  const check = (bad, line, column) => {
    const error = thrown(() => Session.parse(bad, { file: "a.json" }));
    assert.deepEqual([error.code, error.line, error.column], ["bad_string", line, column]);
    assert.equal(
      error.message,
      `a.json: The text has a lone surrogate, which UTF-8 cannot hold (line ${line}, column ${column}).`,
    );
    assert.match(error.hint, /Write it as an escape/);
  };
  check("\ud800", 1, 1);
  check('\ufeff{"a": "😀\udc00"}', 1, 9);
  check('{\r\n"a": "\ud83d"}', 2, 7);
  assert.equal(thrown(() => merge(text, text, text.replace("Octopuses", "\udc00"))).code, "bad_string");
  assert.equal(read(text.replace("Octopuses", "😀")), "read");
  const session = Session.parse(text);
  session.apply({ type: "fail", agent: "script_writer", error: "\ud800" }, { now });
  assert.equal(JSON.parse(session.toString()).agent_outputs.script_writer.error, "\ufffd");
  assert.match(session.diff({ path: "\ud800" }), /^--- a\/\ufffd\n/);
});

test("bytes that are not UTF-8 are refused with their place", () => {
  for (const place of [0, 1, 20, 400, bytes.length]) {
    for (const bad of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
      assert.equal(read(Buffer.concat([bytes.subarray(0, place), Buffer.from(bad), bytes.subarray(place)])), "not_utf8");
    }
  }
  assert.equal(read(Buffer.from(`\ufeff${text}`, "utf16le")), "not_utf8");
  assert.equal(read(Buffer.from(text, "utf16le")), "not_utf8");
});

test("bytes of another format are refused by its name, read as bytes or as text", () => {
  const check = (bytes, code, message) => {
    const error = thrown(() => Session.fromBytes(Buffer.from(bytes), { file: "a.json" }));
    assert.deepEqual([error.code, error.message], [code, `a.json: ${message} (line 1, column 1).`]);
  };
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d];
  check(png, "not_json", "This is a PNG image, not JSON");
  check([0x1f, 0x8b, 0x08, 0, 0, 0], "not_json", "This is a gzip file, not JSON: unpack it first");
  check(Buffer.from("%PDF-1.7\n"), "not_json", "This is a PDF document, not JSON");
  check(Buffer.from(text, "utf16le"), "not_utf8", "This is UTF-16 text: save it as UTF-8");
  assert.equal(thrown(() => Session.parse(Buffer.from(png).toString("utf8"))).code, "not_json");
});

test("wrong arguments are refused with an explanation", () => {
  const session = Session.parse(text);
  const apply = (event, options = { now }) => () => session.apply(event, options);
  const cycle = { type: "start", agent: "script_writer" };
  cycle.cycle = cycle;
  const wrong = [
    ...[undefined, null, 1, "x", Symbol("x"), [], {}, () => 1, 1n, cycle].map((event) => apply(event)),
    apply({ toJSON: () => undefined }),
    apply({ toJSON: () => "x" }),
    apply({
      toJSON() {
        throw new Error("no");
      },
    }),
    ...[undefined, null, NaN, Infinity, "", "noon", {}, [], true, 1n, Symbol("x"), new Date(NaN)].map((now) =>
      apply(events[9], { now }),
    ),
    () => session.progress({ now: "noon" }),
    () => session.choices({}),
    () => Session.parse(),
    () => Session.parse(null),
    () => Session.parse(new String(text)),
    () => Session.fromBytes(text),
    () => Session.fromBytes([1, 2]),
    () => Session.fromBytes(bytes.buffer),
    ...[5, null, {}, Symbol("a"), ["a"]].map((file) => () => Session.parse(text, { file })),
    ...[5, null, {}].map((file) => () => Session.fromBytes(bytes, { file })),
    ...[5, null, {}, Symbol("a")].map((path) => () => session.diff({ path })),
    ...[5, "a", { start: "a", end: 1, text: "" }, { start: 0, end: 2 ** 40, text: "" }, { start: 0, end: 1, text: 5 }].map(
      (fix) => () => session.fix({ fix }),
    ),
    ...[2 ** 40 + 5, 1441, -1441, NaN, "60", 1n].map((timeZoneOffset) => () => dashboard([session], { now, timeZoneOffset })),
    ...[undefined, null, 5, [5], [null], [{}], "a"].map((sessions) => () => dashboard(sessions, { now })),
    () => typicalDurations([{}]),
    () => typicalDurations([session], { policy: { typical_durations: { research: -1 } } }),
    () => new Session(),
    () => new Session({}),
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 60, "1"].map((episode) => () => Session.initialize({ episode, topic: "x" }, { now })),
    ...["", " ", 1, undefined].map((topic) => () => Session.initialize({ episode: 1, topic }, { now })),
    ...[0, 6, 1.5, NaN, 300].map((complexity) => () => Session.initialize({ episode: 1, topic: "x", complexity }, { now })),
  ];
  wrong.forEach((work, at) => assert.ok(thrown(work), `${at}: ${work}`));
  assert.equal(session.toString(), text);
  ask(session, text);
});
