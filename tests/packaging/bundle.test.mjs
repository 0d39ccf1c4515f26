// The installed package bundled into a program for Node: one file, which runs in any folder.
import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import webpack from "webpack";

import { PRINTED, imports, requires, run } from "./support/program.mjs";

const BUN = fileURLToPath(new URL("../node_modules/.bin/bun", import.meta.url));
const root = join(process.env.CALLBOARD_PROJECT, "bundle");

let elsewhere;
before(async () => {
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  await writeFile(join(root, "program.mjs"), imports);
  await writeFile(join(root, "program.cjs"), requires);
  elsewhere = await mkdtemp(join(tmpdir(), "callboard-"));
});
after(() => rm(elsewhere, { recursive: true }));

/** Runs a bundle in an empty folder. */
async function runElsewhere(name) {
  await copyFile(join(root, name), join(elsewhere, name));
  try {
    return run(elsewhere, process.execPath, name);
  } finally {
    await rm(join(elsewhere, name));
  }
}

async function bundleWithEsbuild(entry, outfile, options) {
  const { warnings } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    logLevel: "silent",
    ...options,
  });
  assert.deepEqual(warnings, []);
}

for (const entry of ["program.mjs", "program.cjs"]) {
  test(`esbuild, CommonJS for Node: ${entry}`, async () => {
    await bundleWithEsbuild(entry, "esbuild.cjs", { format: "cjs" });
    assert.deepEqual(await runElsewhere("esbuild.cjs"), PRINTED);
  });

  // Custom conditions replace esbuild's default condition `module`.
  test(`esbuild, CommonJS for Node with conditions: ${entry}`, async () => {
    await bundleWithEsbuild(entry, "conditions.cjs", { format: "cjs", conditions: ["node"], minify: true });
    assert.deepEqual(await runElsewhere("conditions.cjs"), PRINTED);
  });

  test(`webpack 5 for Node: ${entry}`, async () => {
    const config = { mode: "production", target: "node20", context: root, entry: `./${entry}` };
    const stats = await promised((done) => webpack({ ...config, output: { path: root, filename: "webpack.cjs" } }, done));
    const { errors, warnings, assets } = stats.toJson({ all: false, errors: true, warnings: true, assets: true });
    assert.deepEqual([...errors, ...warnings].map(({ message }) => message), []);
    assert.deepEqual(assets.map(({ name }) => name), ["webpack.cjs"]);
    assert.deepEqual(await runElsewhere("webpack.cjs"), PRINTED);
  });
}

test("esbuild, modules for Node", async () => {
  await bundleWithEsbuild("program.mjs", "esbuild.mjs", { format: "esm" });
  assert.deepEqual(await runElsewhere("esbuild.mjs"), PRINTED);
});

for (const exportConditions of [[], ["node"]]) {
  test(`Rollup for Node, conditions [${exportConditions}]`, async () => {
    const bundle = await rollup({
      input: join(root, "program.mjs"),
      external: [/^node:/, ...builtinModules],
      plugins: [nodeResolve({ exportConditions })],
      onLog: (_, { message }) => assert.fail(message),
    });
    for (const [format, name] of [["cjs", "rollup.cjs"], ["es", "rollup.mjs"]]) {
      await bundle.write({ file: join(root, name), format });
      assert.deepEqual(await runElsewhere(name), PRINTED);
    }
    await bundle.close();
  });
}

test("Vite for a server", async () => {
  const build = { ssr: "program.mjs", outDir: "vite", rollupOptions: { output: { entryFileNames: "vite.mjs" } } };
  await vite.build({ root, logLevel: "error", ssr: { noExternal: true }, build });
  assert.deepEqual(await readdir(join(root, "vite")), ["vite.mjs"]);
  await copyFile(join(root, "vite", "vite.mjs"), join(root, "vite.mjs"));
  assert.deepEqual(await runElsewhere("vite.mjs"), PRINTED);
});

for (const target of ["node", "bun"]) {
  test(`Bun's bundler, for ${target}`, async () => {
    const built = run(root, BUN, "build", `--target=${target}`, "--outfile=bun.mjs", "program.mjs");
    assert.equal(built.status, 0, built.stderr);
    await copyFile(join(root, "bun.mjs"), join(elsewhere, "bun.mjs"));
    assert.deepEqual(run(elsewhere, target === "bun" ? BUN : process.execPath, "bun.mjs"), PRINTED);
  });
}

test("bun build --compile", () => {
  const built = run(root, BUN, "build", "--compile", "--outfile=compiled", "program.mjs");
  assert.equal(built.status, 0, built.stderr);
  assert.deepEqual(run(elsewhere, join(root, "compiled")), PRINTED);
});

/** Calls a function that takes a Node-style callback, and returns its result as a promise. */
const promised = (work) =>
  new Promise((resolve, reject) => work((error, result) => (error ? reject(error) : resolve(result))));
