// The installed package through the bundlers' production builds: in a page, and in a web worker.
import assert from "node:assert/strict";
import { copyFile, cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";

import { BROWSERS, launch } from "../e2e/support/browsers.mjs";
import { assertNoProblems, guard } from "../e2e/support/guard.mjs";
import { startServer } from "../e2e/support/server.mjs";

const root = join(process.env.CALLBOARD_PROJECT, "sites");
const SITE = fileURLToPath(new URL("site", import.meta.url));
const SAMPLE = "ep001_session_20240811.json";
const text = await readFile(fileURLToPath(new URL(`../fixtures/sessions/${SAMPLE}`, import.meta.url)), "utf8");
const ARGS = [text, SAMPLE, { type: "complete", agent: "script_writer", cost: 1.2 }, { now: "2024-08-11T15:20:00Z" }];

/** The script of a page that loads both modules where its bundler leaves files alone. */
const INLINE = `import init from "callboard";
import initImport from "callboard/import";
import "callboard/inline";
import "callboard/import/inline";

export const load = () => Promise.all([init(), initImport()]);
`;
const FILE = `import init from "callboard";
import initImport from "callboard/import";
import importWasm from "callboard/callboard_import_bg.wasm";
import wasm from "callboard/callboard_wasm_bg.wasm";

export const load = () => Promise.all([init(new URL(wasm, import.meta.url)), initImport(new URL(importWasm, import.meta.url))]);
`;

async function buildWithVite(site, dist) {
  await vite.build({ root: site, base: "./", logLevel: "error", worker: { format: "es" }, build: { outDir: dist } });
}

async function buildWithWebpack(site, dist) {
  const config = { mode: "production", context: site, entry: "./page.js", output: { path: dist, filename: "page.js" } };
  const stats = await new Promise((resolve, reject) => {
    webpack({ ...config, performance: false }, (error, result) => (error ? reject(error) : resolve(result)));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual([...errors, ...warnings].map(({ message }) => message), []);
  await copyFile(join(site, "index.html"), join(dist, "index.html"));
}

const buildWithEsbuild = (load) => async (site, dist) => {
  await writeFile(join(site, "load.js"), load);
  const { warnings } = await esbuild.build({
    entryPoints: [join(site, "page.js"), join(site, "worker.js")],
    outdir: dist,
    bundle: true,
    format: "esm",
    loader: { ".wasm": "file" },
    logLevel: "silent",
  });
  assert.deepEqual(warnings, []);
  assert.equal((await readdir(dist)).some((name) => name.endsWith(".wasm")), load === FILE);
  await copyFile(join(site, "index.html"), join(dist, "index.html"));
};

const BUNDLERS = {
  "Vite for a page": buildWithVite,
  "webpack 5 for a page": buildWithWebpack,
  "esbuild for a page, with callboard/inline": buildWithEsbuild(INLINE),
  "esbuild for a page, with the file": buildWithEsbuild(FILE),
};

const places = Object.keys(BUNDLERS).map((_, at) => `site-${at}`);

let server;
before(async () => {
  await rm(root, { recursive: true, force: true });
  for (const [at, build] of Object.values(BUNDLERS).entries()) {
    const site = join(root, "sources", places[at]);
    await mkdir(join(root, places[at]), { recursive: true });
    await cp(SITE, site, { recursive: true });
    await build(site, join(root, places[at]));
  }
  server = await startServer({ dir: root });
});
after(() => server?.close());

for (const name of BROWSERS) {
  test(`built pages and their workers move a session on (${name})`, { timeout: 120_000 }, async (t) => {
    const browser = await launch(name);
    try {
      for (const [at, bundler] of Object.keys(BUNDLERS).entries()) {
        await t.test(bundler, async () => {
          const tab = await browser.newPage();
          const guarded = await guard(tab, server.origin);
          await tab.goto(`${server.url}${places[at]}/`);
          await tab.waitForFunction(() => globalThis.moveInWorker);
          const moved = await tab.evaluate((...args) => globalThis.move(...args), ...ARGS);
          assert.equal(JSON.parse(moved.text).pipeline_state.current_stage, "evaluation");
          assert.deepEqual([moved.id, moved.state], ["ep_001_20240811_1520", "failed"]);
          assert.deepEqual(await tab.evaluate((...args) => globalThis.moveInWorker(...args), ...ARGS), moved);
          await guarded.settle();
          assertNoProblems(guarded);
          await tab.close();
        });
      }
    } finally {
      await browser.close();
    }
  });
}
