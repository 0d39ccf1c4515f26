// The installed package through Vite's production build: in a page, and in a web worker.
import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "vite";

import { BROWSERS, launch } from "../e2e/support/browsers.mjs";
import { assertNoProblems, guard } from "../e2e/support/guard.mjs";
import { startServer } from "../e2e/support/server.mjs";

const root = join(process.env.CALLBOARD_PROJECT, "site");
const SAMPLE = "ep001_session_20240811.json";
const text = await readFile(fileURLToPath(new URL(`../fixtures/sessions/${SAMPLE}`, import.meta.url)), "utf8");
const ARGS = [text, SAMPLE, { type: "complete", agent: "script_writer", cost: 1.2 }, { now: "2024-08-11T15:20:00Z" }];

let server;
before(async () => {
  await cp(fileURLToPath(new URL("site", import.meta.url)), root, { recursive: true });
  await build({ root, base: "./", logLevel: "error", worker: { format: "es" } });
  server = await startServer({ dir: join(root, "dist") });
});
after(() => server?.close());

for (const name of BROWSERS) {
  test(`a built page and its worker move a session on (${name})`, { timeout: 120_000 }, async () => {
    const browser = await launch(name);
    try {
      const tab = await browser.newPage();
      const guarded = await guard(tab, server.origin);
      await tab.goto(server.url);
      await tab.waitForFunction(() => globalThis.moveInWorker);
      const moved = await tab.evaluate((...args) => globalThis.move(...args), ...ARGS);
      assert.equal(JSON.parse(moved.text).pipeline_state.current_stage, "evaluation");
      assert.equal(moved.id, "ep_001_20240811_1520");
      assert.deepEqual(await tab.evaluate((...args) => globalThis.moveInWorker(...args), ...ARGS), moved);
      await guarded.settle();
      assertNoProblems(guarded);
    } finally {
      await browser.close();
    }
  });
}
