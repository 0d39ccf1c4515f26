// Output that cannot be written: a full disk is reported in a sentence, a closed pipe is ignored.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, closeSync } from "node:fs";
import test from "node:test";

import { CLI, ID, callboard, env, sample } from "./support/cli.mjs";

const FULL = "/dev/full";

/** A device that behaves like a full disk; only some systems have it. */
const systemHasIt = existsSync(FULL);

test("every command reports a full disk with a sentence and an exit code", { skip: systemHasIt ? false : `there is no ${FULL}` }, async () => {
  const { dir, at } = await sample();
  const commands = [
    ["list", ...at],
    ["list", "--json", ...at],
    ["session", "status", ID, ...at],
    ["session", "dashboard", ...at],
    ["session", "dashboard", "--watch", ...at],
    ["session", "init", "--episode", "9", "--topic", "x", ...at],
    ["validate", dir],
    ["schema"],
    ["--help"],
    ["lisst", "--json"],
  ];
  const full = openSync(FULL, "w");
  try {
    for (const command of commands) {
      const { code, err } = callboard(command, { stdio: ["ignore", full, "pipe"] });
      const sentence = "callboard: The output cannot be written: there is no space left. The command itself may have been completed.\n";
      assert.deepEqual([code, err], [3, sentence], command.join(" "));
    }
    // No output is possible any more.
    assert.equal(callboard(["lisst"], { stdio: ["ignore", "pipe", full] }).code, 2);
  } finally {
    closeSync(full);
  }
});

test("a reader may close the pipe early", async () => {
  const { at } = await sample();
  for (const command of [["schema"], ["list", ...at], ["session", "dashboard", "--watch", "--json", ...at]]) {
    const child = spawn(process.execPath, [CLI, ...command], { env, stdio: ["ignore", "pipe", "pipe"] });
    const closed = once(child, "close");
    child.stdout.destroy();
    let err = "";
    for await (const chunk of child.stderr.setEncoding("utf8")) err += chunk;
    const [code, signal] = await closed;
    assert.deepEqual([code, signal, err], [0, null, ""], command.join(" "));
  }
});
