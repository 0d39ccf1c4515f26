// Requests that mean harm, or that mean too much: each is refused, and the server goes on.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import test from "node:test";

import { withFault } from "./support/fault.mjs";
import { folder } from "./support/folder.mjs";
import { TEXT, served, tree } from "./support/server.mjs";

/** Headers of every answer. A directive that is missing here, or a wider one, is a hole. */
const POLICY = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self'",
  "connect-src": "'self'",
  "font-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
  "require-trusted-types-for": "'script'",
};

/** Directives that may be wider than `default-src`, and the sources that they may have. */
const MAY_HAVE = ["'self'", "'none'", "data:", "blob:", "default", "callboard"];

const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Capabilities that no page of this server may have. */
const DENIED = ["camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb"];

function assertHeaders(response, what) {
  const csp = response.headers.get("content-security-policy");
  const directives = Object.fromEntries(csp.split(";").map((part) => part.trim().split(/\s(.*)/u).slice(0, 2)));
  for (const [name, value] of Object.entries(POLICY)) assert.equal(directives[name], value, `${what}: ${name}`);
  for (const [name, value] of Object.entries(directives)) {
    if (POLICY[name] === undefined) for (const source of value.split(" ")) assert.ok(MAY_HAVE.includes(source), `${what}: ${name} ${source}`);
  }
  for (const [name, value] of Object.entries(HEADERS)) assert.equal(response.headers.get(name), value, `${what}: ${name}`);
  const permissions = response.headers.get("permissions-policy").split(", ");
  for (const name of DENIED) assert.ok(permissions.includes(`${name}=()`), `${what}: ${name}`);
  for (const name of response.headers.keys()) assert.ok(!name.startsWith("access-control-"), `${what}: ${name}`);
  assert.equal(response.headers.get("x-powered-by"), null);
}

test("every answer has every header of the policy", async () => {
  const root = await tree({ "a.json": TEXT, "x.mp3": "sound" });
  const { request, origin, token, list, create } = await served(root);
  await list();
  const ask = (path, options) => fetch(origin + path, { redirect: "manual", ...options });
  const answers = {
    page: await ask("/"),
    icon: await ask("/icon.svg"),
    token: await ask(`/?token=${token}`),
    "wrong token": await ask("/?token=x"),
    "no page": await ask("/none"),
    "no cookie": await ask("/api/files"),
    source: await request("/api/source"),
    files: await request("/api/files"),
    file: await request("/api/files/a.json"),
    "no file": await request("/api/files/none.json"),
    saved: await create("b.json", TEXT),
    "wrong method": await request("/api/source", { method: "DELETE" }),
    git: await request("/api/git"),
  };
  for (const [what, response] of Object.entries(answers)) {
    assertHeaders(response, what);
    const isApp = ["page", "icon"].includes(what);
    assert.equal(response.headers.get("cache-control"), isApp ? "no-cache" : "no-store", what);
    await response.body?.cancel();
  }
  const cookie = answers.token.headers.get("set-cookie");
  assert.match(cookie, /^callboard-\d+=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/u);
  assert.deepEqual([answers.token.status, answers.token.headers.get("location")], [303, "/"]);
  const output = await request("/api/outputs/x.mp3");
  assert.equal(output.headers.get("content-security-policy"), "sandbox; default-src 'none'");
  assert.equal(output.headers.get("x-content-type-options"), "nosniff");
});

test("no path leads out of the folder, however it is spelled", async () => {
  const outside = await folder();
  await writeFile(join(outside, "secret.json"), TEXT);
  const root = await tree({ "in/a.json": TEXT, ".git/config.json": TEXT, ".env": "SECRET", ".hidden/a.mp3": "x", "node_modules/x.json": TEXT });
  await symlink(join(outside, "secret.json"), join(root, "link.json"));
  await symlink(outside, join(root, "linked"));
  await symlink(join(root, ".git/config.json"), join(root, "git.json"));
  await symlink("/nowhere/at/all.json", join(root, "dangling.json"));
  const { raw, cookie, port, origin, list, json } = await served(root);
  const name = outside.split("/").at(-1);
  const paths = [
    `../${name}/secret.json`,
    `..%2f${name}%2fsecret.json`,
    `%2e%2e/${name}/secret.json`,
    `%2E%2E%2F${name}%2Fsecret.json`,
    `.%2e/${name}/secret.json`,
    `in/../../${name}/secret.json`,
    `in/%2e%2e/%2e%2e/${name}/secret.json`,
    `in/./a.json`,
    `in//a.json`,
    `/etc/passwd`,
    `%2fetc%2fpasswd`,
    `..%5c..%5c${name}%5csecret.json`,
    `..\\${name}\\secret.json`,
    `in%00/a.json`,
    `in/a.json%00.txt`,
    `in%0d%0a/a.json`,
    `C:/windows/win.ini`,
    `C%3a/windows/win.ini`,
    `%`,
    `%zz`,
    `%c0%ae%c0%ae/${name}/secret.json`,
    `%u002e%u002e/secret.json`,
    `linked/secret.json`,
    `link.json`,
    `git.json`,
    `.git/config.json`,
    `node_modules/x.json`,
    ``,
    `in/`,
  ];
  const head = `Host: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nOrigin: ${origin}\r\nConnection: close\r\n`;
  for (const path of paths) {
    for (const [method, at] of [["GET", "files"], ["GET", "outputs"], ["PUT", "files"]]) {
      const body = method === "PUT" ? `If-None-Match: *\r\nContent-Length: ${TEXT.length}\r\n\r\n${TEXT}` : "\r\n";
      const { status, text } = await raw(`${method} /api/${at}/${path} HTTP/1.1\r\n${head}${body}`);
      const isNoName = method === "PUT" && status === 422;
      assert.ok(status === 403 || isNoName, `${method} ${at} ${path}: ${text.slice(0, 60)}`);
      assert.ok(!text.includes("session_id"), path);
    }
  }
  // Encoded twice, it is a name like any other, and there is no such file.
  for (const path of ["%252e%252e/secret.json", "%25%32%65/secret.json", "..;/secret.json", "...json"]) {
    const { status } = await raw(`GET /api/files/${path} HTTP/1.1\r\n${head}\r\n`);
    assert.equal(status, 404, path);
  }
  for (const path of [".env", ".hidden/a.mp3"]) {
    assert.equal((await raw(`GET /api/outputs/${path} HTTP/1.1\r\n${head}\r\n`)).status, 403, path);
  }
  for (const path of ["dangling.json"]) {
    const { status } = await raw(`PUT /api/files/${path} HTTP/1.1\r\n${head}If-None-Match: *\r\nContent-Length: ${TEXT.length}\r\n\r\n${TEXT}`);
    assert.equal(status, 409, path);
  }
  const files = await list();
  assert.deepEqual(files.filter(({ text }) => text !== undefined).map(({ path }) => path), ["in/a.json"]);
  assert.deepEqual(files.filter(({ error }) => error?.code === "outside").map(({ path }) => path), ["git.json", "link.json"]);
  assert.equal((await json("/api/source")).outputs, true, "the server goes on");
});

/** Waits of a save after which a link may stand in the place of the file: that for the file itself, and that for its lock. */
const WAITS = { open: ([path]) => /[\\/]a\.json$/u.test(path), link: ([, path]) => path.endsWith(".lock") };

for (const [name, isWait] of Object.entries(WAITS)) {
  test(`a link out of the folder that takes a file's place during a save is not followed (${name})`, async () => {
    const outside = await folder();
    const root = await tree({ "a.json": TEXT });
    const { save } = await served(root);
    let moved = false;
    const fault = async (real, ...args) => {
      if (!moved && isWait(args)) {
        moved = true;
        await rename(join(root, "a.json"), join(outside, "b.json"));
        await symlink(join(outside, "b.json"), join(root, "a.json"));
      }
      return real(...args);
    };
    const etag = createHash("sha256").update(TEXT).digest("hex");
    const refused = await withFault(name, fault, () => save("a.json", TEXT.replace('"topic": "', '"topic": "More '), etag));
    assert.ok(moved);
    assert.deepEqual([refused.status, (await refused.json()).error.code], [403, "outside"]);
    assert.equal(await readFile(join(outside, "b.json"), "utf8"), TEXT);
    assert.deepEqual([await readdir(outside), await readdir(root)], [["b.json"], ["a.json"]]);
  });
}

test("a link out of the folder that takes an output's place while it is opened is not followed", async () => {
  const outside = await folder();
  await writeFile(join(outside, "secret.txt"), "secret");
  const root = await tree({ "a.mp3": "sound" });
  const { request } = await served(root);
  const path = join(root, "a.mp3");
  const link = async () => {
    await rename(path, `${path}.old`);
    await symlink(join(outside, "secret.txt"), path);
  };
  const unlink = () => rename(`${path}.old`, path);
  const ask = async (work) => {
    let opened = false;
    const fault = async (real, at, ...rest) => {
      if (opened || !String(at).endsWith("a.mp3")) return real(at, ...rest);
      opened = true;
      return work(() => real(at, ...rest));
    };
    return withFault("open", fault, () => request("/api/outputs/a.mp3"));
  };
  const briefly = await ask(async (open) => {
    await link();
    const file = await open();
    await unlink();
    return file;
  });
  assert.deepEqual([briefly.status, await briefly.text()], [200, "sound"]);
  const refused = await ask(async (open) => {
    await link();
    return open();
  });
  assert.deepEqual([refused.status, (await refused.json()).error.code], [403, "outside"]);
});

test("a request that names another host is refused: DNS rebinding", async () => {
  const { raw, cookie, port } = await served(await tree({ "a.json": TEXT }));
  const ask = async (hosts, path = "/api/source") =>
    (await raw(`GET ${path} HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join("")}Cookie: ${cookie}\r\nConnection: close\r\n\r\n`)).status;
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) assert.equal(await ask([host]), 200, host);
  for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`, `127.0.0.1.evil.example:${port}`, `0.0.0.0:${port}`, `localhost.:${port}`, ""]) {
    assert.equal(await ask([host]), 421, host);
    assert.equal(await ask([host], "/"), 421, `${host}, for the page`);
  }
  assert.notEqual(await ask([`127.0.0.1:${port}`, "evil.example"]), 200);
  assert.notEqual(await ask([]), 200);
});

test("a page of another site or port is refused, by a form and by a script", async () => {
  const { request, origin, port, cookie, token } = await served(await tree({ "a.json": TEXT }));
  const others = ["http://evil.example", `http://127.0.0.1:${port + 1}`, `https://127.0.0.1:${port}`, `http://localhost:${port}`, "null", ""];
  for (const other of others) {
    for (const [path, method, headers] of [
      ["/api/source", "GET", {}],
      ["/api/files/b.json", "PUT", { "if-none-match": "*" }],
      ["/api/git/commit", "POST", { "content-type": "text/plain" }],
      ["/api/git/push", "POST", { "content-type": "application/x-www-form-urlencoded" }],
      ["/", "GET", {}],
    ]) {
      const body = method === "GET" ? undefined : TEXT;
      const response = await request(path, { method, body, headers: { ...headers, origin: other } });
      assert.equal(response.status, 403, `${method} ${path} from ${other}`);
      assert.equal(response.headers.get("access-control-allow-origin"), null);
    }
  }
  for (const site of ["cross-site", "same-site", "anything"]) {
    assert.equal((await request("/api/files", { headers: { "sec-fetch-site": site } })).status, 403, site);
  }
  for (const site of ["same-origin", "none"]) assert.equal((await request("/api/source", { headers: { "sec-fetch-site": site } })).status, 200, site);
  const unnamed = await fetch(`${origin}/api/files/b.json`, { method: "PUT", body: TEXT, headers: { cookie, "if-none-match": "*" } });
  assert.equal(unnamed.status, 403, "a request that changes something says where it comes from");
  const preflight = await fetch(`${origin}/api/files/b.json`, { method: "OPTIONS", headers: { origin, "access-control-request-method": "PUT", cookie } });
  assert.equal(preflight.status, 405);
  const form = await request("/api/git/commit", { method: "POST", body: "paths=a", headers: { "content-type": "application/x-www-form-urlencoded" } });
  assert.equal(form.status, 415, "a form cannot send JSON");
  // A link to the page from elsewhere is harmless, and works.
  assert.equal((await fetch(`${origin}/?token=${token}`, { redirect: "manual", headers: { "sec-fetch-site": "cross-site" } })).status, 303);
});

test("without the token there is nothing", async () => {
  const { origin, port, token } = await served(await tree({ "a.json": TEXT }));
  const wrong = [undefined, "", token.slice(1), `${token}x`, token.toLowerCase(), "x".repeat(32), "é"];
  for (const given of wrong) {
    const headers = given === undefined ? {} : { cookie: `other=1; callboard-${port}=${encodeURI(given)}` };
    for (const path of ["/api/source", "/api/files", "/api/files/a.json", "/api/events", "/api/outputs/a.json", "/api/git", "/api/none", "/api"]) {
      const response = await fetch(origin + path, { headers });
      assert.equal(response.status, 401, `${path} ${given}`);
      assert.ok(!(await response.text()).includes("session_id"));
    }
    if (given !== undefined) assert.equal((await fetch(`${origin}/?token=${encodeURIComponent(given)}`, { redirect: "manual" })).status, 401, given);
  }
  assert.equal((await fetch(`${origin}/api/source`, { headers: { authorization: `Bearer ${token}` } })).status, 401);
  assert.equal((await fetch(`${origin}/api/source?token=${token}`)).status, 401);
  assert.equal((await fetch(`${origin}/api/source`, { headers: { cookie: `a=b;callboard-${port}=x; callboard-${port}=${token}` } })).status, 200);
});

test("methods and addresses that there are not are refused", async () => {
  const { request, raw, port, cookie } = await served(await tree({}));
  for (const [path, method, allowed] of [
    ["/api/source", "DELETE", "GET"],
    ["/api/files", "PUT", "GET"],
    ["/api/files/a.json", "DELETE", "GET, PUT"],
    ["/api/outputs/a.mp3", "PUT", "GET, HEAD"],
    ["/api/git/push", "GET", "POST"],
    ["/", "POST", "GET, HEAD"],
  ]) {
    const response = await request(path, { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, allowed], `${method} ${path}`);
  }
  assert.equal((await request("/api/none")).status, 404);
  for (const target of [`http://127.0.0.1:${port}/api/source`, "*", "//evil.example/api/source"]) {
    const { status } = await raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    assert.equal(status, 404, target);
  }
  for (const text of ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nA: ${"x".repeat(20_000)}\r\n\r\n`]) {
    const { status } = await raw(text);
    assert.ok(status >= 400 && status < 500, `${text.slice(0, 20)}: ${status}`);
  }
  assert.equal((await request("/api/source")).status, 200);
});

test("a body of 100 MB is refused without being read, announced or not", async () => {
  const { port, cookie, origin, request } = await served(await tree({ "a.json": TEXT }));
  const before = process.memoryUsage().rss;
  const head = (more) => `PUT /api/files/b.json HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nIf-None-Match: *\r\n${more}\r\n\r\n`;
  const send = (more, frame) =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      const block = frame(Buffer.alloc(1 << 16, " "));
      let sent = 0;
      let answer = "";
      const pump = () => {
        while (sent < 100 << 20 && socket.writable) {
          sent += 1 << 16;
          if (!socket.write(block)) return void socket.once("drain", pump);
        }
      };
      socket.on("connect", () => {
        socket.write(head(more));
        pump();
      });
      socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
      socket.on("error", (error) => answer === "" && reject(error));
      socket.on("close", () => resolve({ answer, sent }));
    });
  const announced = await send(`Content-Length: ${100 << 20}`, (block) => block);
  assert.match(announced.answer, /^HTTP\/1\.1 413 /u);
  assert.match(announced.answer, /"code":"too_large"/u);
  assert.ok(announced.sent < 20 << 20, `${announced.sent} bytes were taken`);
  const chunked = await send("Transfer-Encoding: chunked", (block) => Buffer.concat([Buffer.from("10000\r\n"), block, Buffer.from("\r\n")]));
  assert.match(chunked.answer, /^HTTP\/1\.1 413 /u);
  assert.ok(chunked.sent < 40 << 20, `${chunked.sent} bytes were taken`);
  const unasked = await send("", (block) => block).catch(() => ({ answer: "" }));
  assert.ok(!unasked.answer.startsWith("HTTP/1.1 200"));
  const expecting = await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(head(`Content-Length: ${100 << 20}\r\nExpect: 100-continue`)));
    socket.on("data", (chunk) => resolve(chunk.toString("latin1")) ?? socket.destroy());
  });
  assert.match(expecting, /^HTTP\/1\.1 413 /u, "it is refused before it is sent");
  assert.ok(process.memoryUsage().rss - before < 150 << 20, "memory is bounded");
  assert.equal((await request("/api/source")).status, 200);
});

test("1,000 connections that send slowly or read nothing are ended, and memory is bounded", { timeout: 60_000 }, async (context) => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`${at}.json`, TEXT.padEnd(20_000)]));
  const { port, cookie, request } = await served(await tree(files));
  const before = process.memoryUsage().rss;
  const sockets = [];
  // Open ones would keep this process from ending.
  context.after(() => sockets.forEach((socket) => socket.destroy()));
  let closed = 0;
  const open = (text, { reads = true } = {}) =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", resolve);
      sockets.push(socket);
      socket.on("error", () => {});
      socket.on("close", () => (closed += 1) && resolve());
      if (text !== undefined) socket.write(text);
      if (reads) socket.resume();
    });
  for (let at = 0; at < 20; at += 1) await open(`GET /api/files HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n`, { reads: false });
  await Promise.all(Array.from({ length: 1000 }, (_, at) => open(at % 2 === 0 ? "GET / HT" : undefined)));
  assert.ok(process.memoryUsage().rss - before < 200 << 20, "memory is bounded");
  // Heads that do not come within ten seconds end their connections.
  const end = Date.now() + 30_000;
  let status;
  while ((status !== 200 || closed < 500) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    status = await request("/api/source").then((response) => response.status, () => undefined);
  }
  assert.equal(status, 200);
  assert.ok(closed >= 500, `${closed} connections were ended`);
});
