// The declarations, compiled like a user's code under TypeScript's strictest settings.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = join(process.env.CALLBOARD_PROJECT, "types");
const require = createRequire(import.meta.url);
const TSC = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");

before(() => cp(fileURLToPath(new URL("types", import.meta.url)), folder, { recursive: true }));

/** Compiles with the project's settings and additional ones. */
function compile(project, options) {
  const { status, stdout } = spawnSync(process.execPath, [TSC, "--project", project, ...options], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
}

const modes = {
  nodenext: ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "es2022"],
  bundler: ["--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"],
  "nodenext with the newest library": ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "esnext,dom"],
};

for (const [name, options] of Object.entries(modes)) {
  test(`the types compile in ${name}`, () => compile(folder, options));
}

test("`using` compiles where the library has it", async () => {
  const file = join(folder, "using", "using.ts");
  await cp(join(folder, "tsconfig.json"), join(folder, "using", "tsconfig.json"), { recursive: true });
  const code = 'import { Session } from "callboard";\n{\n  using session = Session.parse("{}");\n  void session.id;\n}\n';
  await writeFile(file, code);
  const options = ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "esnext"];
  compile(dirname(file), options);
});

const COMMONJS = `import init, { Session, dashboard } from "callboard";
import inline = require("callboard/inline");
import { Importer } from "callboard/import";
import { importFolder } from "callboard/import/node";
import { MemoryStore } from "callboard/memory";
import { FileStore, type Store } from "callboard/node";
import type { Session as Imported } from "callboard" with { "resolution-mode": "import" };

export async function open(store: Store = new MemoryStore()): Promise<Imported> {
  await init();
  const { text } = await store.load("ep_1");
  const session: Imported = inline.Session.parse(text);
  dashboard([Session.parse(text)], { now: new Date() });
  new Importer({ shapes: [] }).free();
  (await importFolder("sessions")).free();
  return new FileStore("sessions").folder === "" ? Session.parse(text) : session;
}
`;

// Node 16's rules do not allow `require` of a module, later ones do; the types of both formats are equal in either case.
for (const module of ["node16", "node18", "node20", "nodenext"]) {
  test(`the types compile in CommonJS, ${module}`, async () => {
    const project = join(folder, `commonjs-${module}`);
    await cp(join(folder, "tsconfig.json"), join(project, "tsconfig.json"), { recursive: true });
    await writeFile(join(project, "tsconfig.json"), (await readFile(join(folder, "tsconfig.json"), "utf8")).replace("*.ts", "*.cts"));
    await writeFile(join(project, "required.cts"), COMMONJS);
    compile(project, ["--module", module, "--lib", "esnext,dom"]);
  });
}

test("every name that is exported is declared, and the other way round", async () => {
  const { exports } = JSON.parse(await readFile(join(process.env.CALLBOARD_PROJECT, "node_modules/callboard/package.json"), "utf8"));
  const here = createRequire(join(process.env.CALLBOARD_PROJECT, "package.json"));
  const installed = join(process.env.CALLBOARD_PROJECT, "node_modules/callboard");
  for (const entry of [".", "./inline", "./node", "./memory", "./import", "./import/inline", "./import/node"]) {
    const { default: imported, require: required } = exports[entry];
    const names = Object.keys(await import(here.resolve(join("callboard", entry)))).sort();
    assert.deepEqual([...(await declaredNames(join(installed, imported.types)))].sort(), names, entry);
    assert.deepEqual([...(await declaredNames(join(installed, required.types)))].sort(), names, entry);
    assert.deepEqual(Object.keys(here(join(installed, required.default))).sort(), names, entry);
  }
});

/** Returns the values that a declaration file exports, including its re-exports. */
async function declaredNames(path) {
  const text = await readFile(path, "utf8");
  const names = new Set();
  for (const [, name] of text.matchAll(/^export (?:default )?(?:abstract )?(?:class|function|const) (\w+)/gm)) names.add(name);
  if (/^export default/m.test(text)) {
    names.delete("init");
    names.add("default");
  }
  for (const [, list] of text.matchAll(/^export \{ ([\w, ]+) \} from/gm)) for (const name of list.split(", ")) names.add(name);
  for (const [, from] of text.matchAll(/^export \* from "(.*)\.js"/gm)) {
    for (const name of await declaredNames(join(dirname(path), `${from}.d.ts`))) names.add(name);
  }
  return names;
}
