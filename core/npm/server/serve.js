// Callboard's local server: the app, and the files of a folder or the sessions of a store, for browsers on this machine.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { CallboardError, misuse } from "../error.js";
import { FileStore } from "../store/file.js";
import { Api } from "./api.js";
import { App, appNotFound, packageFolder } from "./app.js";
import { Events } from "./events.js";
import { Repository } from "./git.js";
import { Guard, newToken, originOf } from "./guard.js";
import { limitedServer, listenFrom } from "./listen.js";
import { securityHeaders } from "./policy.js";
import { Refusal, refusalOf } from "./refusal.js";
import { hasBody, sendJson } from "./reply.js";
import { Stored } from "./stored.js";
import { Tree } from "./tree.js";

/** First of the ports that are used without one being named, and their number. */
const FIRST_PORT = 4600;
const PORTS = 1000;

/**
 * Returns the port of a folder: a browser keeps a workspace for each address, so that productions do not mix, and each
 * finds its own again.
 */
const portOf = (folder) => FIRST_PORT + (createHash("sha256").update(folder).digest().readUInt32BE() % PORTS);

/**
 * Serves a folder, or the sessions of a store.
 * @param {string | import("../store/store.js").Store} source
 * @param {object} [options]
 * @param {string} [options.installed] folder of this package, for the app and the version; found by default
 */
export async function serve(source, options = {}) {
  const { host = "127.0.0.1", readOnly = false, installed = packageFolder(), name, poll } = options;
  assertOptions({ host, port: options.port ?? FIRST_PORT });
  const folder = options.app ?? (installed && join(installed, "app"));
  if (folder === undefined) throw appNotFound();
  const version = installed === undefined ? "unknown" : JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).version;
  const app = new App(folder, version);
  const events = new Events();
  const files = await sourceOf(source, name);
  const port = options.port ?? (files.root === undefined ? FIRST_PORT : portOf(files.root));
  const token = newToken();
  let guard;
  let api;
  const server = limitedServer((request, response) => answer({ app, guard, api }, request, response));
  const close = async () => {
    files.close();
    events.close();
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  };
  try {
    await files.watch({ onChange: (path, etag) => events.changed(path, etag), onReset: () => events.reset(), poll });
    const repository = files.root === undefined ? undefined : await Repository.of(files);
    api = new Api({ source: files, events, repository, readOnly, version });
    const taken = await listenFrom(server, host, port).catch((error) => {
      throw notListening(host, port, error);
    });
    guard = new Guard({ host, port: taken, token });
    const origin = originOf(host, taken);
    const addressFor = (secret) => `${origin}/?token=${secret}`;
    // The address for a program that opens the browser, which works once.
    const launchUrl = () => addressFor(guard.newTicket());
    return { origin, url: addressFor(token), launchUrl, port: taken, wanted: port, folder: files.folder, close };
  } catch (error) {
    files.close();
    events.close();
    throw error;
  }
}

/** Chooses the source for what is to be served. */
async function sourceOf(source, name) {
  if (typeof source === "string" && source !== "") return Tree.open(resolve(source));
  // A plain store of files is a folder, whose outputs and subfolders are shown too.
  if (source instanceof FileStore && Object.getPrototypeOf(source) === FileStore.prototype) return Tree.open(source.folder);
  if (typeof source?.load === "function" && typeof source.compareAndSwap === "function") return new Stored(source, name);
  throw misuse("serve takes the path of a folder, or a store.");
}

function assertOptions({ host, port }) {
  if (typeof host !== "string" || host === "") throw misuse("host must be an address of this machine, such as 127.0.0.1.");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw misuse("port must be a whole number from 0 to 65535.");
}

function notListening(host, port, cause) {
  const reasons = { EACCES: "the system does not allow it", EADDRNOTAVAIL: "this machine has no such address", ENOTFOUND: "there is no such host" };
  const message = `Callboard cannot listen at ${host}, port ${port}: ${reasons[cause.code] ?? cause.message}.`;
  return new CallboardError({ code: "unwritable", message, hint: "Choose another port or host.", cause });
}

/** Answers a request, also one that is refused and one that fails. */
async function answer({ app, guard, api }, request, response) {
  for (const [name, value] of Object.entries(securityHeaders(app.policy))) response.setHeader(name, value);
  try {
    await routed({ app, guard, api }, request, response);
  } catch (error) {
    refuse(error, request, response);
  }
}

async function routed({ app, guard, api }, request, response) {
  const at = request.url.indexOf("?");
  const path = at < 0 ? request.url : request.url.slice(0, at);
  const query = new URLSearchParams(at < 0 ? "" : request.url.slice(at + 1));
  const isApi = path === "/api" || path.startsWith("/api/");
  guard.assertOwn(request, { isApi });
  const isSending = request.method === "PUT" || request.method === "POST";
  if (hasBody(request) && !isSending) throw new Refusal(400, { code: "bad_request", message: "This request must have no body." });
  if (isApi) {
    guard.assertToken(request);
    return api.answer({ path, query }, request, response);
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new Refusal(405, { code: "wrong_method", message: "Only GET and HEAD requests are allowed here." }, { headers: { Allow: "GET, HEAD" } });
  }
  if (path === "/" && query.has("token")) {
    const cookie = guard.cookieFor(query.get("token"));
    response.writeHead(303, { Location: "/", "Set-Cookie": cookie, "Cache-Control": "no-store", "Content-Length": 0 });
    return response.end();
  }
  return app.answer(path, request, response);
}

function refuse(error, request, response) {
  if (response.headersSent || response.destroyed) return response.destroy();
  const refusal = refusalOf(error);
  // A defect in this program: its stack helps who reads the terminal, and its message who sees the page.
  if (refusal === undefined) process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  const { status, body, headers } = refusal ?? { status: 500, body: { error: { code: "internal", message: String(error?.message ?? error) } }, headers: {} };
  return sendJson(request, response, status, body, { "Cache-Control": "no-store", ...headers });
}
