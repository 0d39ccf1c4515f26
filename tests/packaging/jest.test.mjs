// The installed package under Jest, whose own loader supports CommonJS only.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { run } from "./support/program.mjs";

const JEST = fileURLToPath(new URL("../node_modules/jest/bin/jest.js", import.meta.url));
const root = join(process.env.CALLBOARD_PROJECT, "jest");

const suite = `
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const { default: init, CallboardError, Session, dashboard } = require("callboard");
const { Importer } = require("callboard/import");
const { MemoryStore } = require("callboard/memory");
const { FileStore, runAgent } = require("callboard/node");

test("a session is parsed, moved on and stored", async () => {
  await init();
  const now = new Date("2024-08-11T14:30:00Z");
  const session = Session.initialize({ episode: 1, topic: "tides" }, { now });
  expect(Session.fromBytes(Buffer.from(session.toString())).id).toBe("ep_001_20240811_1430");
  expect(dashboard([session], { now }).active_sessions).toHaveLength(1);
  expect(() => Session.parse("{")).toThrow(CallboardError);
  expect(require("callboard/inline").Session).toBe(Session);
  const importer = new Importer();
  importer.add("a.json", Buffer.from('{"session_id": "ep_9", "status": "failed"}'));
  expect(importer.finish().sessions[0].state.value).toBe("failed");

  const folder = mkdtempSync(join(tmpdir(), "callboard-"));
  for (const store of [new MemoryStore(), new FileStore(folder)]) {
    const id = await store.initializeSession({ episode: 1, topic: "tides" });
    const { next } = await runAgent(store, id, "research_coordinator", async () => ({ cost: 1 }));
    expect(next.agent).toBe("script_writer");
    await expect(store.load("ep_2")).rejects.toThrow(CallboardError);
  }
  rmSync(folder, { recursive: true });
});
`;

before(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  await writeFile(join(root, "package.json"), '{ "type": "commonjs" }\n');
  await writeFile(join(root, "session.test.js"), suite);
});

// jest-environment-jsdom sets the second.
for (const [name, conditions] of [["Node's conditions", ["node"]], ["a browser's conditions", ["browser"]]]) {
  test(`Jest, CommonJS, with ${name}`, async () => {
    const config = { rootDir: root, cacheDirectory: join(root, "cache"), testEnvironmentOptions: { customExportConditions: conditions } };
    const { status, stderr } = run(root, process.execPath, JEST, "--config", JSON.stringify(config), "--runInBand");
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Tests: +1 passed, 1 total$/m);
  });
}
