// The package's example of a Worker in the runtime of Cloudflare Workers, bundled like by wrangler.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import workerd from "workerd";

const root = join(process.env.CALLBOARD_PROJECT, "worker");
const EXAMPLE = join(process.env.CALLBOARD_PROJECT, "node_modules/callboard/examples/worker.mjs");
const FIXTURE = fileURLToPath(new URL("../fixtures/sessions/ep001_session_20240811.json", import.meta.url));

const config = (wasm) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "./${wasm}", wasm = embed "${wasm}"),
  ],
  compatibilityDate = "2026-01-01",
);
`;

let server;
let url;
before(async () => {
  await rm(root, { recursive: true, force: true });
  await build({
    entryPoints: { worker: EXAMPLE },
    outdir: root,
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const wasm = (await readdir(root)).find((name) => name.endsWith(".wasm"));
  await writeFile(join(root, "config.capnp"), config(wasm));
  server = spawn(workerd.default, ["serve", "config.capnp", "--control-fd=1"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: server.stdout })) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") {
      url = `http://127.0.0.1:${port}/`;
      break;
    }
  }
  assert.ok(url, "workerd serves the Worker");
});
after(async () => {
  if (server === undefined || server.exitCode !== null) return;
  server.kill();
  await once(server, "exit");
});

async function post(body) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, ...(await response.json()) };
}

test("Cloudflare Workers", async () => {
  const text = await readFile(FIXTURE, "utf8");
  const done = await post({ text, event: { type: "complete", agent: "script_writer", cost: 1.2 } });
  assert.deepEqual([done.status, done.to, done.next.agent], [200, "EVALUATING", "quality_evaluator"]);
  assert.equal(JSON.parse(done.text).cost_tracking.writing, 1.2);
  const refused = await post({ text, event: { type: "start", agent: "audio_synthesizer" } });
  assert.deepEqual([refused.status, refused.code], [409, "wrong_stage"]);
  const broken = await post({ text: "{", event: {} });
  assert.deepEqual([broken.status, broken.code], [400, "unexpected_end"]);
});
