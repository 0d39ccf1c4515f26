// Every way a run can end: its cost is recorded once, and the session is never left in progress.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { CallboardError } from "callboard";
import { MemoryStore, runAgent } from "callboard/memory";
import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const AGENT = "research_coordinator";
const AT = "2024-08-11T14:30:00Z";
const none = () => 0;

/** Returns a store whose writes of one event fail, before the write or after it, so that only the response is lost. */
class Failing extends MemoryStore {
  /** Number of writes of `failing.type` that have yet to fail. */
  failing = { type: undefined, times: 0, after: false };
  #event;

  async apply(id, event, options) {
    this.#event = event.type;
    return super.apply(id, event, options);
  }

  async handleAgentFailure(...args) {
    this.#event = "fail";
    return super.handleAgentFailure(...args);
  }

  async compareAndSwap(id, expected, text) {
    const { failing } = this;
    if (this.#event !== failing.type || failing.times === 0) return super.compareAndSwap(id, expected, text);
    failing.times -= 1;
    if (failing.after) await super.compareAndSwap(id, expected, text);
    throw new Error("the connection was reset");
  }
}

async function open(options = {}) {
  const store = new Failing({ now: () => AT, ...options });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  return { store, id, ...(await views(store, id)) };
}

async function views(store, id) {
  const data = () => store.read(id, (session) => session.data());
  const events = async () => (await data()).history.map(({ event }) => event);
  const spent = async () => (await data()).cost_tracking.research;
  const status = async () => (await data()).agent_outputs[AGENT].status;
  return { data, events, spent, status };
}

test("every event of a run carries its attempt and a key of its own", async () => {
  const { store, id, data } = await open();
  const sent = [];
  const apply = store.apply.bind(store);
  store.apply = (id, event, options) => {
    sent.push(event);
    return apply(id, event, options);
  };
  const attempts = [];
  const work = async (session, signal, { attempt }) => {
    attempts.push(attempt);
    if (attempt === 1) throw Object.assign(new Error("timeout"), { cost: 0.25 });
    return { cost: 1 };
  };
  await runAgent(store, id, AGENT, work, { backoff: none });
  assert.deepEqual(attempts, [1, 2]);
  const entries = (await data()).history;
  assert.deepEqual(
    entries.slice(1).map(({ event, attempt }) => [event, attempt]),
    [["start", 1], ["fail", 1], ["retry", 1], ["start", 2], ["complete", 2]],
  );
  const keys = entries.slice(1).filter(({ event }) => event !== "retry").map(({ key }) => key);
  assert.equal(new Set(keys).size, 4);
  assert.ok(keys.every((key) => typeof key === "string" && key.length <= 128), String(keys));
  assert.deepEqual(sent.map(({ type, attempt }) => [type, attempt]), [["start", undefined], ["start", undefined], ["complete", 2]]);
});

test("a write whose answer is lost is sent again and counts once", async () => {
  for (const after of [true, false]) {
    for (const type of ["start", "complete"]) {
      const { store, id, events, spent, status } = await open();
      store.failing = { type, times: 1, after };
      const outcome = await runAgent(store, id, AGENT, () => ({ cost: 1.5 }));
      assert.deepEqual(outcome.next, { step: "start", agent: "script_writer" });
      assert.deepEqual(await events(), ["initialize", "start", "complete"]);
      assert.deepEqual([await spent(), await status()], [1.5, "complete"], `${type} ${after}`);
    }
    const { store, id, events, spent } = await open();
    store.failing = { type: "fail", times: 1, after };
    let runs = 0;
    const work = () => {
      runs += 1;
      if (runs === 1) throw Object.assign(new Error("timeout"), { cost: 0.25 });
      return { cost: 1 };
    };
    await runAgent(store, id, AGENT, work, { backoff: none });
    assert.deepEqual(await events(), ["initialize", "start", "fail", "retry", "start", "complete"]);
    assert.equal(await spent(), 1.25);
  }
});

test("an error for a result that could not be stored has the event, which can be applied later, any number of times", async () => {
  const { store, id, spent, status } = await open();
  store.failing = { type: "complete", times: 3, after: false };
  const lost = await runAgent(store, id, AGENT, () => ({ cost: 1.5, output_file: "r.json" })).catch((error) => error);
  assert.equal(lost.message, `The result of ${AGENT} could not be recorded: the connection was reset`);
  assert.deepEqual([lost.cause.message, lost.event.cost], ["the connection was reset", 1.5]);
  await store.apply(id, lost.event);
  await store.apply(id, lost.event);
  assert.deepEqual([await spent(), await status()], [1.5, "complete"]);
});

test("an error for a failure that could not be stored has the event", async () => {
  const { store, id, spent, status } = await open();
  store.failing = { type: "fail", times: 3, after: false };
  const thrown = Object.assign(new Error("timeout"), { cost: 0.25 });
  const error = await runAgent(store, id, AGENT, () => Promise.reject(thrown)).catch((error) => error);
  assert.deepEqual([error.cause, error.event.type, error.event.cost], [thrown, "fail", 0.25]);
  await store.apply(id, error.event);
  assert.deepEqual([await spent(), await status()], [0.25, "failed"]);
});

test("an agent whose start could not be stored does not run", async () => {
  const { store, id, events } = await open();
  store.failing = { type: "start", times: 3, after: false };
  const work = () => assert.fail("it must not run");
  await assert.rejects(runAgent(store, id, AGENT, work), { message: "the connection was reset" });
  assert.deepEqual(await events(), ["initialize"]);
});

test("an abort and a timeout are recorded as the agent's failure, with the cost that it reports", async (t) => {
  const stopping = new AbortController();
  // The timer of a timeout does not keep the process alive, unlike a running agent.
  const working = setInterval(() => {}, 1000);
  t.after(() => clearInterval(working));
  const endings = [
    { signal: stopping.signal, error: "aborted: shutting down", begin: () => stopping.abort(new Error("shutting down")) },
    { signal: AbortSignal.timeout(1), error: /^aborted: .*timeout/, begin: () => {} },
  ];
  for (const { signal, error, begin } of endings) {
    const { store, id, data, events, spent } = await open();
    const work = (session, stopped) => {
      begin();
      return new Promise((resolve, reject) => {
        const stop = () => reject(Object.assign(new Error("stopped"), { cost: 0.75 }));
        if (stopped.aborted) stop();
        stopped.addEventListener("abort", stop);
      });
    };
    await assert.rejects(runAgent(store, id, AGENT, work, { signal }));
    const { agent_outputs } = await data();
    assert.equal(agent_outputs[AGENT].status, "failed");
    assert.match(agent_outputs[AGENT].error, new RegExp(error));
    assert.deepEqual([await events(), await spent()], [["initialize", "start", "fail"], 0.75]);
  }
});

test("a failure that cannot heal is not retried, and its cost is recorded", async () => {
  const asks = [];
  const cases = [
    ["a misspelt field", () => ({ outptu_file: "r.json", cost: 1.4 }), {}, /unknown field "outptu_file"\. Did you mean "output_file"\?/],
    ["a misspelt cost", () => ({ costs: 1.4 }), {}, /unknown field "costs"\. Did you mean "cost"\?/],
    ["a score of percent", () => ({ quality_score: 92, cost: 1.4 }), {}, /quality_score/],
    ["a report without gates to report", () => ({ report: { failures: ["technical"] }, cost: 1.4 }), {}, /Only quality_evaluator may report gates/],
    ["a result with a key", () => ({ key: "mine", cost: 1.4 }), {}, /must not have the field "key"/],
    ["an error that says so", () => Promise.reject(Object.assign(new Error("no such model"), { retryable: false, cost: 1.4 })), {}, /no such model/],
    ["a misuse within the agent", () => Promise.reject(Object.assign(new CallboardError({ code: "invalid_value", message: "no" }), { cost: 1.4 })), {}, /no/],
    ["an error that the caller knows", () => Promise.reject(Object.assign(new Error("quota"), { cost: 1.4 })), { shouldRetry: (error, attempt) => asks.push([error.message, attempt]) === 0 }, /quota/],
    ["one that takes asking", () => Promise.reject(Object.assign(new Error("quota"), { cost: 1.4 })), { shouldRetry: async () => false }, /quota/],
  ];
  for (const [name, agent, options, said] of cases) {
    const { store, id, data, events, spent } = await open();
    let runs = 0;
    const work = () => {
      runs += 1;
      return agent();
    };
    const error = await runAgent(store, id, AGENT, work, { backoff: none, ...options }).catch((error) => error);
    assert.deepEqual([error.code, error.hint], ["agent_failed", `Resume ${AGENT} once the cause is corrected.`], name);
    assert.match(error.message, said, name);
    assert.deepEqual([runs, await events(), await spent()], [1, ["initialize", "start", "fail"], 1.4], name);
    assert.equal((await data()).agent_outputs[AGENT].status, "failed", name);
    // After a correction by hand, the agent can run again.
    await store.resume(id);
    assert.equal((await runAgent(store, id, AGENT, () => ({}))).event, "complete", name);
  }
  assert.deepEqual(asks, [["quota", 1]]);
});

test("a failure that may heal is retried if the caller agrees", async () => {
  const { store, id, events } = await open();
  const asked = [];
  const shouldRetry = (error, attempt) => {
    asked.push([error.message, attempt]);
    return attempt < 2;
  };
  const work = () => Promise.reject(new Error("timeout"));
  await assert.rejects(runAgent(store, id, AGENT, work, { backoff: none, shouldRetry }), { code: "agent_failed" });
  assert.deepEqual(asked, [["timeout", 1], ["timeout", 2]]);
  assert.deepEqual(await events(), ["initialize", "start", "fail", "retry", "start", "fail"]);
});

test("a failure beyond the retry limit escalates, even one that cannot heal", async () => {
  const { store, id, data } = await open({ policy: { retry_limit: 0 } });
  await assert.rejects(runAgent(store, id, AGENT, () => ({ outptu_file: "r.json" })), { code: "escalated" });
  assert.equal((await data()).pipeline_state.escalation.agent, AGENT);
});

test("an error in the caller's callbacks does not leave the session in progress", async () => {
  const mistakes = [
    { shouldRetry: () => { throw new Error("oops"); } },
    { shouldRetry: () => Promise.reject(new Error("oops")) },
    { backoff: () => { throw new Error("oops"); } },
    { backoff: () => "soon" },
  ];
  for (const options of mistakes) {
    const { store, id, events, spent } = await open();
    const work = () => Promise.reject(Object.assign(new Error("timeout"), { cost: 0.25 }));
    await assert.rejects(runAgent(store, id, AGENT, work, options), /oops|backoff must return/);
    assert.deepEqual([(await events()).slice(0, 3), await spent()], [["initialize", "start", "fail"], 0.25]);
  }
  let calls = 0;
  const clock = () => {
    calls += 1;
    // One for creating the session, one for its start.
    if (calls > 2 && calls < 4) throw new Error("no clock");
    return AT;
  };
  const { store, id, status } = await open({ now: clock });
  await assert.rejects(runAgent(store, id, AGENT, () => ({}), { shouldRetry: () => false }), { code: "agent_failed" });
  assert.equal(await status(), "failed");
});

test("the late result of an abandoned attempt is refused, and its cost billed once", async () => {
  const { store, id, data, spent } = await open();
  const late = async () => {
    // The attempt is abandoned and the next one started while the agent is running.
    await store.handleAgentFailure(id, AGENT, "given up");
    await store.apply(id, { type: "start", agent: AGENT });
    return { cost: 1.4, output_file: "late.json" };
  };
  store.failing = { type: "progress", times: 1, after: true };
  await assert.rejects(runAgent(store, id, AGENT, late), { code: "stale_attempt" });
  const { agent_outputs } = await data();
  assert.deepEqual([agent_outputs[AGENT].status, agent_outputs[AGENT].output_file], ["in_progress", undefined]);
  assert.equal(await spent(), 1.4);

  const failing = await open();
  const lateFailure = async () => {
    await failing.store.handleAgentFailure(failing.id, AGENT, "given up");
    await failing.store.apply(failing.id, { type: "start", agent: AGENT });
    throw Object.assign(new Error("too late"), { cost: 0.5 });
  };
  await assert.rejects(runAgent(failing.store, failing.id, AGENT, lateFailure), (error) => error.code === "stale_attempt" && error.cause.message === "too late");
  assert.deepEqual([await failing.status(), await failing.spent()], ["in_progress", 0.5]);
});

test("the cost of an attempt that was only failed is billed too", async () => {
  for (const give of [
    (store, id) => store.apply(id, { type: "fail", agent: AGENT, error: "taken away" }),
    (store, id) => store.handleAgentFailure(id, AGENT, "taken away"),
    (store, id) => store.apply(id, { type: "complete", agent: AGENT, cost: 1 }),
  ]) {
    const { store, id, spent, status } = await open();
    const work = async () => {
      await give(store, id);
      return { cost: 0.5 };
    };
    await assert.rejects(runAgent(store, id, AGENT, work));
    assert.equal((await spent()) % 1, 0.5);
    assert.notEqual(await status(), "in_progress");
  }
});

test("a heartbeat that comes for a new attempt stops the old one", async () => {
  const { store, id, spent } = await open();
  const work = async (session, signal) => {
    const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve));
    await store.handleAgentFailure(id, AGENT, "given up");
    await store.apply(id, { type: "start", agent: AGENT });
    await stopped;
    throw Object.assign(signal.reason, { cost: 0.5 });
  };
  await assert.rejects(runAgent(store, id, AGENT, work, { heartbeat: 1 }), { code: "stale_attempt" });
  assert.equal(await spent(), 0.5);
});

test("an agent that goes on beyond its grace is billed when it ends", async () => {
  for (const end of [(resolve) => resolve({ cost: 1 }), (_, reject) => reject(Object.assign(new Error("late"), { cost: 1 }))]) {
    const { store, id, spent, status } = await open();
    const stop = new AbortController();
    let finish;
    const work = () =>
      new Promise((resolve, reject) => {
        stop.abort(new Error("shutting down"));
        finish = () => end(resolve, reject);
      });
    await assert.rejects(runAgent(store, id, AGENT, work, { signal: stop.signal, grace: 0 }), { message: "shutting down" });
    assert.deepEqual([await status(), await spent()], ["failed", 0]);
    const changes = store.watch();
    const changed = changes.next();
    finish();
    await changed;
    await changes.return();
    assert.deepEqual([await status(), await spent()], ["failed", 1]);
  }
});

test("an agent whose process was killed can be recorded as failed, and its second run is billed once", async () => {
  const dir = await folder();
  const child = spawn(process.execPath, [fileURLToPath(new URL("support/agent.mjs", import.meta.url)), dir], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let id = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    id += chunk;
    if (id.endsWith("\n")) child.kill("SIGKILL");
  }
  id = id.trim();
  await closed;
  const store = new FileStore(dir, { now: () => AT });
  const { data, spent, status } = await views(store, id);
  assert.equal(await status(), "in_progress");
  await assert.rejects(runAgent(store, id, AGENT, () => ({})), { code: "agent_busy" });
  await store.handleAgentFailure(id, AGENT, "killed", { attempt: 1, key: "killed-1" });
  await store.handleAgentFailure(id, AGENT, "killed", { attempt: 1, key: "killed-1" });
  await runAgent(store, id, AGENT, () => ({ cost: 1.5 }));
  const { history, pipeline_state } = await data();
  assert.deepEqual(history.map(({ event, attempt }) => [event, attempt]).slice(1), [["start", 1], ["fail", 1], ["retry", 1], ["start", 2], ["complete", 2]]);
  assert.deepEqual([await spent(), pipeline_state.failed_attempts], [1.5, 1]);
});
