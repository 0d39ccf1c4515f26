// The server of `cargo xtask dev`: node serve.mjs <dist> <stylesheets> <port> <builder> [argument ...]
//
// The builder rebuilds the app into <dist> whenever its source changes; open pages then reload. Stylesheets are served
// from their source, so their changes show without a build.
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

import { startServer } from "../../tests/e2e/support/server.mjs";

const [dist, stylesheets, port, builder, ...args] = process.argv.slice(2);

/** Delay before a change is handled: editors write a file in several steps, and the builder writes many files. */
const SETTLED_MS = 50;

/** The pages that listen for changes. */
const pages = new Set();

const broadcast = (event, data = "") => {
  for (const page of pages) page.write(`event: ${event}\ndata: ${data}\n\n`);
};

/** Calls `changed` with the name of each changed file below a folder, after a delay. */
function watchFiles(folder, options, changed) {
  const timers = new Map();
  watch(folder, options, (_, name) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(() => changed(name), SETTLED_MS));
  });
}

/** Returns the source of a stylesheet that the bundle names `name-<hash>.css`; undefined if there is none. */
async function sourceOf(file) {
  const name = /^(.+)-[0-9a-f]+\.css$/.exec(file)?.[1];
  if (!name) return undefined;
  const found = (await readdir(stylesheets, { recursive: true })).find((path) => basename(path) === `${name}.css`);
  return found && join(stylesheets, found);
}

/** Returns the bundle's page with the script that listens for changes. Without a version it keeps no files offline. */
async function page() {
  const html = await readFile(join(dist, "index.html"), "utf8").catch(() => "<!doctype html><head></head>Building…");
  return html.replace(/<meta name="callboard-version"[^>]*>\n?/, "").replace("</head>", '<script type="module" src="dev-reload.js"></script>\n</head>');
}

const send = (response, type, body) => response.setHeader("Content-Type", `${type};charset=utf-8`).end(body);

/** Answers requests for files that differ from the bundle's; true if it answered. */
async function answer(request, response) {
  const file = basename(new URL(request.url, "http://localhost").pathname);
  response.setHeader("Cache-Control", "no-store");
  if (file === "" || file === "index.html") {
    send(response, "text/html", await page());
  } else if (file === "dev-reload.js") {
    send(response, "text/javascript", await readFile(new URL("reload.js", import.meta.url)));
  } else if (file === "dev-changes") {
    response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
    pages.add(response);
    request.once("close", () => pages.delete(response));
  } else {
    const source = await sourceOf(file);
    if (!source) return false;
    send(response, "text/css", await readFile(source));
  }
  return true;
}

await mkdir(dist, { recursive: true });
const server = await startServer({ dir: dist, port: Number(port), answer });
watchFiles(stylesheets, { recursive: true }, (name) => broadcast("css", basename(name, ".css")));
watchFiles(dist, {}, (name) => {
  if (name === "index.html") broadcast("built");
});

const child = spawn(builder, args, { stdio: "inherit" });
child.once("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    child.kill();
    process.exit();
  });
}
console.log(`Callboard will be at ${server.url} once it is built (${resolve(dist)}).`);
