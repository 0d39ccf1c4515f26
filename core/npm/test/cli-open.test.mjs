// The command that opens the app.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { CLI, callboard, env, internal } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";
import { TEXT, client, tree } from "./support/server.mjs";

const TERMINAL = fileURLToPath(new URL("support/terminal.mjs", import.meta.url));

/** Starts a command that serves, and waits for its address. */
async function opened(args, { preload = [], ...options } = {}) {
  const child = spawn(process.execPath, [...preload, CLI, ...args], { env, stdio: ["ignore", "pipe", "pipe"], ...options });
  const ended = once(child, "close");
  let out = "";
  let err = "";
  child.stderr.on("data", (chunk) => (err += chunk));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      out += chunk;
      const [found] = /http:\/\/[^\s"]+/u.exec(out) ?? [];
      if (found !== undefined && /\}|Ctrl-C/u.test(out)) resolve(new URL(found));
    });
    ended.then(() => reject(new Error(`It ended: ${out}${err}`)));
  });
  const end = async (signal = "SIGINT") => {
    child.kill(signal);
    return ended;
  };
  return { url, text: () => out, err: () => err, end, ...client({ origin: url.origin, port: url.port }, url.searchParams.get("token")) };
}

test("open serves the folder that is named, and ends cleanly by Ctrl-C", async () => {
  const root = await tree({ "a.json": TEXT });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const { json, list, text, err, end, events } = await opened(["open", root, "--no-open", "--port", "0"]);
    assert.equal((await json("/api/source")).folder, root);
    assert.equal((await list())[0].path, "a.json");
    assert.ok(text().startsWith(`Serving ${root} at\n  http://127.0.0.1:`), text());
    // An open page does not keep it.
    await events();
    assert.deepEqual(await end(signal), [0, null]);
    assert.equal(err(), "");
  }
});

test("open serves the root of the repository that the working folder is in, else the working folder", async () => {
  const root = await realpath(await tree({ "show/sessions/a.json": TEXT }));
  const cwd = join(root, "show/sessions");
  const servedFrom = async (args, at) => {
    const { json, end } = await opened([...args, "--no-open", "--port=0"], { cwd: at });
    const { folder } = await json("/api/source");
    await end();
    return folder;
  };
  assert.equal(await servedFrom(["open"], cwd), cwd);
  await mkdir(join(root, ".git"));
  assert.equal(await servedFrom(["open"], cwd), root);
  assert.equal(await servedFrom(["open", "."], cwd), cwd);
  assert.equal(await servedFrom(["session", "dashboard", "--web"], cwd), root);
  assert.equal(await servedFrom(["session", "dashboard", "--web", "--dir", cwd], root), cwd);
  assert.equal(await servedFrom([], cwd), root, "an option of open alone means open");
});

test("without a command it opens in a terminal, and shows the help in a pipe", async () => {
  const root = await tree({ "a.json": TEXT });
  assert.match(callboard([], { cwd: root }).out, /^Usage: callboard /u);
  // Without a screen, the address is all that it can show.
  const { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME, ...rest } = env;
  const { json, end, err } = await opened([], { cwd: root, env: rest, preload: ["--import", TERMINAL] });
  assert.equal((await json("/api/source")).folder, await realpath(root));
  assert.deepEqual(await end(), [0, null]);
  if (process.platform === "linux") assert.equal(err(), "callboard: The browser could not be opened. Open the address above yourself.\n");
});

test("the home folder and the root are only served if they are named", async () => {
  const { servedFolder } = await internal("server/root.js");
  assert.throws(() => servedFolder({ cwd: "/" }), { code: "folder_not_found", hint: /callboard open <folder>/u });
  const home = await realpath(await folder());
  const refused = callboard(["open", "--no-open", "--port", "0"], { cwd: home, env: { ...env, HOME: home } });
  assert.deepEqual([refused.code, refused.out], [3, ""]);
  assert.match(refused.err, /Name the folder of the production/u);
  assert.equal(servedFolder({ cwd: "/", folder: tmpdir() }), tmpdir());
  assert.equal(servedFolder({ cwd: "/", folder: "/" }), "/");
});

test("a taken port is said, and the next one used", async () => {
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address();
  const { text, url, end } = await opened(["open", await folder(), "--no-open", "--port", String(port)]);
  assert.ok(text().startsWith(`Port ${port} is taken, so this is port ${url.port}.\n`), text());
  await end();
  taken.close();
});

test("--read-only and --json are said", async () => {
  const root = await tree({ "a.json": TEXT });
  const { json, text, end } = await opened(["open", root, "--no-open", "--port", "0", "--read-only", "--json"]);
  assert.equal((await json("/api/source")).read_only, true);
  const { url, port, folder, read_only } = JSON.parse(text());
  assert.deepEqual([new URL(url).port, folder, read_only], [String(port), root, true]);
  await end();
});

test("a host that others can reach comes with a warning", async () => {
  const { err, end, port, token } = await opened(["open", await tree({}), "--no-open", "--port", "0", "--host", "0.0.0.0"]);
  assert.match(err(), /^callboard: Every machine that can reach 0\.0\.0\.0 can now open Callboard/u);
  assert.equal((await fetch(`http://localhost:${port}/api/source`, { headers: { cookie: `callboard-${port}=${token}` } })).status, 200);
  await end();
});

test("the browser is opened by the system's program, and its failure is only said", async () => {
  const bin = await folder();
  const log = join(bin, "opened");
  await writeFile(join(bin, "xdg-open"), `#!/bin/sh\necho "$1" > ${log}\nexit 0\n`);
  await chmod(join(bin, "xdg-open"), 0o755);
  const { openBrowser } = await internal("server/browser.js");
  const screen = { PATH: `${bin}:${process.env.PATH}`, DISPLAY: ":0" };
  assert.equal(await openBrowser("http://127.0.0.1:1/?token=x", { platform: "linux", env: screen }), true);
  assert.equal(await openBrowser("http://127.0.0.1:1/", { platform: "linux", env: { PATH: screen.PATH } }), false, "there is no screen");
  assert.equal(await openBrowser("http://127.0.0.1:1/", { platform: "linux", env: { PATH: "/nowhere", DISPLAY: ":0" } }), false);
  await writeFile(join(bin, "xdg-open"), "#!/bin/sh\nexit 3\n");
  assert.equal(await openBrowser("http://127.0.0.1:1/", { platform: "linux", env: screen }), false);
});

test("the browser is opened with a token that works once, since others see the arguments of programs", { skip: process.platform !== "linux" }, async () => {
  const bin = await folder();
  const log = join(bin, "opened");
  await writeFile(join(bin, "xdg-open"), `#!/bin/sh\necho "$1" > ${log}.part\nmv ${log}.part ${log}\n`);
  await chmod(join(bin, "xdg-open"), 0o755);
  const screen = { ...env, PATH: `${bin}:${process.env.PATH}`, DISPLAY: ":0" };
  const { token, end } = await opened(["open", await tree({}), "--port", "0"], { env: screen });
  let launched;
  while (launched === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    launched = await readFile(log, "utf8").catch(() => undefined);
  }
  assert.ok(!launched.includes(token));
  const ask = async () => fetch(launched.trim(), { redirect: "manual" });
  const first = await ask();
  assert.equal(first.status, 303);
  assert.ok(first.headers.get("set-cookie").includes(token));
  assert.equal((await ask()).status, 401);
  await end();
});

test("mistakes are explained", async () => {
  const root = await folder();
  await writeFile(join(root, "file"), "");
  const check = (args, code, message) => {
    const result = callboard(args, { cwd: root });
    assert.deepEqual([result.code, result.out], [code, ""], args.join(" "));
    assert.match(result.err, message);
  };
  check(["open", "none"], 3, /^callboard: There is no folder .*none\./u);
  check(["open", "file"], 3, /is a file, not a folder/u);
  check(["open", ""], 2, /The folder is empty/u);
  check(["open", "a", "b"], 2, /The number of arguments is wrong/u);
  check(["open", "--port", "http"], 2, /--port must be a number from 0 to 65535/u);
  check(["open", "--port", "70000"], 2, /--port must be/u);
  check(["open", "--host", ""], 2, /--host is empty/u);
  check(["open", "--host", "203.0.113.1", "--no-open"], 3, /cannot listen at 203\.0\.113\.1, port \d+: this machine has no such address/u);
  check(["session", "dashboard", "--port", "1"], 2, /--port needs --web/u);
  check(["session", "dashboard", "--web", "--watch"], 2, /--watch does not go with --web/u);
});
