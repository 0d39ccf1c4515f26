// The framework's standard agent pattern: ready, in progress, result or failure, retry, escalation.
import assert from "node:assert/strict";
import test from "node:test";

import { MemoryStore, runAgent } from "callboard/memory";

const AGENT = "research_coordinator";
const at = "2024-08-11T14:30:00Z";
const none = () => 0;

async function open(options = {}) {
  const store = new MemoryStore({ now: () => at, ...options });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  return { store, id, data: () => store.read(id, (session) => session.data()) };
}

const history = ({ history }) => history.map(({ event }) => event);

test("a result is recorded with its path, cost, quality and time", async () => {
  let now = Date.parse(at);
  const { store, id, data } = await open({ now: () => new Date(now) });
  const outcome = await runAgent(store, id, AGENT, (session, signal) => {
    assert.equal(session.state, "RESEARCHING", "it is in progress when the agent runs");
    assert.equal(signal.aborted, false);
    now += 90_000;
    return { output_file: "research.md", cost: 1.5, quality_score: 0.9 };
  });
  assert.deepEqual(outcome.next, { step: "start", agent: "script_writer" });
  const { agent_outputs, quality_metrics, cost_tracking } = await data();
  const { output_file, cost, quality_score, execution_time } = agent_outputs[AGENT];
  assert.deepEqual([output_file, cost, quality_score, execution_time], ["research.md", 1.5, 0.9, 90]);
  assert.deepEqual([quality_metrics.research_quality, cost_tracking.total], [0.9, 1.5]);
});

test("an agent that is not ready does not run", async () => {
  const { store, id } = await open();
  const work = () => assert.fail("it must not run");
  await assert.rejects(runAgent(store, id, "script_writer", work), { code: "wrong_stage" });
});

test("a failure is retried after the caller's backoff, and its cost recorded", async () => {
  const { store, id, data } = await open();
  const waits = [];
  let runs = 0;
  const work = async () => {
    runs += 1;
    if (runs < 3) throw Object.assign(new Error("timeout"), { cost: 0.25 });
    return { cost: 1 };
  };
  const backoff = (attempt, error) => {
    waits.push([attempt, error.message]);
    return 0;
  };
  await runAgent(store, id, AGENT, work, { backoff });
  assert.deepEqual(waits, [[1, "timeout"], [2, "timeout"]]);
  const after = await data();
  assert.equal(after.cost_tracking.research, 1.5);
  assert.deepEqual(history(after), ["initialize", "start", "fail", "retry", "start", "fail", "retry", "start", "complete"]);
});

test("after the retry limit the session is escalated, and the agent's error is the cause", async () => {
  const { store, id } = await open();
  let runs = 0;
  const work = () => {
    runs += 1;
    throw new Error("no sources");
  };
  await assert.rejects(runAgent(store, id, AGENT, work, { backoff: none }), (error) => {
    assert.equal(error.code, "escalated");
    assert.equal(error.message, "research_coordinator has failed and is out of retries: no sources");
    assert.equal(error.hint, "Resume research_coordinator with an override.");
    assert.equal(error.cause.message, "no sources");
    return true;
  });
  assert.equal(runs, 4);
  await store.resume(id, { override: true });
  assert.equal((await runAgent(store, id, AGENT, () => ({}))).event, "complete");
});

test("a result that the machine refuses is recorded as the agent's failure, with its cost", async () => {
  const { store, id, data } = await open({ policy: { require_handoff: true } });
  let runs = 0;
  const handoff = {
    data: { research_package: "r.md", complexity_assessment: "3", key_narratives: ["tides"], confidence_scores: { a: 1 } },
    validation: { ready_for_script: true },
  };
  const work = () => {
    runs += 1;
    return { cost: 1, quality_score: 0.9, ...(runs === 1 ? {} : { handoff }) };
  };
  await runAgent(store, id, AGENT, work, { backoff: none });
  const after = await data();
  assert.equal(runs, 2);
  assert.equal(after.cost_tracking.research, 2);
  assert.deepEqual(history(after), ["initialize", "start", "fail", "retry", "start", "complete"]);
});

test("an evaluation's report sends the session back", async () => {
  const { store, id } = await open();
  await runAgent(store, id, AGENT, () => ({}));
  await runAgent(store, id, "script_writer", async () => {});
  const report = { scores: { brand_consistency: 0.5 }, recommendations: ["warmer"] };
  const outcome = await runAgent(store, id, "quality_evaluator", () => ({ report, cost: 0.5 }));
  assert.deepEqual([outcome.event, outcome.to], ["quality_failure", "WRITING"]);
});

test("an abort is recorded and not retried", async () => {
  const { store, id, data } = await open();
  const stop = new AbortController();
  const work = (session, signal) =>
    new Promise(() => {
      signal.addEventListener("abort", () => assert.equal(signal.reason.message, "shutting down"));
      stop.abort(new Error("shutting down"));
    });
  const options = { signal: stop.signal, grace: 0 };
  await assert.rejects(runAgent(store, id, AGENT, work, options), { message: "shutting down" });
  const { agent_outputs } = await data();
  assert.deepEqual([agent_outputs[AGENT].status, agent_outputs[AGENT].error], ["failed", "aborted: shutting down"]);
  await assert.rejects(runAgent(store, id, AGENT, work, { signal: stop.signal }), { message: "shutting down" });
});

test("an abort ends the wait for a retry", async () => {
  const { store, id } = await open();
  const stop = new AbortController();
  const backoff = () => {
    queueMicrotask(() => stop.abort(new Error("shutting down")));
    return 2 ** 30;
  };
  const work = () => Promise.reject(new Error("timeout"));
  await assert.rejects(runAgent(store, id, AGENT, work, { signal: stop.signal, backoff }), { message: "shutting down" });
  assert.equal(await store.read(id, ({ state }) => state), "RETRY");
});

test("heartbeats are recorded while the agent works, and the history does not grow by them", async () => {
  let now = Date.parse(at);
  const { store, id, data } = await open({ now: () => new Date((now += 1000)) });
  const beaten = (async () => {
    const seen = new Set();
    for await (const change of store.watch()) {
      seen.add((await store.read(change.id, (session) => session.data())).timestamps.last_updated);
      // The start, and two heartbeats.
      if (seen.size >= 3) return;
    }
  })();
  await runAgent(store, id, AGENT, () => beaten, { heartbeat: 1 });
  const after = await data();
  assert.deepEqual(history(after), ["initialize", "start", "complete"]);
  assert.equal(after.timestamps.last_updated, after.timestamps.research_completed, "none comes after the end");
});

test("a slow store gets one heartbeat at a time", async () => {
  const { store, id, data } = await open();
  const apply = store.apply.bind(store);
  let beats = 0;
  store.apply = async (id, event) => {
    if (event.type === "progress") beats += 1;
    // The heartbeat is still pending when the agent ends.
    return event.type === "progress" ? new Promise(() => {}) : apply(id, event);
  };
  await runAgent(store, id, AGENT, () => new Promise((resolve) => setTimeout(resolve, 50)), { heartbeat: 1 });
  assert.equal(beats, 1);
  assert.equal((await data()).agent_outputs[AGENT].status, "complete");
});

test("an agent is told to stop when the session goes on without it, and its cost is recorded", async () => {
  const { store, id, data } = await open();
  const work = async (session, signal) => {
    const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve));
    await store.apply(id, { type: "fail", agent: AGENT, error: "taken away" });
    await stopped;
    throw Object.assign(signal.reason, { cost: 0.5 });
  };
  await assert.rejects(runAgent(store, id, AGENT, work, { heartbeat: 1 }), { code: "agent_failed" });
  assert.equal((await data()).agent_outputs[AGENT].error, "taken away");

  const other = await open();
  const late = async () => {
    await other.store.apply(other.id, { type: "complete", agent: AGENT, cost: 1 });
    return { cost: 0.5 };
  };
  await assert.rejects(runAgent(other.store, other.id, AGENT, late), { code: "already_complete" });
  assert.equal((await other.data()).cost_tracking.research, 1.5);
});

test("an agent that is told to stop has time to report its cost, and its session stays open until then", async () => {
  const said = [
    () => Promise.reject(Object.assign(new Error("stopped half-way"), { cost: 0.75 })),
    async () => ({ cost: 0.75 }),
  ];
  for (const last of said) {
    const { store, id, data } = await open();
    const stop = new AbortController();
    const work = async (session, signal) => {
      stop.abort(new Error("shutting down"));
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(session.state, "RESEARCHING", "the session is there until the agent is done");
      assert.equal(signal.aborted, true);
      return last();
    };
    await assert.rejects(runAgent(store, id, AGENT, work, { signal: stop.signal }), { message: "shutting down" });
    const { agent_outputs, cost_tracking } = await data();
    assert.equal(agent_outputs[AGENT].error, "aborted: shutting down");
    assert.equal(cost_tracking.research, 0.75);
  }
});

test("an agent that does not stop is not waited for beyond its grace", async () => {
  const { store, id, data } = await open();
  const stop = new AbortController();
  let freed;
  const work = (session) =>
    new Promise((resolve) => {
      stop.abort(new Error("shutting down"));
      setTimeout(() => {
        freed = assert.throws(() => session.state, { code: "freed" });
        resolve({ cost: 1 });
      }, 60);
    });
  await assert.rejects(runAgent(store, id, AGENT, work, { signal: stop.signal, grace: 10 }), { message: "shutting down" });
  assert.equal((await data()).cost_tracking.research, 0);
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.equal(freed, undefined);
});

test("a store that fails once at the start leaves no heartbeat behind", async () => {
  const { store, id, data } = await open();
  const { load } = store;
  let loads = 0;
  store.load = (id) => {
    loads += 1;
    // The first belongs to `start`, the second to the agent.
    return loads === 2 ? Promise.reject(new Error("the disk is away")) : load.call(store, id);
  };
  const stop = new AbortController();
  await runAgent(store, id, AGENT, () => ({}), { heartbeat: 1, backoff: none, signal: stop.signal });
  const after = await data();
  assert.deepEqual(history(after).filter((event) => event !== "progress"), ["initialize", "start", "fail", "retry", "start", "complete"]);
  assert.equal(after.history[2].error, "the disk is away");
  let beats = 0;
  const { apply } = store;
  store.apply = (id, event) => {
    beats += 1;
    return apply.call(store, id, event);
  };
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(beats, 0);
});

test("a result that cannot be recorded is a failure with the reason", async () => {
  const cycle = {};
  cycle.cycle = cycle;
  // The agent would return the same result again, so it is not retried.
  const cases = [
    [{ cost: NaN }, /^cost must be a finite number, not NaN\.$/],
    [{ cost: Infinity }, /^cost must be a finite number, not Infinity\.$/],
    [{ cost: 1n }, /cannot be written as JSON/],
    [{ cost: 0.5, handoff: cycle }, /cannot be written as JSON/],
    [{ cost: 1e300 }, /cost/],
    [{ outputFile: "a.md" }, /outputFile/],
    [{ qualtiy_score: 0.9 }, /unknown field "qualtiy_score"\. Did you mean "quality_score"\?$/],
    [{ report: { failures: ["technical"] }, qualtiy_score: 0.9 }, /./],
    [{ agent: "script_writer" }, /must not have the field "agent"/],
    ["research.md", /returned a string\. Return an object such as \{ output_file, cost \}/],
    [5, /returned a number/],
    [[], /returned a list/],
    [Symbol("a"), /returned a symbol/],
  ];
  for (const [result, expected] of cases) {
    const { store, id, data } = await open();
    let runs = 0;
    const work = () => {
      runs += 1;
      return result;
    };
    await assert.rejects(runAgent(store, id, AGENT, work, { backoff: none }), (error) => {
      assert.deepEqual([error.code, error.cause.code], ["agent_failed", "invalid_value"]);
      assert.match(error.message, /^research_coordinator has failed and does not run again: /);
      return true;
    });
    assert.equal(runs, 1);
    const after = await data();
    assert.deepEqual(history(after), ["initialize", "start", "fail"]);
    assert.match(after.history[2].error, expected);
    assert.equal(after.cost_tracking.research, result.handoff === cycle ? 0.5 : 0);
  }
});

test("a result that is an instance of a class is read like any other", async () => {
  const { store, id, data } = await open();
  class Result {
    #spent = 1.5;
    output_file = "research.md";
    get cost() {
      return this.#spent;
    }
  }
  await runAgent(store, id, AGENT, () => new Result());
  const { agent_outputs } = await data();
  assert.deepEqual([agent_outputs[AGENT].output_file, agent_outputs[AGENT].cost], ["research.md", 1.5]);
});

test("any value that an agent throws is recorded, in words if it has any", async () => {
  const wordless = Object.create(null);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const cases = [
    [new Error("timeout"), "timeout"],
    [new TypeError(""), "TypeError"],
    [{ message: "no quota" }, "no quota"],
    [{ status: 429 }, '{"status":429}'],
    ["timeout", "timeout"],
    [Symbol("stop"), "Symbol(stop)"],
    [wordless, "{}"],
    [revoked.proxy, "unknown error"],
    [undefined, "unknown error"],
    [{ toString: () => "in its own words" }, "in its own words"],
    [Object.assign(new Error("dear"), { cost: 1e300 }), "dear"],
    [Object.assign(new Error("dear"), { cost: NaN }), "dear"],
  ];
  for (const [thrown, expected] of cases) {
    const { store, id, data } = await open({ policy: { retry_limit: 0 } });
    const work = () => {
      throw thrown;
    };
    await assert.rejects(runAgent(store, id, AGENT, work), (error) => error.code === "escalated" && error.cause === thrown);
    assert.equal((await data()).agent_outputs[AGENT].error, expected);
  }
});

test("wrong arguments are refused before anything is written", async () => {
  const { store, id, data } = await open();
  const work = () => ({});
  const wrong = [
    [undefined],
    ["research"],
    [work, { backoff: 1000 }],
    [work, { heartbeat: 0 }],
    [work, { heartbeat: NaN }],
    [work, { heartbeat: "1000" }],
    [work, { grace: -1 }],
    [work, { shouldRetry: true }],
    [work, { signal: "stop" }],
    [work, { heartBeat: 1000 }],
    [work, null],
  ];
  for (const args of wrong) await assert.rejects(runAgent(store, id, AGENT, ...args), { code: "invalid_value" });
  await assert.rejects(runAgent(undefined, id, AGENT, work), { message: "runAgent's first argument must be the session's store." });
  await assert.rejects(runAgent(store, id, AGENT, work, { shouldretry: work }), { hint: 'Did you mean "shouldRetry"?' });
  await assert.rejects(runAgent(store, undefined, AGENT, work), { message: "runAgent's second argument must be the session's id, a string." });
  assert.deepEqual(history(await data()), ["initialize"]);
});
