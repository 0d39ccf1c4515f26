// The package's example of a Worker in the runtime of Cloudflare Workers, bundled like by wrangler.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import workerd from "workerd";

const root = join(process.env.CALLBOARD_PROJECT, "worker");
const EXAMPLE = join(process.env.CALLBOARD_PROJECT, "node_modules/callboard/examples/worker.mjs");
const FIXTURE = fileURLToPath(new URL("../fixtures/sessions/ep001_session_20240811.json", import.meta.url));

/** A Worker that reads another pipeline's file. */
const IMPORTING = `
import { Importer } from "callboard/import";

export default {
  async fetch(request) {
    const importer = new Importer();
    importer.add("a.json", new Uint8Array(await request.arrayBuffer()));
    const { sessions } = importer.finish();
    return Response.json({ states: sessions.map(({ state }) => state.value) });
  },
};
`;

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

const servers = [];

/** Bundles a Worker, and serves it; returns its address. */
async function serve(name, entry) {
  const folder = join(root, name);
  await build({
    entryPoints: { worker: entry },
    outdir: folder,
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const wasm = (await readdir(folder)).filter((file) => file.endsWith(".wasm"));
  assert.equal(wasm.length, 1, "a Worker has only the module that it needs");
  await writeFile(join(folder, "config.capnp"), config(wasm[0]));
  const server = spawn(workerd.default, ["serve", "config.capnp", "--control-fd=1"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  servers.push(server);
  for await (const line of createInterface({ input: server.stdout })) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") return `http://127.0.0.1:${port}/`;
  }
  return assert.fail("workerd serves the Worker");
}

let url;
let importing;
before(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  url = await serve("machine", EXAMPLE);
  await writeFile(join(root, "importing.mjs"), IMPORTING);
  importing = await serve("import", join(root, "importing.mjs"));
});
after(async () => {
  for (const server of servers) {
    if (server.exitCode !== null) continue;
    server.kill();
    await once(server, "exit");
  }
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

test("the import in Cloudflare Workers", async () => {
  const response = await fetch(importing, { method: "POST", body: '{"session_id": "ep_9", "status": "failed"}' });
  assert.deepEqual(await response.json(), { states: ["failed"] });
});
