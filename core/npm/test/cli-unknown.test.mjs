// Files without a state, and templates: every command recognises them.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { NOW, callboard, sample } from "./support/cli.mjs";

const UNKNOWN = '{\n  "session_id": "ep_012_lean_20250903",\n  "status": "completed",\n  "pipeline_stages": { "deep_research": "$0.45" },\n  "quality_score": 0.93\n}\n';
const TEMPLATE = '{\n  "session_id": "ep_{number}_YYYYMMDD_HHMM",\n  "pipeline_state": { "current_stage": "research" }\n}\n';

async function folder() {
  const { dir } = await sample();
  await writeFile(join(dir, "lean.json"), UNKNOWN);
  await writeFile(join(dir, "template.json"), TEMPLATE);
  return { dir, at: ["--dir", dir, "--now", NOW] };
}

test("a session of unknown state has no progress, no attempts and no health, and is not active", async () => {
  const { at } = await folder();
  assert.match(callboard(["list", ...at]).out, /^ep_012_lean_20250903 +UNKNOWN +– +unknown +lean\.json$/m);
  const { out } = callboard(["session", "status", "12", ...at]);
  for (const line of [/^State +UNKNOWN$/m, /^Progress +–$/m, /^Running +–$/m, /^Attempts +–$/m, /^Health +unknown$/m, /^Allowed now: nothing\.$/m]) assert.match(out, line);
  assert.match(out, /^script_writer +–/m, "nor is anything said of its agents");
  const found = JSON.parse(callboard(["list", "--json", ...at]).out).sessions.find(({ session_id }) => session_id === "ep_012_lean_20250903");
  assert.deepEqual([found.state, found.progress, found.health], ["UNKNOWN", null, "unknown"]);
  const dashboard = callboard(["session", "dashboard", ...at]).out;
  assert.match(dashboard, /^Active +1$/m);
  assert.ok(dashboard.endsWith("Not included: 1 template, and 1 session of unknown state. See callboard list.\n"), dashboard);
});

test("no event is applied to it, and its file stays as it is", async () => {
  const { dir, at } = await folder();
  for (const args of [["apply", "12", '{"type": "start", "agent": "research_coordinator"}'], ["session", "resume", "12"]]) {
    const { code, refusal } = { ...callboard([...args, "--json", ...at]), ...JSON.parse(callboard([...args, "--json", ...at]).out) };
    assert.deepEqual([code, refusal.code], [1, "unreadable_state"]);
  }
  assert.equal(await readFile(join(dir, "lean.json"), "utf8"), UNKNOWN);
});

test("a template is reported as one, and does not fail its folder", async () => {
  const { dir, at } = await folder();
  const template = join(dir, "template.json");
  assert.match(callboard(["list", ...at]).out, /^template\.json: .*template/m);
  const { not_sessions } = JSON.parse(callboard(["validate", "--json", dir]).out);
  assert.deepEqual(not_sessions.map(({ file, code }) => [file, code]), [[template, "template"]]);
  assert.match(callboard(["validate", dir]).out, /\n1 file skipped as no session \(1 template\): .*template\.json\.\n$/);
  const alone = callboard(["validate", template]);
  assert.equal(alone.code, 1);
  assert.match(alone.out, /\[template\]/);
  const status = JSON.parse(callboard(["session", "status", template, "--json", ...at]).out);
  assert.equal(status.error.code, "template");
  const before = callboard(["validate", dir, "--fix", "--dry-run"]);
  assert.doesNotMatch(before.out, /^\+.*pipeline_state/m, "no state is made of what is none");
});
