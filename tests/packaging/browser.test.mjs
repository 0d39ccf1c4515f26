// The installed package in a page of a site without a bundler.
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { BROWSERS, launch } from "../e2e/support/browsers.mjs";
import { assertNoProblems, guard } from "../e2e/support/guard.mjs";
import { startServer } from "../e2e/support/server.mjs";

/** The project in which `cargo xtask test package` has installed the tarball. */
const PROJECT = process.env.CALLBOARD_PROJECT;
const SAMPLE = "ep001_session_20240811.json";
const EVENT = { type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 };
const AT = { now: "2024-08-11T15:20:00Z" };

async function sample() {
  const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
  const names = await readdir(fixtures, { recursive: true });
  const name = names.find((n) => n.endsWith(SAMPLE));
  assert.ok(name, `tests/fixtures has no ${SAMPLE}`);
  return readFile(join(fixtures, name), "utf8");
}

/** Resolves `exports` like a bundler, for a page without one. */
async function browserEntry(name) {
  const folder = join(PROJECT, "node_modules/callboard");
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  let entry = exports[name];
  while (typeof entry === "object") entry = entry.browser ?? entry.default;
  return new URL(entry, "http://x/node_modules/callboard/").pathname;
}

const page = async () => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>callboard in a page</title>
<link rel="icon" href="data:,">
<script type="importmap">
  { "imports": { "callboard": "${await browserEntry(".")}", "callboard/import": "${await browserEntry("./import")}" } }
</script>
<script type="module">
import init, { Session } from "callboard";
import initImport, { Importer } from "callboard/import";

await Promise.all([init(), initImport()]);
globalThis.move = (text, file, event, at) => {
  const session = Session.parse(text, { file });
  session.apply(event, at);
  return session.toString();
};
globalThis.imported = (text) => {
  const importer = new Importer();
  importer.add("a.json", new TextEncoder().encode(text));
  return importer.finish().sessions.map(({ key, state }) => [key, state.value]);
};
</script>
`;

let server;
before(async () => {
  await writeFile(join(PROJECT, "page.html"), await page());
  server = await startServer({ dir: PROJECT });
});
after(() => server?.close());

for (const name of BROWSERS) {
  test(`a page moves a session on as Node does (${name})`, { timeout: 120_000 }, async () => {
    const text = await sample();
    const node = createRequire(join(PROJECT, "package.json")).resolve("callboard");
    const { Session } = await import(pathToFileURL(node).href);
    const session = Session.parse(text, { file: SAMPLE });
    session.apply(EVENT, AT);
    const expected = session.toString();
    assert.notEqual(expected, text);

    const browser = await launch(name);
    try {
      const tab = await browser.newPage();
      const guarded = await guard(tab, server.origin);
      await tab.goto(`${server.url}page.html`);
      await tab.waitForFunction(() => globalThis.move);
      const moved = await tab.evaluate(
        (text, file, event, at) => globalThis.move(text, file, event, at),
        ...[text, SAMPLE, EVENT, AT],
      );
      assert.equal(moved, expected);
      const imported = await tab.evaluate((foreign) => globalThis.imported(foreign), '{"session_id": "ep_9", "status": "failed"}');
      assert.deepEqual(imported, [["ep_9", "failed"]]);
      await guarded.settle();
      assertNoProblems(guarded);
    } finally {
      await browser.close();
    }
  });
}
