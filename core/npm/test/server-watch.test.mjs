// Changes in a folder as the local server reports them, and the events themselves.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { appendFile, mkdir, open, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import test from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { FileStore } from "callboard/node";

import { systemError, withFault } from "./support/fault.mjs";
import { repository } from "./support/repository.mjs";
import { TEXT, served, tree } from "./support/server.mjs";

const etagOf = (contents) => createHash("sha256").update(contents).digest("hex");
const changed = (word) => TEXT.replace('"topic": "', `"topic": "${word} `);

/** Serves a folder, lists it, and follows its events. */
async function watched(root, options) {
  const server = await served(root, options);
  await server.list();
  const { seen, until, close } = await server.events();
  /** Waits for a file to have this content; null for it to be gone. */
  const shows = async (path, contents, milliseconds) => {
    const etag = contents === null ? null : etagOf(contents);
    return until((event) => event.path === path && event.etag === etag, milliseconds);
  };
  return { ...server, seen, until, shows, close };
}

test("files that are written, added and removed are reported once each, within 500 ms", async () => {
  const root = await tree({ "a.json": TEXT, "deep/b.json": TEXT });
  const { shows, seen } = await watched(root);
  const began = performance.now();
  await writeFile(join(root, "a.json"), changed("One"));
  await shows("a.json", changed("One"));
  assert.ok(performance.now() - began < 500);
  await writeFile(join(root, "deep/c.json"), TEXT);
  await shows("deep/c.json", TEXT);
  await unlink(join(root, "deep/b.json"));
  await shows("deep/b.json", null);
  await writeFile(join(root, "deep/.notes"), "hidden");
  await writeFile(join(root, "data.jsonl"), "{}\n");
  await shows("data.jsonl", "{}\n");
  // The same content is no change.
  await writeFile(join(root, "a.json"), changed("One"));
  await delay(300);
  assert.deepEqual(seen.map(({ path }) => path), ["a.json", "deep/c.json", "deep/b.json", "data.jsonl"]);
  const ids = seen.map(({ id }) => id);
  assert.deepEqual([...ids].sort((one, other) => one - other), ids);
});

test("outputs that are written, changed and removed are reported by their version, without being read", async () => {
  const root = await tree({ "a.json": TEXT, "deep/old.mp3": "old" });
  const { until, seen, request } = await watched(root);
  /** Waits until the file's last event has the ETag that a request for the file answers. */
  const shown = async (path) => {
    const { headers } = await request(`/api/outputs/${path}`, { method: "HEAD" });
    await until(({ etag, ...event }) => event.path === path && headers.get("etag") === `"${etag}"`);
  };
  await writeFile(join(root, "deep/script.md"), "one");
  await delay(100);
  await shown("deep/script.md");
  await appendFile(join(root, "deep/script.md"), ", two");
  await appendFile(join(root, "deep/old.mp3"), ", new");
  await delay(100);
  await shown("deep/script.md");
  await shown("deep/old.mp3");
  await unlink(join(root, "deep/script.md"));
  await until(({ path, etag }) => path === "deep/script.md" && etag === null);
  assert.ok(seen.every(({ path }) => path.startsWith("deep/")));
});

test("a store's writes are reported with their content, without its locks and temporary files", async () => {
  const root = await tree({});
  const store = new FileStore(root);
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const { shows, seen } = await watched(root);
  const { file } = await store.load(id);
  for (let count = 0; count < 20; count += 1) await store.apply(id, { type: "start", agent: "research_coordinator" }).catch(() => {});
  await shows(file, (await store.load(id)).text);
  assert.deepEqual([...new Set(seen.map(({ path }) => path))], [file]);
});

test("editors that replace a file, and those that move it away first, are seen as one change", async () => {
  const root = await tree({ "a.json": TEXT });
  const { shows, seen } = await watched(root);
  await writeFile(join(root, ".a.json.swp"), changed("One"));
  await rename(join(root, ".a.json.swp"), join(root, "a.json"));
  await shows("a.json", changed("One"));
  await rename(join(root, "a.json"), join(root, "a.json~"));
  await delay(60);
  await writeFile(join(root, "a.json"), changed("Two"));
  await shows("a.json", changed("Two"));
  execFileSync("sed", ["-i", "s/Two/Three/", join(root, "a.json")]);
  await shows("a.json", changed("Three"));
  const own = seen.filter(({ path }) => path === "a.json");
  assert.deepEqual(own.map(({ etag }) => etag === null), [false, false, false]);
});

test("git checkout moves many files at once", async () => {
  const { root, git, write } = await repository();
  for (let at = 0; at < 60; at += 1) await write(`s/${at}.json`, TEXT);
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  git("checkout", "--quiet", "-b", "two");
  for (let at = 0; at < 30; at += 1) await write(`s/${at}.json`, changed("Two"));
  await write("t/new.json", TEXT);
  git("rm", "--quiet", "s/59.json");
  git("add", ".");
  git("commit", "--quiet", "-m", "two");
  git("checkout", "--quiet", "main");
  const { shows } = await watched(root);
  git("checkout", "--quiet", "two");
  for (let at = 0; at < 30; at += 1) await shows(`s/${at}.json`, changed("Two"));
  await shows("t/new.json", TEXT);
  await shows("s/59.json", null);
  git("checkout", "--quiet", "main");
  await shows("t/new.json", null);
  await shows("s/59.json", TEXT);
});

test("folders that are added, renamed and removed report their files", async () => {
  const root = await tree({ "one/deep/a.json": TEXT });
  const { shows } = await watched(root);
  await rename(join(root, "one"), join(root, "two"));
  await shows("two/deep/a.json", TEXT);
  await shows("one/deep/a.json", null);
  await writeFile(join(root, "two/deep/a.json"), changed("One"));
  await shows("two/deep/a.json", changed("One"));
  await mkdir(join(root, "x/y/z"), { recursive: true });
  await writeFile(join(root, "x/y/z/b.json"), TEXT);
  await shows("x/y/z/b.json", TEXT);
  await rm(join(root, "two"), { recursive: true });
  await shows("two/deep/a.json", null);
  await mkdir(join(root, "two/deep"), { recursive: true });
  await writeFile(join(root, "two/deep/a.json"), changed("Back"));
  await shows("two/deep/a.json", changed("Back"));
});

for (const [what, folder] of [["a folder", "s"], ["a folder in one of its name", "s/s"], ["the folder itself", ""]]) {
  test(`${what} that is removed and made again at once is watched further`, async () => {
    const root = await tree({ "p/s/s/deep/before.json": TEXT });
    // No check of all files comes in time.
    const { shows } = await watched(join(root, "p"), { poll: 3_600_000 });
    const path = join(root, "p", folder);
    const at = (name) => (folder === "" ? name : `${folder}/${name}`);
    rmSync(path, { recursive: true });
    mkdirSync(path);
    writeFileSync(join(path, "a.json"), TEXT);
    await shows(at("a.json"), TEXT);
    await shows("s/s/deep/before.json", null);
    await writeFile(join(path, "a.json"), changed("One"));
    await shows(at("a.json"), changed("One"));
    await mkdir(join(path, "deep"));
    await writeFile(join(path, "deep/b.json"), TEXT);
    await shows(at("deep/b.json"), TEXT);
  });
}

test("the folder itself may go and come back", async () => {
  const root = await tree({ "p/a.json": TEXT });
  const { shows, seen, until, request, list } = await watched(join(root, "p"));
  const resets = () => seen.filter(({ event }) => event === "reset").length;
  await rename(join(root, "p"), join(root, "q"));
  await until(() => resets() === 1, 8000);
  assert.equal((await request("/api/files")).status, 404);
  await rename(join(root, "q"), join(root, "p"));
  await until(() => resets() === 2, 8000);
  assert.equal((await list())[0].path, "a.json");
  await writeFile(join(root, "p/a.json"), changed("Again"));
  await shows("a.json", changed("Again"));
  assert.ok(!seen.some(({ etag }) => etag === null), "its files do not count as removed");
});

test("a file that is being written is read again before it is reported", async () => {
  const root = await tree({ "a.json": TEXT });
  const { shows, seen, request, list } = await watched(root);
  const file = await open(join(root, "a.json"), "w");
  for (const part of [TEXT.slice(0, 200), TEXT.slice(200, 600)]) {
    await file.write(part);
    await delay(100);
  }
  const reading = Promise.all([request("/api/files/a.json").then((response) => response.text()), list()]);
  await file.write(`${TEXT.slice(600)}\n`);
  await file.close();
  await shows("a.json", `${TEXT}\n`);
  assert.deepEqual(seen.map(({ etag }) => etag), [etagOf(`${TEXT}\n`)]);
  const [read, [listed]] = await reading;
  assert.deepEqual([read, listed.text], [`${TEXT}\n`, `${TEXT}\n`]);
  await writeFile(join(root, "a.json"), "{");
  await shows("a.json", "{");
  assert.equal(seen.length, 2, "a file that stays damaged is reported as it is");
});

test("the target of a link changes without an event where the link is", async () => {
  const root = await tree({ "hidden.data": TEXT });
  await symlink("hidden.data", join(root, "a.json"));
  const { shows } = await watched(root);
  await writeFile(join(root, "hidden.data"), changed("One"));
  await shows("a.json", changed("One"));
});

test("changes are found where the system has no events, and where they never come", async () => {
  const deaf = () => Object.assign(new EventEmitter(), { close() {} });
  for (const [what, fault] of [["none", () => { throw systemError("ENOSYS", "watch"); }], ["lost", deaf]]) {
    await withFault("watch", fault, async () => {
      const root = await tree({ "a.json": TEXT, "b/c.json": TEXT });
      const { shows } = await watched(root);
      await writeFile(join(root, "a.json"), changed("One"));
      await shows("a.json", changed("One"), 8000).catch((error) => assert.fail(`${what}: ${error.message}`));
      await mkdir(join(root, "new"));
      await writeFile(join(root, "new/d.json"), TEXT);
      await unlink(join(root, "b/c.json"));
      await shows("new/d.json", TEXT, 8000);
      await shows("b/c.json", null, 8000);
    });
  }
});

test("a subfolder whose events end with an error when it is removed does not make the server check all files more often", async () => {
  const watchers = new Map();
  const deaf = (_, path) => {
    const watcher = Object.assign(new EventEmitter(), { close() {} });
    watchers.set(basename(path), watcher);
    return watcher;
  };
  await withFault("watch", deaf, async () => {
    const root = await tree({ "a.json": TEXT, "s/b.json": TEXT });
    // Each check of all files asks for the version of this one.
    const checks = [];
    const noted = (real, file, ...rest) => {
      if (basename(String(file)) === "a.json") checks.push(performance.now());
      return real(file, ...rest);
    };
    await withFault("statSync", noted, async () => {
      const { shows } = await watched(root);
      await rm(join(root, "s"), { recursive: true });
      // As Windows reports the removal.
      watchers.get("s").emit("error", systemError("EPERM", "watch"));
      await shows("s/b.json", null);
      checks.length = 0;
      while (checks.length < 3) await delay(50);
    });
    const pauses = [checks[1] - checks[0], checks[2] - checks[1]];
    assert.ok(pauses.every((pause) => pause > 1500), pauses.join());
  });
});

test("what one page saves is reported to all, and is no second change", async () => {
  const root = await tree({ "a.json": TEXT });
  const { save, shows, seen } = await watched(root);
  await save("a.json", changed("Saved"), etagOf(TEXT));
  await shows("a.json", changed("Saved"));
  await delay(300);
  assert.equal(seen.length, 1);
});

test("a page that lists first learns of every change after it, and one that comes back of those that it missed", async () => {
  const root = await tree({ "a.json": TEXT, "b.json": TEXT });
  const { list, events, request } = await served(root);
  const { event } = (await list()).at(-1);
  await writeFile(join(root, "a.json"), changed("One"));
  await delay(100);
  const first = await events(event);
  const { id } = await first.until(({ path, etag }) => path === "a.json" && etag === etagOf(changed("One")));
  first.close();
  await writeFile(join(root, "b.json"), changed("Two"));
  await writeFile(join(root, "a.json"), changed("Three"));
  await delay(200);
  const response = await request("/api/events", { headers: { "last-event-id": String(id) } });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const { value } = await response.body.pipeThrough(new TextDecoderStream()).getReader().read();
  assert.match(value, /^retry: 1000\n\n/u);
  assert.ok(!value.includes(etagOf(changed("One"))) && value.includes(etagOf(changed("Two"))) && value.includes(etagOf(changed("Three"))), value);
  for (const unknown of ["5", "x", "99999999999999999999"]) {
    const { until, close } = await events(unknown);
    assert.equal((await until(({ event }) => event === "reset")).event, "reset", unknown);
    close();
  }
});

test("10,000 files: listed quickly, a change within 500 ms, and next to nothing at idle", { timeout: 60_000 }, async (t) => {
  const root = await tree({});
  for (let show = 0; show < 20; show += 1) {
    await mkdir(join(root, `show-${show}`));
    for (let at = 0; at < 500; at += 1) await writeFile(join(root, `show-${show}/${at}.json`), TEXT.replace("ep_001", `ep_${show}_${at}`));
  }
  await delay(1100);
  const { list, events } = await served(root);
  const began = performance.now();
  assert.equal((await list()).length, 10_001);
  const listed = performance.now() - began;
  const { until } = await events();
  await delay(1000);
  const cpu = process.cpuUsage();
  await delay(5000);
  const { user, system } = process.cpuUsage(cpu);
  const share = (user + system) / 5_000_000;
  const at = performance.now();
  await appendFile(join(root, "show-7/77.json"), "\n");
  await until(({ path }) => path === "show-7/77.json");
  const shown = performance.now() - at;
  t.diagnostic(`listed in ${listed.toFixed(0)} ms, idle at ${(share * 100).toFixed(2)} % of a core, shown in ${shown.toFixed(0)} ms`);
  assert.ok(listed < 5000, `${listed}`);
  assert.ok(share < 0.02, `${share}`);
  assert.ok(shown < 500, `${shown}`);
});
