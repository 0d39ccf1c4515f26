// The installed package in an app of Next.js, built by each of its bundlers: on the server, and in a client component.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { BROWSERS, launch } from "../e2e/support/browsers.mjs";
import { assertNoProblems, guard } from "../e2e/support/guard.mjs";
import { run } from "./support/program.mjs";

const PROJECT = process.env.CALLBOARD_PROJECT;
const installed = fileURLToPath(new URL("../node_modules", import.meta.url));
const NEXT = join(installed, "next/dist/bin/next");
const root = join(PROJECT, "next");

process.env.NEXT_TELEMETRY_DISABLED = "1";

before(async () => {
  await rm(root, { recursive: true, force: true });
  await cp(fileURLToPath(new URL("next", import.meta.url)), root, { recursive: true });
  for (const name of ["next", "react", "react-dom"]) {
    const link = join(PROJECT, "node_modules", name);
    await rm(link, { force: true });
    await symlink(join(installed, name), link, "junction");
  }
});

/** Serves the built app. Resolves to its address and a function that stops it. */
async function serve() {
  const server = spawn(process.execPath, [NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill();
    await once(server, "exit");
  };
  let url;
  for await (const line of createInterface({ input: server.stdout })) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (/Ready/.test(line)) break;
  }
  assert.ok(url, "Next says where it serves");
  server.stdout.resume();
  return { url, stop };
}

for (const bundler of ["turbopack", "webpack"]) {
  test(`Next.js with ${bundler}`, async () => {
    process.env.NEXT_FOLDER = `built-${bundler}`;
    // Skips prerendering, which this app does not use and which takes a third of the time.
    const built = run(root, process.execPath, NEXT, "build", `--${bundler}`, "--experimental-build-mode", "compile");
    assert.equal(built.status, 0, built.stdout + built.stderr);

    const { url, stop } = await serve();
    // The client's code is the same for every browser.
    const browser = await launch(BROWSERS[0]);
    try {
      assert.deepEqual(await (await fetch(`${url}/api`)).json(), { id: "ep_003_20240811_1430", inFolder: true });
      const tab = await browser.newPage();
      const guarded = await guard(tab, url);
      await tab.goto(url);
      await tab.waitForFunction(() => document.querySelector("#client")?.textContent);
      const shown = await tab.$$eval("p", (all) => all.map(({ id, textContent }) => [id, textContent]));
      assert.deepEqual(Object.fromEntries(shown), { server: "ep_001_20240811_1430", client: "ep_002_20240811_1430" });
      await guarded.settle();
      assertNoProblems(guarded);
    } finally {
      await browser.close();
      await stop();
    }
  });
}
