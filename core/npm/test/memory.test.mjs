// A module without free memory: an error with a code instead of a trap, and later calls work.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { folder } from "./support/folder.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Runs a program in which the module has 64 MB, and returns its parsed JSON output. */
function run(program) {
  const begin = `
    import init, { Session, dashboard, typicalDurations } from "callboard";
    import { FileStore, Store } from "callboard/node";
    import { limited } from "./support/limited.mjs";
    await init(limited(1024));
    const now = "2024-08-11T14:30:00Z";
    const start = { type: "start", agent: "research_coordinator" };
    const entry = '{"at": "2024-08-11T14:30:00Z", "event": "progress", "agent": "research_coordinator", "cost": 0.01}';
    const text = (id, size) => '{"session_id": "' + id + '", "pipeline_state": {"current_stage": "initialized"}, "history": ['
      + Array(Math.ceil(size / entry.length)).fill(entry).join(", ") + "]}";
    const codeOf = (work) => { try { work(); return "done"; } catch (error) { return error.code ?? String(error); } };
    const works = () => { const session = Session.parse(text("next", 1000)); const { to } = session.apply(start, { now }); session.free(); return to; };
    const print = (value) => console.log(JSON.stringify(value));
  `;
  // Resolved like a bundler for browsers does: init decides on the module.
  const args = ["--conditions", "browser", "--input-type", "module", "--eval", begin + program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: HERE, encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

test("a text that is too large is refused, and the next call works, any number of times", () => {
  const found = run(`
    const large = text("large", 60 << 20);
    const brackets = '{"session_id": "a", "pipeline_state": ' + "[".repeat(4 << 20) + "]".repeat(4 << 20) + "}";
    const codes = [];
    for (let count = 0; count < 20; count += 1) {
      codes.push(codeOf(() => Session.parse(large)), codeOf(() => Session.parse(brackets)), codeOf(() => Session.fromBytes(Buffer.from(large))), works());
    }
    print([...new Set(codes)]);
  `);
  assert.deepEqual(found, ["out_of_memory", "RESEARCHING"]);
});

test("too many open sessions are refused, the open ones stay usable, and freeing them makes room", () => {
  const found = run(`
    const held = [];
    const last = codeOf(() => { for (;;) held.push(Session.parse(text("held" + held.length, 155_000))); });
    const many = held.length > 50;
    const again = codeOf(() => Session.parse(text("more", 155_000)));
    const small = works();
    const seen = held.map((session) => session.toString().length > 155_000 && session.id.startsWith("held")).every(Boolean);
    const figures = codeOf(() => dashboard(held, { now }));
    const typical = codeOf(() => typicalDurations(held));
    const changes = held.map((session) => codeOf(() => session.apply(start, { now }))).filter((code) => code !== "done");
    for (const session of held) session.free();
    print([last, many, again, small, seen, figures, typical, [...new Set(changes)], codeOf(() => Session.parse(text("more", 155_000)))]);
  `);
  const [last, many, again, small, seen, figures, typical, changes, after] = found;
  assert.deepEqual([last, many, again, small, seen, after], ["out_of_memory", true, "out_of_memory", "RESEARCHING", true, "done"]);
  assert.deepEqual([figures, typical], ["done", "done"], "what is asked of all of them takes little more");
  assert.ok(changes.every((code) => code === "out_of_memory"), changes.join());
});

test("a dashboard covers more sessions than fit into memory", async () => {
  const path = await folder();
  const program = `
    const FILES = 400;
    const { writeFileSync } = await import("node:fs");
    for (let count = 0; count < FILES; count += 1) writeFileSync(${JSON.stringify(path)} + "/s" + count + ".json", text("s" + count, 400_000));
    const store = new FileStore(${JSON.stringify(path)}, { now: () => now });
    const { sessions, broken } = await store.list();
    const figures = await store.dashboard();
    const given = await store.dashboard({ sessions });
    const { typical_durations } = await store.typicalPolicy(sessions);
    print([sessions.length, broken.length, figures.active_sessions.length, given.active_sessions.length, typical_durations.research, (await store.getSessionHealth("s7")).health]);
  `;
  assert.deepEqual(run(program), [400, 0, 400, 400, 1680, "healthy"]);
});

test("sessions from a generator need to be open only one at a time, asynchronously too", () => {
  const found = run(`
    function* each() {
      for (let count = 0; count < 400; count += 1) {
        const session = Session.parse(text("s" + count, 400_000));
        try { yield session; } finally { session.free(); }
      }
    }
    async function* later() { yield* each(); }
    print([dashboard(each(), { now }), await dashboard(later(), { now })].map(({ active_sessions }) => active_sessions.length));
  `);
  assert.deepEqual(found, [400, 400]);
});
