// A module that cannot be loaded: the error gives the cause and the remedy in a sentence.
import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { run } from "./support/program.mjs";

const PROJECT = process.env.CALLBOARD_PROJECT;
const root = join(PROJECT, "load");
const WASM = await readFile(join(PROJECT, "node_modules/callboard/callboard_wasm_bg.wasm"));
const TODO = "Serve callboard_wasm_bg.wasm there, or give init its address; callboard/inline needs no file.";

const ANSWERS = {
  "/missing": [404, "text/plain", "no such file"],
  "/page": [200, "text/html; charset=utf-8", "<!doctype html><title>My app</title>"],
  "/cut": [200, "application/wasm", WASM.subarray(0, 1000)],
  "/empty": [200, "application/wasm", ""],
  "/bytes": [200, "application/octet-stream", WASM],
  "/typed": [200, "Application/WASM; x=y", WASM],
};

let server;
let origin;
before(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  server = createServer(({ url }, response) => {
    const [status, type, body] = ANSWERS[url];
    response.writeHead(status, { "Content-Type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

/** Returns a new copy of a browser's entry as a script, bundled into a format without `import.meta`. */
async function entry(name, { from = "callboard", ...options }) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from "${from}"; export { default } from "${from}";`, resolveDir: PROJECT },
    bundle: true,
    format: "cjs",
    platform: "browser",
    target: "node20",
    write: false,
    logLevel: "silent",
    ...options,
  });
  const file = join(root, `${name}.cjs`);
  await writeFile(file, outputFiles[0].contents);
  return file;
}

let made = 0;
async function fresh(from) {
  const { default: required } = await import(await entry(`web-${(made += 1)}`, { from }));
  return required;
}

test("init without an argument, in a script that does not know its address", async () => {
  const { default: init, Session } = await fresh();
  const message = `The module could not be loaded: the script that holds callboard does not know its own address. ${TODO}`;
  for (const given of [[], [undefined], [null]]) await assert.rejects(init(...given), { name: "CallboardError", code: "not_initialised", message });
  assert.throws(() => Session.parse("{}"), { code: "not_initialised", message: "callboard is not initialised. Call `await init()` first." });
  await init(WASM);
  assert.equal(Session.parse('{"session_id": "a"}').id, "a");
});

test("init of the import's own module", async () => {
  const { default: init, Importer, ShapeDraft, isDefinition, isToolFolder, meanings, mend, outline, unpack } = await fresh("callboard/import");
  const todo = "Serve callboard_import_bg.wasm there, or give init its address; callboard/import/inline needs no file.";
  const message = `The module could not be loaded: the script that holds callboard/import does not know its own address. ${todo}`;
  await assert.rejects(init(), { code: "not_initialised", message });
  const bytes = new TextEncoder().encode("{}");
  const early = { code: "not_initialised", message: "callboard/import is not initialised. Call `await init()` first." };
  const draft = { name: "a", title: "A" };
  const calls = [
    () => new Importer(),
    () => new ShapeDraft(draft),
    () => isDefinition("a"),
    () => isToolFolder("a"),
    () => meanings(),
    () => mend(bytes),
    () => outline("{}"),
    () => unpack("a", bytes),
  ];
  for (const call of calls) assert.throws(call, early);
  await init(await readFile(join(PROJECT, "node_modules/callboard/callboard_import_bg.wasm")));
  for (const call of calls) call();
});

const FAILURES = {
  "/missing": /^the server answered 404 Not Found\. /,
  "/page": /^the server answered with text\/html; charset=utf-8, which is not WebAssembly\. /,
  "/cut": /WebAssembly.*\. /,
  "/empty": /WebAssembly.*\. /,
};

for (const [path, reason] of Object.entries(FAILURES)) {
  test(`init of ${path}`, async () => {
    const { default: init } = await fresh();
    for (const source of [origin + path, new URL(path, origin), new Request(origin + path), await fetch(origin + path), fetch(origin + path)]) {
      const error = await init(source).then(() => assert.fail("it was loaded"), (thrown) => thrown);
      const begin = `The module could not be loaded from ${origin}${path}: `;
      assert.deepEqual([error.name, error.code, error.message.slice(0, begin.length)], ["CallboardError", "not_initialised", begin]);
      assert.match(error.message.slice(begin.length), reason);
      assert.ok(error.message.endsWith(TODO), error.message);
    }
  });
}

for (const source of [42, {}, "no address", "data:,x", new Uint8Array(4), new ArrayBuffer(0)]) {
  test(`init of ${typeof source === "object" ? source.constructor.name : source}`, async () => {
    const { default: init } = await fresh();
    await assert.rejects(init(source), { code: "not_initialised", message: /^The module could not be loaded.*: .*\. Serve / });
  });
}

test("the content type from the server does not matter, and causes no warning", async (t) => {
  const warn = t.mock.method(console, "warn");
  for (const path of ["/bytes", "/typed"]) {
    const { default: init, Session } = await fresh();
    await Promise.all([init(origin + path), init()]);
    assert.equal(Session.parse('{"session_id": "a"}').id, "a");
  }
  const { default: init, Session } = await fresh();
  await init(new WebAssembly.Module(WASM));
  assert.equal(Session.parse('{"session_id": "a"}').id, "a");
  assert.equal(warn.mock.callCount(), 0);
});

test("a runtime that has no WebAssembly", async () => {
  await writeFile(join(root, "none.mjs"), 'await import("callboard").catch(({ code, message }) => console.log(`${code}: ${message}`));\n');
  const { stdout } = run(root, process.execPath, "--jitless", "none.mjs");
  assert.match(stdout, /^not_initialised: WebAssembly cannot be compiled here: .*\. Cloudflare Workers need .*\.\n$/);
});

test("a Worker's bundle in which the module is something else", async () => {
  for (const [from, name] of [["callboard", "callboard_wasm_bg"], ["callboard/import", "callboard_import_bg"]]) {
    for (const loader of ["dataurl", "binary"]) {
      const file = await entry(`worker-${name}-${loader}`, { from, conditions: ["workerd"], loader: { ".wasm": loader } });
      const message = new RegExp(`^${name}\\.wasm is not a compiled module in this bundle\\. Have the bundler leave the import .*\\.$`);
      await assert.rejects(import(file), { code: "not_initialised", message });
    }
  }
});
