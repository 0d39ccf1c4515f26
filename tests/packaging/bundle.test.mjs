// The installed package bundled into a program for Node: the module is loaded all the same.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "vite";

const PROJECT = process.env.CALLBOARD_PROJECT;
const root = join(PROJECT, "bundle");
const WASM = "callboard_wasm_bg.wasm";

const program = `
import { Session } from "callboard";
import { MemoryStore } from "callboard/memory";
import { FileStore } from "callboard/node";

const session = Session.initialize({ episode: 1, topic: "tides" }, { now: "2024-08-11T14:30:00Z" });
console.log(session.id, new MemoryStore() instanceof FileStore);
`;

let elsewhere;
before(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  await writeFile(join(root, "program.js"), program);
  await build({
    root,
    logLevel: "error",
    ssr: { noExternal: true },
    build: { ssr: "program.js", rollupOptions: { output: { entryFileNames: "bundle.mjs" } } },
  });
  elsewhere = await mkdtemp(join(tmpdir(), "callboard-"));
  await copyFile(join(root, "dist", "bundle.mjs"), join(elsewhere, "bundle.mjs"));
});
after(() => rm(elsewhere, { recursive: true }));

function run(cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bundle.mjs"], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

const PRINTED = { status: 0, stdout: "ep_001_20240811_1430 false\n", stderr: "" };

test("a bundle finds the module of the installed package", () => assert.deepEqual(run(join(root, "dist")), PRINTED));

test("a bundle that has gone elsewhere says what it lacks, and needs no more than that", async () => {
  const { status, stderr } = run(elsewhere);
  assert.equal(status, 1);
  assert.match(stderr, /callboard_wasm_bg\.wasm is not beside the bundle that holds callboard: copy it there/);
  await copyFile(join(PROJECT, "node_modules/callboard", WASM), join(elsewhere, WASM));
  assert.deepEqual(run(elsewhere), PRINTED);
});
