// The tarball, checked by publint and by "are the types wrong?" in every resolution mode.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const folder = join(process.env.CALLBOARD_PROJECT, "node_modules/callboard");
const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
const tarball = await readFile(fileURLToPath(new URL(`../../target/npm/callboard-${manifest.version}.tgz`, import.meta.url)));

test("publint has nothing to say", async () => {
  const { messages } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, manifest)), []);
});

test("the types are not wrong, however they are resolved", async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), {
    excludeEntrypoints: ["./callboard_wasm_bg.wasm", "./callboard_import_bg.wasm", "./schema.json", "./shape.schema.json", "./package.json"],
  });
  assert.deepEqual(Object.keys(analysis.entrypoints).sort(), [".", "./import", "./import/inline", "./import/node", "./inline", "./memory", "./node"]);
  assert.deepEqual(analysis.problems, []);
});

test("every file that is packed is listed, and every export is a file", async () => {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll("\\", "/"));
  const always = ["package.json", "README.md"];
  const listed = (name) => always.includes(name) || manifest.files.some((file) => name === file || name.startsWith(`${file}/`));
  assert.deepEqual(names.filter((name) => !listed(name)), []);
  assert.deepEqual(manifest.files.filter((name) => !names.includes(name)), []);
  const targets = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(targets));
  for (const target of targets(manifest.exports)) assert.ok(names.includes(target.slice(2)), target);
});
