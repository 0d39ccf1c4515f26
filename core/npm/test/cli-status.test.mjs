// The status of a session: its budget, its attempts, and the time for which its agent has been running.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { FileStore } from "callboard/node";

import { FIXTURE, ID, NOW, callboard, internal, sample } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

const AGENT = "script_writer";

/** Returns the values at the top of a status, by name. */
function factsOf(args) {
  const { code, out, err } = callboard(["session", "status", ...args]);
  assert.deepEqual([code, err], [0, ""]);
  return Object.fromEntries(out.split("\n\n")[0].split("\n").flatMap((line) => {
    const [, name, value] = /^(\w+) {2,}(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value]];
  }));
}

test("status shows the running agent's start, duration, estimate and attempt, and the budget spent", async () => {
  const { dir, at } = await sample();
  const store = new FileStore(dir, { now: () => "2024-08-11T15:00:00Z" });
  await store.handleAgentFailure(ID, AGENT, "timeout", { cost: 0.55 });
  await store.apply(ID, { type: "start", agent: AGENT });
  const facts = factsOf([ID, ...at]);
  assert.equal(facts.Running, `${AGENT} for 20 min, since 2024-08-11 15:00 UTC, expected 2024-08-11 15:20 UTC`);
  assert.equal(facts.Attempts, "2 of 4");
  const { running, attempts, budget, agents } = JSON.parse(callboard(["session", "status", ID, "--json", ...at]).out);
  assert.deepEqual(running, { agent: AGENT, since: "2024-08-11T15:00:00Z", minutes: 20, estimate: "2024-08-11T15:20:00Z" });
  assert.deepEqual(attempts, { made: 2, limit: 4 });
  assert.deepEqual([budget.budget, budget.within, budget.share], [9, true, budget.spent / 9]);
  const shown = `$${budget.spent.toFixed(2)} of $9.00 (${Math.round(budget.share * 100)} %)`;
  assert.equal(facts.Cost, shown);
  const writer = agents.find(({ agent }) => agent === AGENT);
  assert.deepEqual([writer.cost, writer.share], [0.55, 2.5]);
  assert.match(callboard(["session", "status", ID, ...at]).out, /^script_writer +in_progress +\$0\.55 of \$2\.50$/m);
});

test("unknown values are shown as a dash, never as 0", async () => {
  const dir = await folder();
  await writeFile(join(dir, "a.json"), '{"session_id": "bare", "pipeline_state": {"current_stage": "research"}}');
  const at = ["--dir", dir, "--now", NOW];
  const facts = factsOf(["bare", ...at]);
  assert.deepEqual([facts.Running, facts.Cost, facts.Quality, facts.Attempts], ["–", "– of –", "–", "0 of 4"]);
  const { running, budget } = JSON.parse(callboard(["session", "status", "bare", "--json", ...at]).out);
  assert.deepEqual([running, budget], [null, { spent: null, budget: null, share: null, within: null }]);
});

test("a complete session has no attempts, and a negative amount has its sign before the $", async () => {
  const { dir, at } = await sample();
  const data = JSON.parse(await readFile(FIXTURE, "utf8"));
  data.pipeline_state.current_stage = "complete";
  data.cost_tracking.total = -5;
  await writeFile(join(dir, "ep001_session_20240811.json"), JSON.stringify(data));
  const facts = factsOf([ID, ...at]);
  assert.equal(facts.Attempts, "–");
  assert.match(facts.Cost, /^-\$5\.00 of \$9\.00/);
  const { money } = await internal("cli/style.js");
  assert.deepEqual([money(-0.001), money(0), money(null)], ["$0.00", "$0.00", "–"]);
});
