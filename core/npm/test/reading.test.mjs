import assert from "node:assert/strict";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import init, { CallboardError, Session, compareFiles, dashboard, parseConfig } from "callboard";
import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const now = "2025-09-10T12:00:00Z";
const found = new URL("../../../tests/fixtures/found/", import.meta.url);

await init();

function thrown(work) {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof CallboardError, String(error));
    return error;
  }
  return assert.fail(`nothing was thrown: ${work}`);
}

test("a file without a state is UNKNOWN, and accepts no event", async () => {
  const text = await readFile(new URL("ep_012_lean_20250903/pipeline_status.json", found), "utf8");
  const session = Session.parse(text);
  assert.deepEqual([session.state, session.stage], ["UNKNOWN", undefined]);
  const { progress_percentage, current_stage, state } = session.progress({ now });
  assert.deepEqual([progress_percentage, current_stage, state], [null, null, "UNKNOWN"]);
  const { health, reasons } = session.health({ now });
  assert.deepEqual([health, reasons.map(({ code }) => code)], ["unknown", ["unknown_state"]]);
  assert.deepEqual(dashboard([session], { now }).active_sessions, []);
  assert.ok(session.timeline().lanes.every(({ status, bars }) => status === null && bars.length === 0));
  assert.ok(session.choices({ now }).every(({ refusal }) => refusal.code === "unreadable_state"));
  const error = thrown(() => session.apply({ type: "start", agent: "research_coordinator" }, { now }));
  assert.deepEqual([error.code, error.refusal.allowed], ["unreadable_state", []]);
  assert.match(error.hint, /^Add pipeline_state\.current_stage/);
  assert.ok(session.diagnostics().some(({ code, severity }) => code === "unknown_state" && severity === "error"));
  assert.ok(session.diagnostics().every(({ fix }) => fix === null), "its stages are no state: nothing is certain");
  assert.equal(session.toString(), text);
  // An unreadable state is not the same as a missing one.
  assert.equal(Session.parse('{"session_id": "a", "pipeline_state": {"current_stage": "lunch"}}').state, undefined);
});

test("a template is refused with its own code", async () => {
  for (const name of ["session-template.json", "episode-template.json"]) {
    const error = thrown(() => Session.parse("", { file: name }));
    assert.equal(error.code, "empty");
    const bytes = await readFile(new URL(name, found));
    const { code, line, column, message } = thrown(() => Session.fromBytes(bytes, { file: name }));
    assert.deepEqual([code, line, column], ["template", 2, 17]);
    assert.match(message, /This is a template, not a session: its session_id has the placeholder (\{number\}|XXX)/);
  }
});

test("a configuration is read, and mistakes in it are reported with their place", () => {
  const config = parseConfig('\ufeff{"policy": {"retry_limit": 5, "wait_limit": 3600}, "sessions": "out/sessions"}');
  assert.deepEqual(config, { policy: { retry_limit: 5, wait_limit: 3600 }, sessions: "out/sessions" });
  assert.deepEqual(parseConfig("{}"), { policy: {}, sessions: undefined });
  const session = Session.initialize({ episode: 1, topic: "tides" }, { now: "2025-09-10T10:59:59Z", policy: config.policy });
  assert.deepEqual(session.health({ now }).reasons.map(({ code }) => code), ["waiting"]);
  const check = (text, code, line, column, message) => {
    const error = thrown(() => parseConfig(text, { file: "callboard.json" }));
    assert.deepEqual([error.code, error.line, error.column, error.file], [code, line, column, "callboard.json"], text);
    assert.match(error.message, message);
  };
  check('{\n  "policy": {"retry_limits": 5}\n}', "invalid_config", 2, 14, /Did you mean "retry_limit"\?/);
  check('{"polcy": {}}', "invalid_config", 1, 2, /Did you mean "policy"\?/);
  check('{"policy": {"thresholds": {"overall": 85}}}', "invalid_config", 1, 39, /between 0 and 1/);
  check('{"policy": {"budget": 1, "budget": 2}}', "invalid_config", 1, 26, /Duplicate key/);
  check('{"policy": {"budget": 1,}}', "unexpected_character", 1, 25, /callboard\.json: /);
  check("", "empty", 1, 1, /empty/);
  for (const wrong of [undefined, null, 5, {}]) assert.equal(thrown(() => parseConfig(wrong)).code, "invalid_value");
});

test("two files of a session are compared by content, then by path", () => {
  const make = (file, rest) => Session.parse(`{"session_id": "a"${rest}}`, { file });
  const state = ', "pipeline_state": {"current_stage": "writing"}';
  const silent = make("a.json", ', "status": "completed"');
  const stated = make("b.json", state);
  const longer = make("c.json", `${state}, "history": [{"event": "start"}]`);
  const other = make("d.json", state);
  const order = [silent, other, longer, stated];
  for (let turn = 0; turn < 4; turn += 1) {
    order.push(order.shift());
    assert.deepEqual([...order].sort(compareFiles).map(({ file }) => file), ["c.json", "b.json", "d.json", "a.json"]);
  }
  assert.equal(compareFiles(stated, stated), 0);
  assert.equal(thrown(() => compareFiles(stated, {})).code, "invalid_value");
});

test("a folder lists the file with the longer history, whatever the names", async () => {
  for (const [first, second] of [["a.json", "b.json"], ["b.json", "a.json"]]) {
    const dir = await folder();
    const store = new FileStore(dir, { now: () => "2024-08-11T14:30:00Z" });
    const id = await store.initializeSession({ episode: 1, topic: "tides" });
    await rename(join(dir, "ep001_session_20240811.json"), join(dir, first));
    const before = await readFile(join(dir, first), "utf8");
    await store.apply(id, { type: "start", agent: "research_coordinator" }, { now: "2024-08-11T14:31:00Z" });
    await writeFile(join(dir, second), before);
    const { sessions, broken } = await store.list();
    assert.deepEqual(sessions.map(({ file }) => file), [first]);
    assert.deepEqual(broken.map(({ file, error }) => [file, error.code]), [[second, "duplicate_id"]]);
    assert.equal(broken[0].error.message, `${second} is not listed: it holds the same session as ${first}.`);
    assert.doesNotMatch(`${broken[0].error.message} ${broken[0].error.hint}`, /another|its own/);
  }
});

test("a store lists unknown sessions as such, and templates among the broken files", async () => {
  const dir = await folder();
  for (const name of ["ep_012_lean_20250903/pipeline_status.json", "session-template.json"]) {
    await writeFile(join(dir, name.replaceAll("/", "-")), await readFile(new URL(name, found)));
  }
  const store = new FileStore(dir, { now: () => now });
  const { sessions, broken } = await store.list();
  assert.deepEqual(sessions.map(({ id }) => id), ["ep_012_lean_20250903"]);
  assert.deepEqual(broken.map(({ file, error }) => [file, error.code]), [["session-template.json", "template"]]);
  assert.equal((await store.getSessionProgress("ep_012_lean_20250903")).progress_percentage, null);
  assert.deepEqual((await store.dashboard()).active_sessions, []);
});
