// A whole episode, end to end: node episode.mjs [folder]
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { FileStore, runAgent } from "callboard/node";

import { audioSynthesizer, qualityEvaluator, researchCoordinator, scriptWriter } from "./agents.mjs";

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "episode-")));
const store = new FileStore(folder, { policy: { require_handoff: true } });
const id = await store.initializeSession({ episode: 1, topic: "tides", complexity: 3 });
console.log(`${id} in ${folder}`);

const service = { up: false };
const agents = {
  research_coordinator: researchCoordinator(),
  script_writer: scriptWriter,
  quality_evaluator: qualityEvaluator,
  audio_synthesizer: audioSynthesizer(service),
};
// Scripted agents need no pause between attempts; real ones do.
const options = { backoff: () => 0 };

// The session names the next agent, and the harness runs it.
let agent = "research_coordinator";
while (agent !== null) {
  try {
    const { to, next } = await runAgent(store, id, agent, agents[agent], options);
    console.log(`${agent}: ${to}`);
    agent = next.agent;
  } catch (error) {
    if (error.code !== "escalated") throw error;
    console.log(`${error.message} (${error.hint})`);
    service.up = true;
    const { to } = await store.resume(id, { override: true, reason: "the voice has been mended" });
    console.log(`${agent}: ${to}`);
  }
}

const { progress_percentage, cost_so_far, quality_status } = await store.getSessionProgress(id);
console.log(`${progress_percentage} %, $${cost_so_far.toFixed(2)}, quality ${quality_status}`);
