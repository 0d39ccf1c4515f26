// A server that is killed while it saves: the file is the old or the new one, whole, and the next server saves on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { TEXT, client, tree } from "./support/server.mjs";

const SERVING = fileURLToPath(new URL("support/serving.mjs", import.meta.url));

/** Number of servers that are killed. A higher number finds rarer problems. */
const KILLS = Number(process.env.CALLBOARD_KILLED_SERVERS ?? 50);

/** Starts a server in a process of its own. */
async function start(root) {
  const child = spawn(process.execPath, [SERVING, root], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const [line] = await once(child.stdout, "data");
  const url = new URL(String(line).trim());
  return { child, ended, ...client({ origin: url.origin, port: url.port }, url.searchParams.get("token")) };
}

/** A version of the session, of a size that takes more than one write. */
const version = (count) => TEXT.replace('"topic": "', `"topic": "${count} ${"long ".repeat(20_000)}`);

test(`${KILLS} servers that are killed while they save leave the old file or the new one`, { timeout: 30_000 + KILLS * 5000 }, async (t) => {
  const root = await tree({ "a.json": version(0) });
  const path = join(root, "a.json");
  let known = 0;
  let saved = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, ended, request, save } = await start(root);
    const etagNow = async () => (await request("/api/files/a.json")).headers.get("etag").slice(1, -1);
    // The lock of the server before is taken over, and the save of this one begins.
    let etag = await etagNow();
    let answered = known;
    try {
      const first = known + 1;
      for (let next = first; ; next += 1) {
        known = next;
        const response = await save("a.json", version(next), etag);
        assert.equal(response.status, 200, await response.clone().text());
        answered = next;
        ({ etag } = await response.json());
        saved += 1;
        // It is busy with the next save soon, at any point of it.
        if (next === first) setTimeout(() => child.kill("SIGKILL"), Math.random() * 40);
      }
    } catch (error) {
      if (error.name === "AssertionError") throw error;
    }
    const [, signal] = await ended;
    assert.equal(signal, "SIGKILL");
    const found = await readFile(path, "utf8");
    assert.ok(found === version(answered) || found === version(known), `kill ${kill}: the file is version ${answered} or ${known}, whole`);
    known = found === version(known) ? known : answered;
  }
  const { child, ended, request, save } = await start(root);
  const etag = (await request("/api/files/a.json")).headers.get("etag").slice(1, -1);
  assert.equal((await save("a.json", TEXT, etag)).status, 200);
  child.kill("SIGTERM");
  await ended;
  assert.equal(await readFile(path, "utf8"), TEXT);
  // A process that dies before it has the lock leaves a small file that the next heir of a lock removes.
  const left = (await readdir(root)).filter((name) => !/^\.a\.json\.lock\.[0-9a-f-]{36}$/u.test(name));
  assert.deepEqual(left, ["a.json"], "no lock and no half-written file is left");
  t.diagnostic(`${saved} saves by ${KILLS} killed servers`);
});
