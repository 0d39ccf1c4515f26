// Files that others write in place: empty, cut off or gone for a moment.
import assert from "node:assert/strict";
import { readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import test from "node:test";

import { FileStore } from "callboard/node";

import { withFault } from "./support/fault.mjs";
import { folder } from "./support/folder.mjs";

const now = "2024-08-11T14:30:00Z";
const FILE = "ep001_session_20240811.json";
const start = { type: "start", agent: "research_coordinator" };

async function open() {
  const store = new FileStore(await folder(), { now: () => now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const path = join(store.folder, FILE);
  return { store, id, path, text: await readFile(path, "utf8") };
}

/** States of a file while another program writes it. */
const moments = {
  empty: (path) => writeFile(path, ""),
  "cut off": (path, text) => writeFile(path, text.slice(0, 200)),
  "cut off within a letter": (path) => writeFile(path, Buffer.from('{"session_id": "é').subarray(0, -1)),
  gone: (path) => rm(path),
};

for (const [what, disturb] of Object.entries(moments)) {
  test(`a file that is ${what} for a moment is read again: load, list and a change`, async () => {
    const { store, id, path, text } = await open();
    const questions = [
      async (asked) => assert.equal((await asked.load(id)).text, text),
      async (asked) => assert.deepEqual((await asked.list()).broken, []),
      async (asked) => assert.equal((await asked.apply(id, start)).to, "RESEARCHING"),
    ];
    for (const ask of questions) {
      await writeFile(path, text);
      await store.load(id);
      await disturb(path, text);
      const asking = ask(store);
      await delay(30);
      await writeFile(path, text);
      await asking;
    }
  });
}

test("no update fails when an editor empties the file before it writes it", async () => {
  const { store, id, path } = await open();
  await store.apply(id, start);
  let editing = true;
  const editor = (async () => {
    while (editing) {
      const text = await readFile(path, "utf8");
      await writeFile(path, "");
      await delay(Math.random() * 4);
      await writeFile(path, text);
      await delay(5 + Math.random() * 5);
    }
  })();
  for (let count = 0; count < 40; count += 1) await store.apply(id, { type: "progress", agent: "research_coordinator" });
  editing = false;
  await editor;
});

test("no list fails when a checkout removes every file and brings it back", async () => {
  const { store, id, path, text } = await open();
  await rename(path, `${path}.away`);
  const listing = store.load(id);
  await delay(20);
  await writeFile(path, text);
  assert.equal((await listing).text, text);
});

test("files that have been broken for long are reported at once, however many they are", async () => {
  const { store, id, text } = await open();
  const long = new Date(Date.now() - 60_000);
  for (let count = 0; count < 50; count += 1) {
    const path = join(store.folder, `broken${count}.json`);
    await writeFile(path, text.slice(0, 100));
    await utimes(path, long, long);
  }
  // Each poll opens the file, also by the path for slow disks, which opens files in parallel.
  const looks = new Map();
  const counted = (real, path, ...args) => {
    if (path.endsWith(".json")) looks.set(path, (looks.get(path) ?? 0) + 1);
    return real(path, ...args);
  };
  const list = async () => assert.equal((await store.list()).broken.length, 50);
  await withFault("open", counted, () => withFault("openSync", counted, list));
  assert.equal(looks.size, 51);
  assert.deepEqual([...looks].filter(([, count]) => count > 1), []);
  assert.equal((await store.load(id)).file, FILE);
});
