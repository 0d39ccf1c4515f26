// The declarations, under TypeScript's strictest, as those who import the package compile them.
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

const modes = {
  nodenext: ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "es2022"],
  bundler: ["--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"],
  "nodenext with the newest library": ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "esnext,dom"],
};

for (const [name, options] of Object.entries(modes)) {
  test(`the types compile in ${name}`, () => {
    const { status, stdout } = spawnSync(process.execPath, [TSC, "--project", folder, ...options], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
}

test("`using` compiles where the library has it", async () => {
  const file = join(folder, "using", "using.ts");
  await cp(join(folder, "tsconfig.json"), join(folder, "using", "tsconfig.json"), { recursive: true });
  const code = 'import { Session } from "callboard";\n{\n  using session = Session.parse("{}");\n  void session.id;\n}\n';
  await writeFile(file, code);
  const options = ["--module", "nodenext", "--moduleResolution", "nodenext", "--lib", "esnext"];
  const { status, stdout } = spawnSync(process.execPath, [TSC, "--project", dirname(file), ...options], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

test("every name that is exported is declared, and the other way round", async () => {
  const { exports } = JSON.parse(await readFile(join(process.env.CALLBOARD_PROJECT, "node_modules/callboard/package.json"), "utf8"));
  const here = createRequire(join(process.env.CALLBOARD_PROJECT, "package.json"));
  for (const [entry, name] of [[".", "callboard"], ["./node", "callboard/node"], ["./memory", "callboard/memory"]]) {
    const module = await import(here.resolve(name));
    const declared = await declaredNames(join(process.env.CALLBOARD_PROJECT, "node_modules/callboard", exports[entry].types));
    assert.deepEqual([...declared].sort(), Object.keys(module).sort(), name);
  }
});

/** The values that a declaration file exports, those of the files that it passes on included. */
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
