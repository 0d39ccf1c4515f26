// What the README and the examples show is what happens.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { Session } from "callboard";

const PACKAGE = fileURLToPath(new URL(".", import.meta.resolve("callboard/package.json")));
const FIXTURE = fileURLToPath(new URL("../../../tests/fixtures/sessions/ep001_session_20240811.json", import.meta.url));
const HERE = fileURLToPath(new URL(".", import.meta.url));

const readme = await readFile(join(PACKAGE, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);

/** Runs a module in a folder of its own, below the tests so that `callboard` is found. */
async function run(name, code) {
  const cwd = join(HERE, "readme", name);
  await mkdir(cwd, { recursive: true });
  await writeFile(join(cwd, "block.mjs"), code);
  await copyFile(FIXTURE, join(cwd, "ep001_session_20240811.json"));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["block.mjs"], { cwd, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("the README sets the merge driver as the command's help does, and never lets npx fetch another package", () => {
  const [line] = /git config merge\.callboard\.driver .*/.exec(readme);
  assert.equal(line, 'git config merge.callboard.driver "npx --no -- callboard merge %O %A %B %P"');
  const { stdout } = spawnSync(process.execPath, [join(PACKAGE, "cli", "callboard.js"), "merge", "--help"], { encoding: "utf8" });
  assert.ok(stdout.includes(line), stdout);
});

test("the README has its examples", () => assert.ok(blocks.length >= 5));

for (const [at, code] of blocks.entries()) {
  test(`example ${at + 1} of the README prints what it says`, async () => {
    const said = [...code.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment);
    const stamp = `${process.pid}-${at}`;
    assert.equal(await run(stamp, code), said.map((line) => `${line}\n`).join(""));
  });
}

test("the example episode goes through a failure, a retry, failed gates and a resume to its end", async () => {
  const folder = join(HERE, "readme", `${process.pid}-episode`);
  const script = join(PACKAGE, "examples", "episode.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /audio_synthesizer has failed and is out of retries: the voice is out of order/);
  assert.match(stdout, /100 %, \$5\.40, quality 0\.91\n$/);
  const [file] = await readdir(folder);
  const session = Session.parse(await readFile(join(folder, file), "utf8"), { file });
  assert.equal(session.state, "COMPLETE");
  assert.deepEqual(session.diagnostics(), []);
  const { history, pipeline_state } = session.data();
  const count = (event) => history.filter((entry) => entry.event === event).length;
  assert.deepEqual(
    [count("start"), count("fail"), count("retry"), count("quality_failure"), count("resume"), count("complete")],
    [11, 5, 4, 1, 1, 5],
  );
  assert.deepEqual([pipeline_state.failed_attempts, pipeline_state.gate_failures], [5, 0]);
});
