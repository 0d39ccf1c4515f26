// The package is one instance however it is loaded. If a program has two copies, each recognises the other's sessions.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { run } from "./support/program.mjs";

const PROJECT = process.env.CALLBOARD_PROJECT;
const BIN = fileURLToPath(new URL("../node_modules/.bin/", import.meta.url));
const require = createRequire(join(PROJECT, "package.json"));
const own = (name) => import(pathToFileURL(require.resolve(name)));
const AT = { now: "2024-08-11T14:30:00Z" };

const program = `
import { createRequire } from "node:module";
import * as imported from "callboard";
import * as inline from "callboard/inline";
import * as importing from "callboard/import";
import * as folders from "callboard/import/node";
import * as memory from "callboard/memory";
import * as node from "callboard/node";

const require = createRequire(import.meta.url);
const all = [imported, inline, require("callboard"), require("callboard/inline")];
const stores = [memory, node, require("callboard/memory"), require("callboard/node")];
const imports = [importing, folders, require("callboard/import"), require("callboard/import/inline"), require("callboard/import/node")];
const { id } = imported.Session.initialize({ episode: 1, topic: "tides" }, { now: "2024-08-11T14:30:00Z" });
console.log(id, new Set(all.map(({ Session }) => Session)).size, new Set(stores.map(({ Store }) => Store)).size, new Set(imports.map(({ Importer }) => Importer)).size);
console.log([...all, ...imports, node, require("callboard/node")].every(({ CallboardError }) => CallboardError === imported.CallboardError));
`;

const RUNTIMES = {
  Node: [process.execPath],
  Deno: [join(BIN, "deno"), "run", "--no-prompt", "--allow-all", "--cached-only", "--node-modules-dir=manual"],
  Bun: [join(BIN, "bun"), "run", "--no-install"],
};

for (const [name, [command, ...args]] of Object.entries(RUNTIMES)) {
  test(`imported and required, of every entry, it is one (${name})`, async () => {
    await writeFile(join(PROJECT, "copies.mjs"), program);
    process.env.DENO_DIR = join(PROJECT, "deno");
    process.env.DENO_NO_UPDATE_CHECK = "1";
    assert.deepEqual(run(PROJECT, command, ...args, "copies.mjs"), { status: 0, stdout: "ep_001_20240811_1430 1 1 1\ntrue\n", stderr: "" });
  });
}

test("a session of another copy is refused in a sentence that says what to do", async () => {
  const { dashboard, typicalDurations } = await own("callboard");
  const other = require("./node_modules/callboard/cjs/inline.js");
  const session = other.Session.initialize({ episode: 1, topic: "tides" }, AT);
  const expected = {
    code: "invalid_value",
    message: /^This Session belongs to another copy of callboard: .* Pass sessions to their own copy, or their texts to Session\.parse\.$/,
  };
  assert.throws(() => dashboard([session], AT), expected);
  assert.throws(() => typicalDurations([session]), expected);
  assert.throws(() => dashboard([{}], AT), { message: "Each of the sessions must be a Session." });
});

test("the errors of another copy are errors of callboard, and those of its subclasses only theirs", async () => {
  const { CallboardError, Session } = await own("callboard");
  const other = require("./node_modules/callboard/cjs/inline.js");
  assert.notEqual(other.CallboardError, CallboardError);
  const [mine, its] = [Session, other.Session].map((one) => {
    try {
      return one.parse("{");
    } catch (error) {
      return error;
    }
  });
  assert.ok(mine instanceof CallboardError && its instanceof CallboardError && mine instanceof other.CallboardError);
  class Own extends CallboardError {}
  assert.ok(new Own({ code: "locked", message: "Locked." }) instanceof CallboardError);
  assert.ok(new Own({ code: "locked", message: "Locked." }) instanceof Own);
  for (const no of [mine, new Error(), null, undefined, "text", {}]) assert.ok(!(no instanceof Own));
  for (const no of [new Error(), null, undefined, "text", {}]) assert.ok(!(no instanceof CallboardError));
});

test("a store takes the error of another copy's backend for what it is", async () => {
  const { Store } = await own("callboard/memory");
  const { CallboardError } = require("./node_modules/callboard/cjs/store/node.js");
  class Empty extends Store {
    async load(id) {
      throw new CallboardError({ code: "session_not_found", message: `There is no session ${id} here.` });
    }
  }
  await assert.rejects(new Empty().apply("ep_1", { type: "retry" }), { code: "session_not_found" });
});
