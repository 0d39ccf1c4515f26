// The store's operations on an episode, on every backend.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";

import { CallboardError, Session } from "callboard";
import { MemoryStore, Store } from "callboard/memory";
import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const at = "2024-08-11T14:30:00Z";
const backends = {
  memory: (options) => new MemoryStore(options),
  files: async (options) => new FileStore(await folder(), options),
};

/** Creates a store whose clock advances by a minute with each call. */
const ticking = () => {
  let now = Date.parse(at) - 60_000;
  return () => new Date((now += 60_000));
};

/** Creates a store with a session whose first agent has started. */
async function begun(open, options = {}) {
  const store = await open({ now: () => at, ...options });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  await store.updateSessionState(id, "research_coordinator", { status: "in_progress" });
  return { store, id };
}

const data = (store, id) => store.read(id, (session) => session.data());

/** Advances a session to a running evaluation. */
async function evaluating(store, id) {
  await store.updateSessionState(id, "research_coordinator", { status: "complete", cost: 1, quality_score: 0.9 });
  await store.apply(id, { type: "complete", agent: "script_writer", cost: 1 });
  await store.apply(id, { type: "start", agent: "quality_evaluator" });
}

for (const [name, open] of Object.entries(backends)) {
  test(`${name}: a new session has the framework's id, and there is one of it`, async () => {
    const store = await open({ now: () => at });
    const id = await store.initializeSession({ episode: 1, topic: "tides", complexity: 4 });
    assert.equal(id, "ep_001_20240811_1430");
    const exists = { name: "CallboardError", code: "session_exists" };
    await assert.rejects(store.initializeSession({ episode: 1, topic: "tides" }), exists);
    await assert.rejects(store.initializeSession({ episode: 0, topic: "tides" }), { code: "invalid_value" });
    assert.equal((await data(store, id)).episode.complexity_target, 4);
    assert.deepEqual((await store.list()).sessions.map((session) => session.id), [id]);
    await assert.rejects(store.load("ep_2"), { code: "session_not_found", message: /^There is no session ep_2 in / });
  });

  test(`${name}: a text is swapped only if it is the expected one`, async () => {
    const { store, id } = await begun(open);
    const { text } = await store.load(id);
    assert.equal(await store.compareAndSwap(id, "{}", text), false);
    assert.equal(await store.compareAndSwap(id, text, `${text}\n`), true);
    assert.equal((await store.load(id)).text, `${text}\n`);
    assert.equal(await store.compareAndSwap(id, null, text), false, "it exists");
  });

  test(`${name}: only a text of the same session is stored under an id`, async () => {
    const { store, id } = await begun(open);
    const { text } = await store.load(id);
    const opaque = text.replaceAll(id, "test_stuck");
    assert.equal(await store.compareAndSwap("test_stuck", opaque, opaque), false, "it does not exist");
    assert.equal(await store.compareAndSwap("test_stuck", null, opaque), true);
    assert.equal(await store.compareAndSwap("test_stuck", null, opaque), false, "it exists");
    assert.equal(await store.compareAndSwap("test_stuck", opaque, `${opaque}\n`), true);
    assert.equal((await store.load("test_stuck")).text, `${opaque}\n`);
    const refused = (...args) => assert.rejects(store.compareAndSwap(...args), { name: "CallboardError", code: "invalid_value" });
    for (const expected of [null, text]) {
      await refused(id, expected, opaque);
      await refused(id, expected, "garbage");
      await refused(id, expected, '{"pipeline_state": {}}');
      await refused(id, expected, undefined);
    }
    await refused(id, undefined, text);
    await refused(5, null, text);
    assert.equal((await store.load(id)).text, text);
  });

  test(`${name}: progress, health and resume use the dashboard's durations`, async () => {
    let now = at;
    const store = await open({ now: () => now });
    const took = (count) => `{"session_id": "done_${count}", "pipeline_state": {"current_stage": "complete"},
      "agent_outputs": {"research_coordinator": {"status": "complete", "execution_time": 60}}}`;
    for (const count of [1, 2, 3]) await store.compareAndSwap(`done_${count}`, null, took(count));
    assert.deepEqual((await store.typicalPolicy()).typical_durations, { research: 60, writing: 1200, evaluation: 600, synthesis: 900 });
    // Running for 70 minutes without an estimate: stalled by the median of a minute, not by the default of 28.
    const id = "no_estimate";
    const text = `{"session_id": "${id}", "pipeline_state": {"current_stage": "research"},
      "agent_outputs": {"research_coordinator": {"status": "in_progress", "start_time": "${at}"}}}`;
    await store.compareAndSwap(id, null, text);
    now = "2024-08-11T15:40:00Z";
    const { active_sessions } = await store.dashboard();
    assert.deepEqual(active_sessions.map(({ session_id, health }) => [session_id, health]), [[id, "stalled"]]);
    assert.equal((await store.getSessionHealth(id)).health, "stalled");
    const plain = Session.parse(text);
    assert.notEqual(plain.health({ now }).health, "stalled");
    assert.notEqual((await store.getSessionProgress(id)).estimated_completion, undefined);
    plain.free();
    assert.equal((await store.resume(id)).to, "RETRY");
    await store.compareAndSwap("another", null, text.replace(id, "another"));
    assert.equal((await store.apply("another", { type: "resume", agent: "research_coordinator" })).to, "RETRY");
  });

  test(`${name}: an invalid update or change is refused, and nothing is written`, async () => {
    const { store, id } = await begun(open);
    const { text } = await store.load(id);
    const invalid = { name: "CallboardError", code: "invalid_value" };
    for (const update of [undefined, null, "complete", []]) {
      await assert.rejects(store.updateSessionState(id, "research_coordinator", update), invalid);
    }
    const late = async (session) => {
      await null;
      session.apply({ type: "fail", agent: "research_coordinator", error: "x" }, { now: at });
    };
    await assert.rejects(store.change(id, late), { ...invalid, message: /^A session must be changed by a function that is not async/ });
    assert.equal((await store.load(id)).text, text);
    await store.handleAgentFailure(id, "research_coordinator", { message: "no quota" });
    assert.equal((await data(store, id)).agent_outputs.research_coordinator.error, "no quota");
  });

  test(`${name}: a failure is recorded and retried in one write, until it is escalated`, async () => {
    const { store, id } = await begun(open);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const outcome = await store.handleAgentFailure(id, "research_coordinator", new Error("timeout"), { cost: 0.1 });
      assert.deepEqual(outcome.next, { step: "start", agent: "research_coordinator" });
      assert.equal(outcome.to, "RETRY");
      await store.apply(id, { type: "start", agent: "research_coordinator" });
    }
    const last = await store.handleAgentFailure(id, "research_coordinator", "");
    assert.deepEqual(last.next, { step: "escalate", agent: "research_coordinator" });
    const { pipeline_state, cost_tracking } = await data(store, id);
    assert.equal(pipeline_state.escalation.error, "unknown error");
    assert.equal(cost_tracking.research, 0.3);
    await assert.rejects(store.resume(id), { code: "escalated" });
    assert.equal((await store.resume(id, { override: true, reason: "it is back" })).to, "RETRY");
  });

  test(`${name}: a retry that the policy refuses leaves the failure recorded`, async () => {
    const { store, id } = await begun(open, { policy: { over_budget: "block" } });
    const outcome = await store.handleAgentFailure(id, "research_coordinator", "timeout", { cost: 20 });
    assert.equal(outcome.to, "FAILED");
    assert.equal(outcome.next.step, "retry");
  });

  test(`${name}: failed gates send the session back`, async () => {
    const { store, id } = await begun(open);
    await evaluating(store, id);
    const outcome = await store.handleQualityFailure(id, { failures: ["technical"], technical_fixes: ["shorter"] }, { cost: 0.2 });
    assert.equal(outcome.to, "WRITING");
    assert.deepEqual((await data(store, id)).adjustments_needed, ["shorter"]);
  });

  test(`${name}: evaluators that finish at the same moment both keep their cost`, async () => {
    const { store, id } = await begun(open);
    await evaluating(store, id);
    const done = { status: "complete", cost: 0.25, quality_score: { overall_quality: 0.9, brand_consistency: 0.95 } };
    const outcomes = await Promise.all([1, 2, 3].map(() => store.updateSessionState(id, "quality_evaluator", done)));
    assert.deepEqual(outcomes.map(({ event }) => event).sort(), ["complete", "progress", "progress"]);
    const { cost_tracking } = await data(store, id);
    assert.equal(cost_tracking.evaluation, 0.75);
    assert.equal(cost_tracking.total, 2.75);
    // The scores of later stages are not kept, which a warning reports.
    const late = outcomes.filter(({ event }) => event === "progress");
    assert.deepEqual(late.map(({ warnings }) => warnings), Array(2).fill([
      { code: "already_complete", message: "quality_evaluator is complete already: only the cost of this update is recorded, not quality_score." },
    ]));
    const bill = await store.updateSessionState(id, "quality_evaluator", { status: "complete", cost: 0.1, output_file: undefined });
    assert.deepEqual(bill.warnings, [], "nothing is lost of it");
  });

  test(`${name}: a result that is delivered three times is billed once`, async () => {
    const { store, id } = await begun(open);
    const done = { status: "complete", cost: 1, attempt: 1, key: "job 1" };
    const outcomes = [];
    for (let time = 0; time < 3; time += 1) outcomes.push(await store.updateSessionState(id, "research_coordinator", done));
    assert.deepEqual(outcomes.map(({ duplicate }) => duplicate?.key), [undefined, "job 1", "job 1"]);
    assert.equal((await data(store, id)).cost_tracking.total, 1);
    const { text } = await store.load(id);
    const event = { type: "complete", agent: "research_coordinator", cost: 1, attempt: 1, key: "job 1" };
    assert.equal((await store.apply(id, event)).duplicate.cost, 1);
    assert.equal((await store.load(id)).text, text);
  });

  test(`${name}: late bills that are delivered again count once`, async () => {
    const { store, id } = await begun(open);
    await evaluating(store, id);
    const done = (key) => ({ status: "complete", cost: 0.25, quality_score: 0.9, key });
    for (const key of ["a", "b", "b", "c", "a", "c", "b"]) await store.updateSessionState(id, "quality_evaluator", done(key));
    const late = await store.updateSessionState(id, "quality_evaluator", done("c"));
    assert.deepEqual([late.event, late.duplicate.event, late.duplicate.cost], ["progress", "progress", 0.25]);
    assert.equal((await data(store, id)).cost_tracking.evaluation, 0.75);
    await assert.rejects(store.updateSessionState(id, "script_writer", done("c")), { code: "invalid_value" });
  });

  test(`${name}: the result of an abandoned attempt does not count for the new one, and its cost is recorded`, async () => {
    const { store, id } = await begun(open);
    await store.apply(id, { type: "resume" }, { now: "2024-08-12T14:30:00Z" });
    const { attempt } = await store.apply(id, { type: "start", agent: "research_coordinator" });
    assert.equal(attempt, 2);
    const event = { type: "complete", agent: "research_coordinator", cost: 0.5, attempt: 1 };
    await assert.rejects(store.apply(id, event), { code: "stale_attempt" });
    await assert.rejects(store.handleAgentFailure(id, "research_coordinator", "timeout", { attempt: 1 }), { code: "stale_attempt" });
    await assert.rejects(store.updateSessionState(id, "research_coordinator", { attempt: 1 }), { code: "stale_attempt" });
    const late = { status: "complete", cost: 0.5, output_file: "old.md", attempt: 1, key: "job 1" };
    const outcome = await store.updateSessionState(id, "research_coordinator", late);
    assert.deepEqual([outcome.event, outcome.to, outcome.attempt], ["progress", "RESEARCHING", 2]);
    assert.deepEqual(outcome.warnings.filter(({ code }) => code !== "clock_backwards"), [
      { code: "stale_attempt", message: "Attempt 1 of research_coordinator is over: only the cost of this update is recorded, not output_file." },
    ]);
    assert.equal((await store.updateSessionState(id, "research_coordinator", late)).duplicate.cost, 0.5);
    await store.updateSessionState(id, "research_coordinator", { status: "complete", cost: 1, output_file: "new.md", attempt });
    const { cost_tracking, agent_outputs, history } = await data(store, id);
    assert.deepEqual([cost_tracking.research, agent_outputs.research_coordinator.output_file], [1.5, "new.md"]);
    assert.deepEqual(history.slice(-2).map((entry) => [entry.event, entry.attempt]), [["progress", 1], ["complete", 2]]);
  });

  test(`${name}: events recorded in one write are a duplicate as a whole`, async () => {
    const { store, id } = await begun(open);
    const failed = () => store.handleAgentFailure(id, "research_coordinator", "timeout", { cost: 0.1, attempt: 1, key: "failure" });
    assert.deepEqual([(await failed()).to, (await failed()).duplicate.event], ["RETRY", "fail"]);
    await store.apply(id, { type: "start", agent: "research_coordinator" });
    assert.deepEqual((await failed()).next, { step: "work", agent: "research_coordinator" });
    await store.apply(id, { type: "fail", agent: "research_coordinator", error: "timeout" });
    const resumed = () => store.resume(id, { reason: "looked at it", key: "by hand" });
    assert.deepEqual([(await resumed()).to, (await resumed()).duplicate.reason], ["RETRY", "looked at it"]);
    await evaluating(store, id);
    const gates = () => store.handleQualityFailure(id, { failures: ["technical"] }, { cost: 0.2, attempt: 1, key: "report" });
    assert.deepEqual([(await gates()).to, (await gates()).duplicate.event], ["WRITING", "quality_failure"]);
    // Another agent is running now, but the key identifies the resumed agent.
    assert.equal((await resumed()).agent, "research_coordinator");
    const { cost_tracking, pipeline_state, history } = await data(store, id);
    assert.deepEqual([cost_tracking.total, pipeline_state.failed_attempts, pipeline_state.gate_failures], [2.3, 2, 1]);
    assert.deepEqual(history.filter(({ key }) => key).map(({ key }) => key), ["failure", "by hand", "report"]);
  });

  test(`${name}: a session that is created twice with one key is created once`, async () => {
    const store = await open({ now: () => at });
    const episode = { episode: 1, topic: "tides", key: "morning" };
    const id = await store.initializeSession(episode);
    assert.equal(await store.initializeSession(episode), id);
    assert.equal((await data(store, id)).history[0].key, "morning");
    await assert.rejects(store.initializeSession({ ...episode, key: "evening" }), { code: "session_exists" });
    await assert.rejects(store.initializeSession({ ...episode, key: undefined }), { code: "session_exists" });
  });

  test(`${name}: a hundred heartbeats do not lengthen the file`, async () => {
    const { store, id } = await begun(open);
    const { text } = await store.load(id);
    await Promise.all(Array.from({ length: 100 }, (_, beat) =>
      store.updateSessionState(id, "research_coordinator", { attempt: 1 }, { now: Date.parse(at) + beat * 1000 })));
    const after = (await store.load(id)).text;
    assert.equal(after.length, text.length);
    assert.notEqual(after, text, "the last of them is written");
  });

  test(`${name}: readiness, progress and the dashboard`, async () => {
    const { store, id } = await begun(open);
    assert.deepEqual(await store.validateReadyForStage(id, "script_writer").then(({ ready, refusals }) => [ready, refusals[0].code]), [false, "wrong_stage"]);
    await store.apply(id, { type: "complete", agent: "research_coordinator" });
    assert.deepEqual(await store.validateReadyForStage(id, "script_writer"), { ready: true, refusals: [] });
    assert.equal((await store.getSessionProgress(id)).progress_percentage, 25);
    const { active_sessions, average_cost } = await store.dashboard({ timeZoneOffset: 0 });
    assert.deepEqual(active_sessions.map(({ session_id, progress }) => [session_id, progress]), [[id, 25]]);
    assert.deepEqual(average_cost, { value: null, n: 0 });
  });

  test(`${name}: concurrent changes are made one after another`, async () => {
    const { store, id } = await begun(open);
    const bill = { type: "progress", agent: "research_coordinator", cost: 0.01 };
    await Promise.all(Array.from({ length: 50 }, () => store.apply(id, bill)));
    assert.equal((await data(store, id)).cost_tracking.research, 0.5);
    const mistake = () => store.change(id, () => assert.fail("on purpose"));
    await assert.rejects(mistake(), { message: "on purpose" });
    await store.apply(id, bill);
    assert.equal((await data(store, id)).cost_tracking.research, 0.51, "a mistake holds nobody up");
  });

  test(`${name}: a watch reports changes until it is aborted`, async () => {
    const { store, id } = await begun(open);
    const stop = new AbortController();
    const changes = store.watch({ signal: stop.signal })[Symbol.asyncIterator]();
    const first = changes.next();
    await store.apply(id, { type: "progress", agent: "research_coordinator", cost: 0.1 });
    assert.equal((await first).value.id, id);
    stop.abort();
    for (let next = await changes.next(); !next.done; next = await changes.next()) assert.equal(next.value.id, id);
  });

  test(`${name}: the store's clock sets the times that are written`, async () => {
    const store = await open({ now: ticking() });
    const id = await store.initializeSession({ episode: 7, topic: "tides" });
    await store.updateSessionState(id, "research_coordinator", { status: "in_progress" });
    const { timestamps } = await data(store, id);
    assert.deepEqual([timestamps.created, timestamps.research_started], ["2024-08-11T14:30:00Z", "2024-08-11T14:31:00Z"]);
  });
}

test("a session's policy is the store's", async () => {
  const { store, id } = await begun(backends.memory, { policy: { retry_limit: 0 } });
  const outcome = await store.handleAgentFailure(id, "research_coordinator", "timeout");
  assert.equal(outcome.next.step, "escalate");
  const session = Session.parse((await store.load(id)).text);
  assert.equal(session.state, "FAILED");
  session.free();
});

test("a store of one's own reports a missing session like the others", async () => {
  class Away extends Store {
    async load(id) {
      throw new CallboardError({ code: "session_not_found", message: `There is no session ${id} here.`, hint: "Make it." }, "a");
    }
  }
  const { name, code, message, hint, file } = await new Away().apply("x", {}).catch((error) => error);
  assert.deepEqual([name, code, message, hint, file], ["CallboardError", "session_not_found", "a: There is no session x here.", "Make it.", "a"]);
});

test("a clock that is no function is refused at once", () => {
  assert.throws(() => new MemoryStore({ now: 5 }), { code: "invalid_value", message: "A store's clock, now, must be a function that returns the time." });
});

test("a session in memory has an id of its own", () => {
  const text = '{"session_id": "a", "pipeline_state": {}}';
  assert.throws(() => new MemoryStore({ sessions: [text, text] }), { code: "duplicate_id", message: "Two of the sessions have the session_id a." });
  assert.throws(() => new MemoryStore({ sessions: ['{"pipeline_state": {}}'] }), { code: "invalid_value", message: /needs a session_id/ });
});

test("a long watch in memory listens to its signal once, and no longer when it is over", async () => {
  const store = new MemoryStore({ now: ticking() });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const stop = new AbortController();
  const changes = store.watch({ signal: stop.signal });
  for (let count = 1; count <= 3; count += 1) {
    const next = changes.next();
    await store.change(id, (session) => session.apply({ type: count === 1 ? "start" : "progress", agent: "research_coordinator" }, { now: store.now() }));
    assert.deepEqual(await next, { value: { id }, done: false });
    assert.equal(getEventListeners(stop.signal, "abort").length, 1);
  }
  await changes.return();
  assert.equal(getEventListeners(stop.signal, "abort").length, 0);
});

test("the error for a session that is not in memory does not mention the commands", async () => {
  await assert.rejects(new MemoryStore().load("ep_2"), { message: "There is no session ep_2 in memory.", hint: undefined });
});
