// node core.mjs [package folder…]: one transition on a session file, text in to text out, through the package and
// through the code that one would use instead; also through other builds of the package, to compare them. Every side
// runs in every round, so that a slow machine slows all of them, and in a new order each time, since a side pays for the
// garbage of the one before. The medians are of rounds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

import { throughXState } from "./machine.mjs";
import { complete, schema } from "./reducer.mjs";
import { median, shuffled } from "./shuffle.mjs";

const root = new URL("../../../", import.meta.url);
const require = createRequire(new URL("tests/package.json", root));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { Session } = await import(new URL("target/npm/package/inline.js", root));
const { z } = await load("zod");
const xstate = await load("xstate");

const text = readFileSync(fileURLToPath(new URL("tests/fixtures/sessions/ep001_session_20240811.json", root)), "utf8");
const event = { type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 };
const now = "2024-08-11T15:20:00Z";
const shape = schema(z);
const spell = (session) => JSON.stringify(session, null, 2);

/** Makes a side of a build of the package. */
const through = (Session) => () => {
  const session = Session.parse(text);
  session.apply(event, { now });
  const after = session.toString();
  session.free();
  return after;
};

const others = {};
for (const folder of process.argv.slice(2)) {
  const other = await import(pathToFileURL(resolve(folder, "inline.js")));
  others[folder] = through(other.Session);
}

const sides = {
  callboard: through(Session),
  ...others,
  "bare parse + stringify": () => spell(JSON.parse(text)),
  reducer: () => spell(complete(JSON.parse(text), event, now)),
  "zod + reducer": () => spell(complete(shape.parse(JSON.parse(text)), event, now)),
  xstate: ((run) => () => run(text, event, now))(throughXState(xstate)),
};

// All sides do the same work before any is timed.
const expected = JSON.parse(sides.callboard());
for (const [name, run] of Object.entries(sides)) {
  const after = JSON.parse(run());
  if (name !== "bare parse + stringify") assert.deepEqual(after, expected, name);
}

const ROUNDS = 300;
const CALLS = 50;
const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
let kept = 0;
for (let round = -60; round < ROUNDS; round++) {
  for (const [name, run] of shuffled(Object.entries(sides))) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call++) kept += run().length;
    const spent = Number(process.hrtime.bigint() - start) / CALLS / 1000;
    if (round >= 0) times[name].push(spent);
  }
}
assert.ok(kept > 0);

const NAME = Math.max(24, ...Object.keys(sides).map((name) => name.length));
const medians = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
console.log(`one transition on ${text.length} bytes, median of ${ROUNDS} rounds of ${CALLS}\n`);
for (const [name, time] of Object.entries(medians)) {
  const ratio = medians.callboard / time;
  console.log(`${name.padEnd(NAME)} ${time.toFixed(1).padStart(7)} µs   callboard / this = ${ratio.toFixed(2)}`);
}
