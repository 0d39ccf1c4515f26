// The local server's requests, over a folder and over stores.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { EventEmitter, on } from "node:events";
import { chmod, lstat, mkdir, open as openFile, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";

import { Session } from "callboard";
import { MemoryStore } from "callboard/memory";
import { FileStore, Store, serve } from "callboard/node";

import { systemError, withFault } from "./support/fault.mjs";
import { TEXT, served, tree } from "./support/server.mjs";

const isRoot = process.getuid?.() === 0;
const etagOf = (contents) => createHash("sha256").update(contents).digest("hex");
const ID = "ep_001_20240811_1430";
const changed = (text) => text.replace('"topic": "', '"topic": "More ');
assert.notEqual(changed(TEXT), TEXT);

test("the source describes the folder", async () => {
  const root = await tree({ "a.json": TEXT });
  const { json } = await served(root);
  const { now, version, ...rest } = await json("/api/source");
  assert.deepEqual(rest, { name: root.split("/").at(-1), folder: root, read_only: false, outputs: true, commit: false });
  assert.ok(Math.abs(now - Date.now()) < 5000);
  assert.match(version, /^\d+\.\d+\.\d+/u);
});

test("a folder keeps its port, so that its workspace in the browser is found again", async () => {
  const roots = await Promise.all(Array.from({ length: 4 }, () => tree({ "a.json": TEXT })));
  const wanted = async (root) => {
    const server = await serve(root);
    await server.close();
    return server.wanted;
  };
  const ports = [];
  for (const root of roots) ports.push(await wanted(root));
  assert.equal(await wanted(roots[0]), ports[0]);
  assert.ok(new Set(ports).size > 1, "productions do not share one");
  assert.ok(ports.every((port) => port >= 4600 && port < 5600), ports.join());
});

test("every file of the tree is listed: texts, other bytes, and those that are not opened", async () => {
  const marked = `\ufeff${TEXT}`;
  const files = { "b/a.json": TEXT, "b/marked.json": marked, "b/ünï cödé.json": "{}", "c.json": Buffer.from([0xff, 0xfe, 0x7b, 0]), "out/script.md": "# x", "x.zip": Buffer.from("PK\u0003\u0004") };
  const root = await tree({ ...files, ".git/config.json": "{}", "node_modules/a/b.json": "{}" });
  const { list } = await served(root);
  const found = await list();
  const { end, files: count, event } = found.pop();
  assert.deepEqual([end, count], [true, 6]);
  assert.match(event, /^\d+$/u);
  assert.deepEqual(found.map(({ path }) => path), ["b/a.json", "b/marked.json", "b/ünï cödé.json", "c.json", "out/script.md", "x.zip"]);
  const byPath = Object.fromEntries(found.map((file) => [file.path, file]));
  assert.deepEqual(byPath["out/script.md"], { path: "out/script.md", unopened: true });
  for (const path of ["b/a.json", "b/marked.json", "b/ünï cödé.json", "c.json", "x.zip"]) {
    const { etag, text, base64 } = byPath[path];
    assert.equal(etag, etagOf(files[path]), path);
    assert.deepEqual(Buffer.from(text ?? base64, text === undefined ? "base64" : "utf8"), Buffer.from(files[path]), path);
    assert.equal(text === undefined, path === "c.json", `${path}: only what is no UTF-8 is base64`);
  }
  assert.equal(byPath["b/marked.json"].text, marked, "a byte order mark stays");
});

test("a file is read with its ETag, and not again while it is the same", async () => {
  const root = await tree({ "a b/ö#?.json": TEXT });
  const { request } = await served(root);
  const response = await request("/api/files/a%20b/%C3%B6%23%3F.json");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("etag"), `"${etagOf(TEXT)}"`);
  assert.equal(await response.text(), TEXT);
  const again = await request("/api/files/a%20b/%C3%B6%23%3F.json", { headers: { "if-none-match": `"${etagOf(TEXT)}"` } });
  assert.deepEqual([again.status, await again.text()], [304, ""]);
  const none = await request("/api/files/none.json");
  assert.deepEqual([none.status, (await none.json()).error.code], [404, "not_found"]);
});

test("a file is saved over the version that is known, and over no other", async () => {
  const root = await tree({ "a.json": TEXT });
  const { save, create, request } = await served(root);
  const next = changed(TEXT);
  const saved = await save("a.json", next, etagOf(TEXT));
  assert.deepEqual([saved.status, await saved.json(), saved.headers.get("etag")], [200, { etag: etagOf(next) }, `"${etagOf(next)}"`]);
  assert.equal(await readFile(join(root, "a.json"), "utf8"), next);
  const stale = await save("a.json", `${TEXT} `, etagOf(TEXT));
  assert.deepEqual([stale.status, stale.headers.get("etag"), (await stale.json()).error.code], [412, `"${etagOf(next)}"`, "changed"]);
  const same = await save("a.json", next, etagOf("anything"));
  assert.equal(same.status, 200, "the same content is no conflict");
  const gone = await save("b.json", TEXT, etagOf(TEXT));
  assert.deepEqual([gone.status, gone.headers.get("etag")], [412, null]);
  const made = await create("new/folder/c.json", TEXT);
  assert.equal(made.status, 200);
  assert.equal(await readFile(join(root, "new/folder/c.json"), "utf8"), TEXT);
  const taken = await create("a.json", TEXT);
  assert.deepEqual([taken.status, taken.headers.get("etag")], [412, `"${etagOf(next)}"`]);
  assert.equal((await create("a.json", next)).status, 200);
  for (const headers of [{}, { "if-match": "*" }, { "if-match": '"a", "b"' }]) {
    assert.equal((await request("/api/files/a.json", { method: "PUT", body: TEXT, headers })).status, 428);
  }
  assert.equal((await request("/api/files/a.json", { method: "PUT", body: TEXT, headers: { "if-match": '"x"' } })).status, 400);
  assert.deepEqual((await readdir(root)).sort(), ["a.json", "new"], "no lock or temporary file is left");
});

test("only sessions are saved, in every encoding that is read", async () => {
  const root = await tree({ "a.json": TEXT });
  const { create } = await served(root);
  for (const [path, body] of [["b.json", "{"], ["b.json", "[1]"], ["b.json", ""], ["b.txt", TEXT], ["b", TEXT], [".b.json", TEXT], ["x/.json", TEXT]]) {
    const refused = await create(path, body);
    assert.deepEqual([refused.status, (await refused.json()).error.code], [422, "not_a_session"], `${path} ${body.slice(0, 4)}`);
  }
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TEXT, "utf16le")]);
  assert.equal((await create("wide.json", wide)).status, 200);
  assert.deepEqual(await readFile(join(root, "wide.json")), wide);
  assert.equal((await create("cut.json", wide.subarray(0, 400))).status, 422);
  const marked = `\ufeff${TEXT}`;
  assert.equal((await create("marked.json", marked)).status, 200);
  assert.equal(await readFile(join(root, "marked.json"), "utf8"), marked, "a byte order mark is kept");
  assert.deepEqual((await readdir(root)).sort(), ["a.json", "marked.json", "wide.json"]);
});

test("a link within the folder, the mode and other files survive a save", async () => {
  const root = await tree({ "real/a.json": TEXT });
  await symlink("real/a.json", join(root, "link.json"));
  await chmod(join(root, "real/a.json"), 0o640);
  const { save, list } = await served(root);
  assert.deepEqual((await list()).map(({ path }) => path), ["link.json", "real/a.json", undefined]);
  assert.equal((await save("link.json", changed(TEXT), etagOf(TEXT))).status, 200);
  assert.ok((await lstat(join(root, "link.json"))).isSymbolicLink());
  assert.equal(await readFile(join(root, "real/a.json"), "utf8"), changed(TEXT));
  assert.equal((await stat(join(root, "real/a.json"))).mode & 0o777, 0o640);
});

test("a file that cannot be written is explained, with what to do", async () => {
  const root = await tree({ "a.json": TEXT, "b.json": TEXT });
  const { save, create } = await served(root);
  const check = async (response, status, message) => {
    const { error } = await response.json();
    assert.equal(response.status, status, error.message);
    assert.match(error.message, message);
    assert.ok(error.hint.length > 0, error.message);
  };
  await chmod(join(root, "b.json"), 0o444);
  await check(await save("b.json", changed(TEXT), etagOf(TEXT)), 409, /read-only/u);
  const failing = (name, code) => withFault(name, () => Promise.reject(systemError(code, name)), () => save("a.json", changed(TEXT), etagOf(TEXT)));
  await check(await failing("rename", "EBUSY"), 409, /mounted by itself/u);
  await check(await failing("rename", "EROFS"), 403, /read-only file system/u);
  await check(await failing("rename", "ENOSPC"), 507, /no space left/u);
  await check(await failing("link", "EACCES"), 403, /permissions/u);
  if (!isRoot) {
    await mkdir(join(root, "closed"), { mode: 0o555 });
    await check(await create("closed/c.json", TEXT), 403, /permissions/u);
  }
  assert.equal(await readFile(join(root, "a.json"), "utf8"), TEXT);
});

test("with readOnly nothing is saved", async () => {
  const root = await tree({ "a.json": TEXT });
  const { save, json } = await served(root, { readOnly: true });
  const refused = await save("a.json", changed(TEXT), etagOf(TEXT));
  assert.deepEqual([refused.status, (await refused.json()).error.code], [403, "read_only"]);
  assert.equal((await json("/api/source")).read_only, true);
  assert.equal(await readFile(join(root, "a.json"), "utf8"), TEXT);
});

test("saves of the page and writes of agents never lose each other", async () => {
  const root = await tree({});
  const store = new FileStore(root);
  const id = await store.initializeSession({ episode: 1, topic: "tides" }, { now: "2024-08-11T14:30:00Z" });
  await store.updateSessionState(id, "research_coordinator", { status: "in_progress" }, { now: "2024-08-11T14:30:00Z" });
  const { file } = await store.load(id);
  const { request, save } = await served(root);
  // Each with a key: two saves of the very same content count as one.
  const event = (key) => ({ type: "progress", agent: "research_coordinator", cost: 0.01, key });
  const now = "2024-08-11T14:31:00Z";
  const ROUNDS = 30;
  const agent = async () => {
    for (let round = 0; round < ROUNDS; round += 1) await store.apply(id, event(`agent-${round}`), { now });
  };
  const page = async (name) => {
    for (let saved = 0; saved < ROUNDS; ) {
      const response = await request(`/api/files/${file}`);
      const session = Session.parse(await response.text());
      session.apply(event(`${name}-${saved}`), { now });
      const { status } = await save(file, session.toString(), response.headers.get("etag").slice(1, -1));
      session.free();
      assert.ok(status === 200 || status === 412, `${status}`);
      if (status === 200) saved += 1;
    }
  };
  await Promise.all([agent(), page("first"), page("second")]);
  assert.equal(JSON.parse((await store.load(id)).text).history.length, 2 + 3 * ROUNDS);
  assert.deepEqual(await readdir(root), [file]);
});

test("what a program writes while a save is prepared is not lost", async () => {
  const root = await tree({ "a.json": TEXT });
  const { save } = await served(root);
  const path = join(root, "a.json");
  const other = TEXT.replace("octopus", "squid").concat("\n\n");
  // Between the check of the lock and the replacement.
  const fault = async (real, name, flags, ...rest) => {
    const file = await real(name, flags, ...rest);
    if (/\.tmp-/u.test(String(name))) await writeFile(path, other);
    return file;
  };
  const response = await withFault("open", fault, () => save("a.json", changed(TEXT), etagOf(TEXT)));
  assert.deepEqual([response.status, response.headers.get("etag")], [412, `"${etagOf(other)}"`]);
  assert.equal(await readFile(path, "utf8"), other);
});

test("what a program writes to the old file at the very moment of a save is put back", async () => {
  const root = await tree({ "a.json": TEXT });
  const { save } = await served(root);
  const path = join(root, "a.json");
  const other = `${TEXT}\n\n`;
  let writing;
  // It has opened the file before the replacement, and writes after it.
  const fault = async (real, from, to) => {
    if (writing !== undefined) return real(from, to);
    const file = await openFile(path, "r+");
    await real(from, to);
    writing = (async () => {
      await file.truncate();
      await new Promise((resolve) => setTimeout(resolve, 20));
      await file.write(other, 0);
      await file.close();
    })();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const response = await withFault("rename", fault, () => save("a.json", changed(TEXT), etagOf(TEXT)));
  await writing;
  assert.deepEqual([response.status, response.headers.get("etag")], [412, `"${etagOf(other)}"`]);
  assert.equal(await readFile(path, "utf8"), other);
  assert.deepEqual(await readdir(root), ["a.json"]);
});

test("the next port is taken if the first is in use", async () => {
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address();
  const server = await serve(await tree({}), { port });
  assert.ok(server.port > port && server.port <= port + 50, `${server.port}`);
  await server.close();
  taken.close();
});

test("a folder that is not there, and options that are wrong, are refused", async () => {
  await assert.rejects(serve("/none/at/all"), { code: "folder_not_found" });
  await assert.rejects(serve(""), { code: "invalid_value" });
  await assert.rejects(serve({}), { code: "invalid_value" });
  await assert.rejects(serve("/tmp", { port: 70_000 }), { code: "invalid_value" });
  await assert.rejects(serve("/tmp", { app: "/none/at/all" }), { code: "file_not_found" });
});

test("a store in memory is served: listed, read, saved and followed", async () => {
  const store = new MemoryStore({ sessions: [TEXT], now: () => "2024-08-11T15:20:00Z" });
  const { list, request, save, create, events, json } = await served(store, { name: "Tests" });
  const { name, outputs, commit } = await json("/api/source");
  assert.deepEqual({ name, outputs, commit }, { name: "Tests", outputs: false, commit: false });
  const [file] = await list();
  assert.deepEqual([file.path, file.text, file.etag], [`${ID}.json`, TEXT, etagOf(TEXT)]);
  assert.equal(await (await request(`/api/files/${ID}.json`)).text(), TEXT);
  const { until } = await events();
  const next = changed(TEXT);
  assert.equal((await save(`${ID}.json`, next, etagOf(TEXT))).status, 200);
  await until(({ path, etag }) => path === `${ID}.json` && etag === etagOf(next));
  assert.equal((await store.load(ID)).text, next);
  assert.equal((await save(`${ID}.json`, TEXT, etagOf(TEXT))).status, 412);
  assert.equal((await save("other.json", TEXT, etagOf(TEXT))).status, 422, "the name must fit the id");
  const id = await store.initializeSession({ episode: 2, topic: "tides" });
  await until(({ path }) => path === `${id}.json`);
  const made = Session.initialize({ episode: 3, topic: "tides" }, { now: "2024-08-11T15:20:00Z" });
  assert.equal((await create(`${made.id}.json`, made.toString())).status, 200);
  assert.equal((await store.load(made.id)).text, made.toString());
  assert.equal((await request("/api/outputs/x.mp3")).status, 404);
  assert.equal((await request("/api/git")).status, 404);
});

test("a store of one's own, such as in a database, is served by its four methods", async () => {
  class Database extends Store {
    rows = new Map([["a/b%c", TEXT.replace(ID, "a/b%c")]]);
    async load(id) {
      if (!this.rows.has(id)) throw Object.assign(new Error("none"), { code: "session_not_found" });
      return { id, text: this.rows.get(id) };
    }
    async compareAndSwap(id, expected, text) {
      if ((this.rows.get(id) ?? null) !== expected) return false;
      this.rows.set(id, text);
      return true;
    }
    async list() {
      return { sessions: [...this.rows].map(([id, text]) => ({ id, text })), broken: [] };
    }
    async *watch() {}
  }
  const database = new Database();
  const { list, request, save } = await served(database);
  const [{ path, text, etag }] = await list();
  assert.equal(path, "a%2fb%25c.json");
  const at = encodeURIComponent(path);
  assert.equal(await (await request(`/api/files/${at}`)).text(), text);
  assert.equal((await save(at, changed(text), etag)).status, 200);
  assert.equal(database.rows.get("a/b%c"), changed(text));
  assert.equal((await request("/api/files/none.json")).status, 404);
});

test("a store whose watch fails is watched again, and pages list it anew", async () => {
  class Failing extends MemoryStore {
    watches = 0;
    watch(options) {
      this.watches += 1;
      if (this.watches > 1) return super.watch(options);
      return (async function* () {
        throw new Error("the connection is lost");
      })();
    }
  }
  const store = new Failing({ sessions: [TEXT], now: () => "2024-08-11T15:20:00Z" });
  const { events } = await served(store);
  const { until } = await events();
  await until(({ event }) => event === "reset");
  const id = await store.initializeSession({ episode: 2, topic: "tides" });
  await until(({ path }) => path === `${id}.json`);
});

/** Returns a promise, and the function that resolves it. */
function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return [opened, open];
}

/** A store in memory whose watches are those of `watches`, one after another, and then its own. */
class Scripted extends MemoryStore {
  #watches;
  constructor(...watches) {
    super({ sessions: [TEXT], now: () => "2024-08-11T15:20:00Z" });
    this.#watches = watches;
  }
  watch(options) {
    const next = this.#watches.shift();
    return next === undefined ? super.watch(options) : next.call(this, options);
  }
}

test("a store's change without an id, such as a deletion, makes pages list it anew", async () => {
  const told = new EventEmitter();
  const store = new Scripted(async function* ({ signal }) {
    for await (const [change] of on(told, "change", { signal })) yield change;
  });
  const { events, list } = await served(store);
  const { etag } = (await list())[0];
  const { seen, until } = await events();
  told.emit("change", { file: `${ID}.json`, id: undefined });
  await until(({ event }) => event === "reset");
  // It is made again with the same text.
  told.emit("change", { id: ID });
  await until((event) => event.path === `${ID}.json` && event.etag === etag);
  assert.equal(seen.length, 2);
});

test("a store whose watch throws at once when it is begun again is watched again all the same", async () => {
  const fail = () => {
    throw new Error("there is no connection");
  };
  const [connected, connect] = gate();
  const store = new Scripted(async function* () {
    await connected;
    throw new Error("the connection is lost");
  }, fail);
  const { events } = await served(store);
  const { until } = await events();
  connect();
  await until(({ event }) => event === "reset", 20_000);
  const id = await store.initializeSession({ episode: 2, topic: "tides" });
  await until(({ path }) => path === `${id}.json`);
});

test("a watch of a store is closed before the next begins when a session cannot be read", async () => {
  const told = [];
  const [connected, connect] = gate();
  const store = new Scripted(
    async function* () {
      await connected;
      try {
        yield { id: ID };
        told.push("went on");
      } finally {
        told.push("closed");
      }
    },
    function (options) {
      told.push("begun again");
      return MemoryStore.prototype.watch.call(this, options);
    },
  );
  const load = store.load;
  store.load = () => Promise.reject(new Error("the connection is lost"));
  const { events } = await served(store);
  const { until } = await events();
  connect();
  await until(({ event }) => event === "reset", 20_000);
  store.load = load;
  assert.deepEqual(told, ["closed", "begun again"]);
});

test("a session in a store whose text has half a character is saved over", async () => {
  const half = TEXT.replace('"topic": "', '"topic": "\ud83d');
  const texts = new Map([[ID, half]]);
  class Database extends Store {
    swaps = 0;
    async load(id) {
      return { id, text: texts.get(id) };
    }
    async compareAndSwap(id, expected, text) {
      this.swaps += 1;
      // Not for ever: the server would have time for nothing else.
      if (texts.get(id) !== expected && this.swaps < 10) return false;
      texts.set(id, text);
      return true;
    }
    async list() {
      return { sessions: [{ id: ID, text: half }], broken: [] };
    }
    async *watch() {}
  }
  const store = new Database();
  const { list, save } = await served(store);
  const [{ path, etag }] = await list();
  assert.equal((await save(path, TEXT, etag)).status, 200);
  assert.deepEqual([texts.get(ID), store.swaps], [TEXT, 1]);
});

test("at the limit of pages that follow, a new one takes the place of the oldest alone", async () => {
  const root = await tree({ "a.json": TEXT });
  const { events } = await served(root);
  const pages = [];
  for (let page = 0; page < 101; page += 1) pages.push(await events());
  await writeFile(join(root, "a.json"), changed(TEXT));
  const isChange = ({ path }) => path === "a.json";
  await Promise.all(pages.slice(1).map(({ until }) => until(isChange, 20_000)));
  assert.deepEqual(pages[0].seen, []);
  for (const { close } of pages) close();
});

test("the app is sent, its page with the version of the server", async () => {
  const { origin } = await served(await tree({}));
  const page = await fetch(`${origin}/`);
  const html = await page.text();
  assert.equal(page.status, 200);
  assert.match(html, /<head>\n<meta name="callboard-server" content="\d+\.\d+\.\d+">/u);
  assert.equal(page.headers.get("cache-control"), "no-cache");
  const again = await fetch(`${origin}/`, { headers: { "if-none-match": page.headers.get("etag") } });
  assert.equal(again.status, 304);
  const icon = await fetch(`${origin}/icon.svg`);
  assert.equal(icon.headers.get("content-type"), "image/svg+xml");
  assert.equal((await fetch(`${origin}/none.js`)).status, 404);
});
