// The live dashboard: no more frames than needed, and no larger than the terminal.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Session } from "callboard";
import { FileStore } from "callboard/node";

import { CLI, ID, NOW, env, internal, sample } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

const { follow } = await internal("cli/follow.js");
const { drawFigures } = await internal("cli/figures.js");
const { clip, width } = await internal("cli/width.js");
const { Screen } = await internal("cli/screen.js");

const TERMINAL = pathToFileURL(fileURLToPath(new URL("support/terminal.mjs", import.meta.url))).href;
const paint = (_, text) => text;

/** Changes by a test, in the form of a store's watch. */
function channel() {
  const waiting = [];
  let wake = () => {};
  let over = false;
  const changes = (async function* () {
    while (!over) {
      while (waiting.length > 0) yield waiting.shift();
      await new Promise((resolve) => {
        wake = resolve;
        if (waiting.length > 0 || over) resolve();
      });
    }
  })();
  const change = () => {
    waiting.push({});
    wake();
  };
  const end = () => {
    over = true;
    wake();
  };
  return { changes, change, end };
}

/** Returns a promise and its resolver. */
function gate() {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test("changes during a frame are combined into one more frame", async () => {
  const { changes, change } = channel();
  const stop = new AbortController();
  const first = gate();
  const reads = [];
  await follow({
    changes,
    signal: stop.signal,
    least: 0,
    async read() {
      reads.push("read");
      if (reads.length === 1) {
        for (let count = 0; count < 200; count += 1) change();
        setTimeout(first.open, 20);
        await first.opened;
      }
    },
    async draw() {
      // The state after all 200 changes has been read, so nothing is pending.
      if (reads.length === 2) setTimeout(() => stop.abort(), 50);
    },
  });
  assert.equal(reads.length, 2);
});

test("changes that come faster than the frame rate are drawn together", async () => {
  const { changes, change, end } = channel();
  const stop = new AbortController();
  let draws = 0;
  const following = follow({
    changes,
    signal: stop.signal,
    least: 3_600_000,
    async read() {},
    async draw() {
      draws += 1;
    },
  });
  for (let count = 0; count < 50; count += 1) {
    change();
    await new Promise((resolve) => setImmediate(resolve));
  }
  end();
  await following;
  assert.equal(draws, 1, "an hour has not passed");
});

test("a resize draws the last figures again, and the passing of time reads new ones", async () => {
  const stop = new AbortController();
  const events = [];
  let resize;
  await follow({
    changes: channel().changes,
    signal: stop.signal,
    least: 0,
    atMost: 30,
    onResize: (redraw) => {
      resize = redraw;
    },
    async read() {
      events.push("read");
    },
    async draw() {
      events.push("draw");
      if (events.length === 2) resize();
      if (events.length >= 5) stop.abort();
    },
  });
  assert.deepEqual(events, ["read", "draw", "draw", "read", "draw"]);
});

test("an error of the watch ends the loop", async () => {
  const failing = (async function* () {
    throw new Error("the folder is gone");
  })();
  const parts = { signal: new AbortController().signal, least: 0, read: async () => {}, draw: async () => {} };
  await assert.rejects(follow({ changes: failing, ...parts }), { message: "the folder is gone" });
});

/** Returns the dashboard's figures for this number of sessions. */
function figuresOf(count, health = "healthy") {
  const none = { value: null, n: 0 };
  const active_sessions = Array.from({ length: count }, (_, at) => ({
    session_id: `ep_${String(at + 1).padStart(3, "0")}_20240811_1430`,
    state: "WRITING",
    progress: 25,
    health: at === count - 1 ? "failed" : health,
    reasons: at === count - 1 ? [{ message: "script_writer is out of retries." }] : [],
  }));
  return { active_sessions, completed_today: 0, failed_today: 0, average_time: none, average_cost: none, quality_average: none };
}

test("the figures fit into every size, and count the sessions that they leave out", () => {
  for (const count of [0, 1, 3, 40]) {
    for (const rows of [1, 2, 3, 5, 8, 12, 24, 60]) {
      for (const columns of [1, 10, 40, 80, 200]) {
        for (const left of [undefined, "Not included: 1 file unreadable. See callboard list."]) {
          const lines = drawFigures(figuresOf(count), { left, paint, rows, columns }).split("\n");
          assert.ok(lines.length <= rows, `${lines.length} rows of ${rows}`);
          for (const line of lines) assert.ok(width(line) <= columns, `${width(line)} columns of ${columns}: ${line}`);
        }
      }
    }
  }
  const lines = drawFigures(figuresOf(40), { paint, rows: 12, columns: 120 }).split("\n");
  assert.equal(lines.at(-1), "… and 37 more");
  assert.match(lines[8], /^ep_040_20240811_1430 .* failed +script_writer is out of retries\.$/, "what needs attention first");
  assert.equal(drawFigures(figuresOf(40), { paint }).split("\n").length, 48);
  assert.match(drawFigures(figuresOf(3), { paint, rows: 24, columns: 60 }), /25 % +healthy/, "the bar goes before the health does");
});

test("the width of a text is that on a terminal, and it is cut between letters", () => {
  const widths = [
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["日本", 4],
    ["한국", 4],
    ["ｗｉｄｅ", 8],
    ["👩‍👩‍👧", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["❤", 1],
    ["1️⃣", 2],
    ["\u200b", 0],
    ["\u001b[31mred\u001b[0m", 3],
    ["█░ 25 %", 7],
    ["", 0],
  ];
  for (const [text, columns] of widths) assert.equal(width(text), columns, JSON.stringify(text));
  const cut = [
    ["abcdef", 4, "abc…"],
    ["abcd", 4, "abcd"],
    ["日本語", 4, "日…"],
    ["日本語", 3, "日…"],
    ["a👩‍👩‍👧b", 3, "a…"],
    ["\u001b[31mredder\u001b[0m", 4, "\u001b[31mred\u001b[0m…"],
    ["abc", 1, "…"],
    ["abc", 0, ""],
  ];
  for (const [text, columns, expected] of cut) assert.equal(clip(text, columns), expected, JSON.stringify(text));
});

test("a frame is one write that covers the last one, and the terminal is restored", async () => {
  const writes = [];
  const output = {
    raw: async (text) => {
      writes.push(text);
    },
  };
  const stream = Object.assign(new EventTarget(), { rows: 4, columns: 20, on() {}, off() {} });
  const screen = new Screen(output, stream);
  screen.enter(() => {});
  await screen.draw("a\nb");
  await screen.draw("a\nb\nc\nd");
  screen.leave();
  screen.leave();
  assert.equal(writes.length, 4);
  assert.ok(writes[0].includes("\u001b[?25l"), "the cursor is hidden");
  assert.equal(writes[1], "\u001b[H\u001b[2Ka\r\n\u001b[2Kb\r\n\u001b[J");
  assert.equal(writes[2], "\u001b[H\u001b[2Ka\r\n\u001b[2Kb\r\n\u001b[2Kc\r\n\u001b[2Kd", "a full screen is not scrolled");
  assert.ok(writes[3].includes("\u001b[?25h"), "the cursor is shown");
});

test("a terminal is redrawn when it is resized, and restored when it is interrupted", async () => {
  const dir = await folder();
  for (let count = 1; count <= 30; count += 1) {
    const session = Session.initialize({ episode: count, topic: "潮の満ち引き" }, { now: NOW });
    await writeFile(join(dir, `${count}.json`), session.toString());
    session.free();
  }
  const args = ["--import", TERMINAL, CLI, "session", "dashboard", "--watch", "--dir", dir, "--now", NOW];
  const child = spawn(process.execPath, args, { env: { ...env, TERM: "xterm" }, stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const closed = once(child, "close");
  let text = "";
  let resized = false;
  let interrupted = false;
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (!resized && text.includes("… and 15 more")) {
      resized = true;
      child.send({ rows: 10, columns: 40 });
    }
    if (resized && !interrupted && text.includes("… and 23 more")) interrupted = child.kill("SIGINT");
  }
  const [code] = await closed;
  assert.equal(code, 0);
  const [, first, second] = text.split("\u001b[H");
  assert.equal(first.split("\r\n").length, 24);
  assert.equal(second.split("\r\n").length, 10);
  for (const line of second.split("\r\n")) assert.ok(width(line.replaceAll("\u001b[2K", "").split("\u001b[?")[0]) <= 40, line);
  assert.ok(text.endsWith("\u001b[?25h\u001b[?1049l"));
});

test("200 quick updates print a few lines, the last of them with the newest state", async () => {
  const { dir, at } = await sample();
  const child = spawn(process.execPath, [CLI, "session", "dashboard", "--watch", "--json", ...at], { env, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const states = [];
  let text = "";
  let updates;
  let interrupted = false;
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      states.push(JSON.parse(text.slice(0, end)).active_sessions[0].state);
      text = text.slice(end + 1);
    }
    updates ??= update(dir);
    if (states.at(-1) === "EVALUATING" && !interrupted) interrupted = child.kill("SIGINT");
  }
  await updates;
  const [code] = await closed;
  assert.equal(code, 0);
  assert.equal(states.at(-1), "EVALUATING");
  assert.ok(states.length <= 100, `${states.length} lines`);
});

async function update(dir) {
  const store = new FileStore(dir, { now: () => NOW });
  for (let count = 0; count < 200; count += 1) await store.apply(ID, { type: "progress", agent: "script_writer", cost: 0.01 });
  await store.apply(ID, { type: "complete", agent: "script_writer" });
}
