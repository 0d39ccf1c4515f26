// The published JSON Schema against what the package writes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import Ajv2020 from "ajv/dist/2020.js";

const require = createRequire(join(process.env.CALLBOARD_PROJECT, "package.json"));
const { Session } = await import(pathToFileURL(require.resolve("callboard")));
const schema = JSON.parse(await readFile(require.resolve("callboard/schema.json"), "utf8"));
const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema);

function assertValid(text, what) {
  assert.ok(validate(JSON.parse(text)), `${what}: ${JSON.stringify(validate.errors)}`);
}

test("the schema holds for the fixture and refuses what is no session file", async () => {
  const fixture = new URL("../fixtures/sessions/ep001_session_20240811.json", import.meta.url);
  const text = await readFile(fixture, "utf8");
  assertValid(text, "the fixture");
  const planned = (planning) => validate({ ...JSON.parse(text), planning });
  assert.ok(planned({ owner: "Mira", due: "2026-12-05", labels: ["pilot"], notes: "Ask Jo" }), JSON.stringify(validate.errors));
  assert.equal(planned({ due: "5 December" }), false);
  assert.equal(planned({ labels: ["pilot", "pilot"] }), false);
  assert.equal(validate([]), false);
  assert.equal(validate({ session_id: "a", pipeline_state: { current_stage: "mixing" } }), false);
});

test("the schema holds after every event of an episode", () => {
  const session = Session.initialize({ episode: 1, topic: "tides" }, { now: "2024-08-11T14:30:00Z" });
  assertValid(session.toString(), "initialize");
  const script = {
    data: { script_file: "a.md", word_count: 4000, estimated_duration: 27, complexity_level: 3 },
    validation: { format_valid: true, ready_for_evaluation: true },
  };
  const report = { failures: ["brand_consistency", "technical"], recommendations: ["x"], technical_fixes: { y: 1 } };
  const fail = { type: "fail", agent: "script_writer", error: "timeout", cost: 0.1 };
  const retry = { type: "retry", agent: "script_writer" };
  const events = [
    { type: "start", agent: "research_coordinator", key: "job 1" },
    { type: "progress", agent: "research_coordinator", cost: 0.25 },
    { type: "complete", agent: "research_coordinator", cost: 1, quality_score: 0.92, execution_time: 1680 },
    ...Array.from({ length: 3 }, () => [fail, retry]).flat(),
    fail,
    { type: "resume", agent: "script_writer", override: true, reason: "the service is back" },
    { type: "complete", agent: "script_writer", output_file: "a.md", handoff: script },
    { type: "quality_failure", agent: "quality_evaluator", report },
    { type: "complete", agent: "script_writer" },
    { type: "complete", agent: "quality_evaluator", metrics: { overall_quality: 0.9, brand_consistency: 0.95 } },
    { type: "skip", agent: "audio_synthesizer", reason: "no audio yet" },
  ];
  events.forEach((event, minute) => {
    session.apply(event, { now: new Date(Date.UTC(2024, 7, 11, 15, minute)) });
    assertValid(session.toString(), `${minute} ${event.type}`);
  });
  assert.equal(session.state, "COMPLETE");
});
