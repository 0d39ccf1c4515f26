// A project in a folder whose name has characters that are escaped in addresses.
import assert from "node:assert/strict";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { PRINTED, imports, requires, run } from "./support/program.mjs";

const PROJECT = process.env.CALLBOARD_PROJECT;
const BIN = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));
const root = join(PROJECT, "an épisode #1 %20 of 100%, [a]+{b} & 'c' 日本");

before(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  await cp(join(PROJECT, "node_modules/callboard"), join(root, "node_modules/callboard"), { recursive: true });
  await writeFile(join(root, "package.json"), '{ "type": "commonjs" }\n');
  await writeFile(join(root, "program.mjs"), imports);
  await writeFile(join(root, "program.cjs"), requires);
  process.env.DENO_DIR = join(PROJECT, "deno");
  process.env.DENO_NO_UPDATE_CHECK = "1";
});

const RUNTIMES = {
  Node: [process.execPath],
  "Node without its require of modules": [process.execPath, "--no-experimental-require-module"],
  Deno: [join(BIN, "deno"), "run", "--no-prompt", "--allow-all", "--cached-only", "--node-modules-dir=manual"],
  Bun: [join(BIN, "bun"), "run", "--no-install"],
};

for (const [name, [command, ...args]] of Object.entries(RUNTIMES)) {
  test(`${name}, imported and required`, () => {
    for (const program of ["program.mjs", "program.cjs"]) assert.deepEqual(run(root, command, ...args, program), PRINTED);
  });
}

test("the commands", async () => {
  const cli = (...args) => run(root, process.execPath, join(root, "node_modules/callboard/cli/callboard.js"), ...args);
  const { version } = JSON.parse(await readFile(join(root, "node_modules/callboard/package.json"), "utf8"));
  assert.deepEqual(cli("--version"), { status: 0, stdout: `${version}\n`, stderr: "" });
  assert.equal(JSON.parse(cli("schema").stdout).type, "object");
  const dir = join(root, "sessions #2");
  await mkdir(dir);
  const made = cli("session", "init", "--episode", "1", "--topic", "tides", "--now", "2024-08-11T14:30:00Z", "--dir", dir);
  assert.deepEqual([made.status, made.stderr], [0, ""]);
  assert.match(cli("list", "--dir", dir).stdout, /ep_001_20240811_1430/);
});

test("the file's address, for those who load it themselves", async () => {
  const program = `
    import { readFile } from "node:fs/promises";
    import init, { Session } from "callboard";
    await init(await readFile(new URL(import.meta.resolve("callboard/callboard_wasm_bg.wasm"))));
    console.log(Session.parse('{"session_id": "a"}').id);
  `;
  await writeFile(join(root, "file.mjs"), program);
  assert.deepEqual(run(root, process.execPath, "--conditions=browser", "file.mjs"), { status: 0, stdout: "a\n", stderr: "" });
});

test("a bundle for Node", async () => {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["program.mjs"],
    outfile: "bundle.cjs",
    bundle: true,
    platform: "node",
    logLevel: "error",
  });
  assert.deepEqual(run(root, process.execPath, "bundle.cjs"), PRINTED);
});
