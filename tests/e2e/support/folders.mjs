// Checks that published files do not reveal where they were built.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url)).replace(/[\\/]$/, "");

/**
 * Returns true if a bundle is one for users: its WebAssembly is optimised, and has no names for a debugger.
 *
 * @param {string} dir
 */
export async function isShipped(dir) {
  const names = (await readdir(dir)).filter((name) => name.endsWith(".wasm"));
  assert.ok(names.length > 0, "what is built is there");
  const modules = await Promise.all(names.map(async (name) => WebAssembly.compile(await readFile(join(dir, name)))));
  return modules.every((module) => WebAssembly.Module.customSections(module, "name").length === 0);
}

/**
 * Fails if a file below this folder contains the path of the home folder, of the sources or of cargo.
 *
 * @param {string} dir
 */
export async function assertNamesNoFolder(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  assert.ok(files.some(({ name }) => name.endsWith(".wasm")), "what is built is there");
  // The root folder identifies nothing.
  const folders = [homedir(), ROOT, process.env.CARGO_HOME].filter((folder) => folder && dirname(folder) !== folder);
  for (const { parentPath, path, name } of files) {
    const file = join(parentPath ?? path, name);
    const text = await readFile(file, "latin1");
    for (const folder of folders) assert.ok(!text.includes(`${folder}/`), `${file} names ${folder}`);
  }
}
