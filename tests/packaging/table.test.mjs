// The README's table of environments and their import lines: each row has its test.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

/** The rows by their first cell, each with its tests. */
const TESTED = {
  "Node, imported or required; Deno; Bun": ["runtimes: Node requires it", "runtimes: Deno runs it", "runtimes: Bun runs it"],
  "esbuild, webpack, Rollup, Vite or Bun, for Node; AWS Lambda": [
    "bundle: esbuild, CommonJS for Node",
    "bundle: webpack 5 for Node",
    "bundle: Rollup for Node",
    "bundle: Vite for a server",
    "bundle: Bun's bundler",
  ],
  "`bun build --compile`": ["bundle: bun build --compile"],
  "Jest, CommonJS": ["jest: Jest, CommonJS"],
  "Next.js, Turbopack or webpack, on the server": ["next: Next.js with"],
  "Next.js, in a client component": ["next: Next.js with"],
  "Vite or webpack, for a page or a web worker": ["pages: Vite for a page", "pages: webpack 5 for a page"],
  "esbuild, for a page or a web worker": [
    "pages: esbuild for a page, with callboard/inline",
    "pages: esbuild for a page, with the file",
  ],
  "A page without a bundler": ["browser: a page moves a session on as Node does"],
  "Cloudflare Workers, by wrangler": ["workers: Cloudflare Workers"],
};

test("every row of the README's table has its test", async () => {
  const readme = await readFile(join(process.env.CALLBOARD_PROJECT, "node_modules/callboard/README.md"), "utf8");
  const [, table] = /^\| where \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(readme);
  assert.deepEqual(table.trim().split("\n").map((row) => row.split("|")[1].trim()), Object.keys(TESTED));
  for (const named of Object.values(TESTED).flat()) {
    const [file, name] = named.split(": ");
    const text = await readFile(new URL(`${file}.test.mjs`, import.meta.url), "utf8");
    assert.ok(text.includes(name), `${file}.test.mjs has a test "${name}"`);
  }
});
