// The package's modules import one way: no module needs another that needs it.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import test from "node:test";

import { PACKAGE } from "./support/cli.mjs";

const NOT_OURS = ["cjs", "examples", "callboard_wasm.js", "callboard_wasm_bytes.js", "callboard_import.js", "callboard_import_bytes.js"];

/** Imports of each module of the package, by its path in it. */
async function modules() {
  const found = new Map();
  for (const path of await readdir(PACKAGE, { recursive: true })) {
    if (!path.endsWith(".js") || NOT_OURS.some((name) => path.split(/[\\/]/u)[0] === name)) continue;
    const text = await readFile(join(PACKAGE, path), "utf8");
    const imports = [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)";|^import "(\.[^"]+)";/gmu)];
    found.set(path, imports.map(([, from, bare]) => relative(PACKAGE, resolve(PACKAGE, dirname(path), from ?? bare))));
  }
  return found;
}

/** Finds a circle of imports. Returns its modules, with the first one repeated at the end; undefined if there is none. */
function circle(imports) {
  const done = new Set();
  const visit = (module, above) => {
    if (above.includes(module)) return [...above.slice(above.indexOf(module)), module];
    if (done.has(module)) return undefined;
    for (const next of imports.get(module) ?? []) {
      const found = visit(next, [...above, module]);
      if (found !== undefined) return found;
    }
    done.add(module);
    return undefined;
  };
  for (const module of imports.keys()) {
    const found = visit(module, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

test("no circle of imports among the package's modules", async () => {
  const imports = await modules();
  assert.ok(imports.size > 40, `${imports.size} modules`);
  assert.ok([...imports.values()].flat().length > 100, "the imports are read");
  assert.equal(circle(imports)?.join(" → "), undefined);
});

test("a circle is found", () => {
  const imports = new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["b"]]]);
  assert.deepEqual(circle(imports), ["b", "d", "b"]);
  assert.equal(circle(new Map([["a", ["b", "c"]], ["b", ["c"]]])), undefined);
});

test("the store's operations load no module of the folder", async () => {
  const imports = await modules();
  const reached = new Set();
  const follow = (module) => {
    if (reached.has(module)) return;
    reached.add(module);
    for (const next of imports.get(module) ?? []) follow(next);
  };
  follow(join("store", "memory.js"));
  for (const name of ["folder.js", "files.js", "disk.js", "lock.js", "catalog.js"]) {
    assert.ok(!reached.has(join("store", name)), `store/memory.js must not load ${name}: browsers have no files`);
  }
});
