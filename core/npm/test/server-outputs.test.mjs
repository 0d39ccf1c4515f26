// Outputs of sessions, sent by the local server whole and in part.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { TEXT, served, tree } from "./support/server.mjs";

test("each kind of output has its content type, and can do nothing in a page", async () => {
  const types = {
    "audio/ep 1 – final.mp3": "audio/mpeg",
    "audio/a.wav": "audio/wav",
    "script.md": "text/markdown; charset=utf-8",
    "report.json": "application/json",
    "notes.txt": "text/plain; charset=utf-8",
    "cover.PNG": "image/png",
    "cover.jpeg": "image/jpeg",
    "cover.svg": "image/svg+xml",
    "page.html": "text/html; charset=utf-8",
    "unknown.xyz": "application/octet-stream",
    noending: "application/octet-stream",
  };
  const root = await tree(Object.fromEntries(Object.keys(types).map((path) => [path, `contents of ${path}`])));
  const { request } = await served(root);
  for (const [path, type] of Object.entries(types)) {
    const at = `/api/outputs/${path.split("/").map(encodeURIComponent).join("/")}`;
    const response = await request(at);
    assert.equal(response.status, 200, path);
    assert.equal(await response.text(), `contents of ${path}`);
    const headers = ["content-type", "content-security-policy", "content-disposition", "x-content-type-options", "accept-ranges"].map((name) => response.headers.get(name));
    assert.deepEqual(headers, [type, "sandbox; default-src 'none'", "inline", "nosniff", "bytes"]);
    const head = await request(at, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, response.headers.get("content-length"), ""]);
    const etag = response.headers.get("etag");
    assert.equal((await request(at, { headers: { "if-none-match": etag } })).status, 304);
  }
});

test("a part of an output is sent, for a player that seeks", async () => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
  const root = await tree({ "a.mp3": bytes, "empty.mp3": "" });
  const { request } = await served(root);
  const ask = (range, headers = {}) => request("/api/outputs/a.mp3", { headers: { range, ...headers } });
  for (const [range, start, end] of [
    ["bytes=0-", 0, 99_999],
    ["bytes=0-0", 0, 0],
    ["bytes=500-999", 500, 999],
    ["bytes=99999-", 99_999, 99_999],
    ["bytes=-10", 99_990, 99_999],
    ["bytes=-1000000", 0, 99_999],
    ["bytes=90000-1000000", 90_000, 99_999],
  ]) {
    const response = await ask(range);
    assert.deepEqual([response.status, response.headers.get("content-range")], [206, `bytes ${start}-${end}/100000`], range);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes.subarray(start, end + 1), range);
  }
  for (const range of ["bytes=100000-", "bytes=5-4", "bytes=-0"]) {
    const response = await ask(range);
    assert.deepEqual([response.status, response.headers.get("content-range")], [416, "bytes */100000"], range);
  }
  for (const range of ["bytes=0-1,5-6", "lines=0-1", "bytes=x", "bytes=-"]) assert.equal((await ask(range)).status, 200, range);
  const etag = (await request("/api/outputs/a.mp3", { method: "HEAD" })).headers.get("etag");
  assert.equal((await ask("bytes=0-9", { "if-range": etag })).status, 206);
  await writeFile(join(root, "a.mp3"), bytes.subarray(1));
  const other = await ask("bytes=0-9", { "if-range": etag });
  assert.deepEqual([other.status, other.headers.get("content-length")], [200, "99999"], "parts of two versions are not mixed");
  const empty = await request("/api/outputs/empty.mp3");
  assert.deepEqual([empty.status, await empty.text()], [200, ""]);
});

test("an output that is missing or no file is said, and hidden ones are refused", async () => {
  const root = await tree({ "a.json": TEXT, ".secret": "x", ".git/HEAD": "x", "in/.env": "x" });
  await mkdir(join(root, "folder.mp3"));
  const { request } = await served(root);
  for (const path of ["none.mp3", "folder.mp3", "a.json/b.mp3", "none/none.mp3"]) {
    const response = await request(`/api/outputs/${path}`);
    assert.deepEqual([response.status, (await response.json()).error.message], [404, `There is no file ${path} in this folder.`]);
  }
  for (const path of [".secret", ".git/HEAD", "in/.env"]) assert.equal((await request(`/api/outputs/${path}`)).status, 403, path);
});

test("a large output is sent while it is read, and a player that stops ends it", async () => {
  const root = await tree({ "long.wav": Buffer.alloc(64 << 20, 7) });
  const { request } = await served(root);
  const before = process.memoryUsage().rss;
  const stop = new AbortController();
  const response = await request("/api/outputs/long.wav", { signal: stop.signal });
  const reader = response.body.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(process.memoryUsage().rss - before < 40 << 20);
  stop.abort();
  assert.equal((await request("/api/outputs/long.wav", { headers: { range: "bytes=-4" } })).status, 206);
});
