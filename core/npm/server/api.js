// The requests of the page, below /api/.
import { CallboardError } from "callboard";

import { FILE_LIMIT, badCommand, readBody, readCommand } from "./body.js";
import { etagsIn, isCached } from "./etag.js";
import { lastEventOf } from "./events.js";
import { sendListing } from "./listing.js";
import { sendOutput } from "./outputs.js";
import { decodedPath } from "./paths.js";
import { Refusal, readOnlyRefusal } from "./refusal.js";
import { sendJson } from "./reply.js";
import { assertSessionBytes } from "./session-bytes.js";

/** Prefixes of addresses that end in a file's path. */
const FILES = "/api/files/";
const OUTPUTS = "/api/outputs/";
const HEAD = "/api/git/head/";

/** Answers the requests for a source, and for the repository that it is in, if any. */
export class Api {
  #source;
  #events;
  #repository;
  #readOnly;
  #version;

  constructor({ source, events, repository, readOnly, version }) {
    this.#source = source;
    this.#events = events;
    this.#repository = repository;
    this.#readOnly = readOnly;
    this.#version = version;
  }

  /** Answers a request, which has the token. */
  async answer({ path, query }, request, response) {
    response.setHeader("Cache-Control", "no-store");
    const routes = this.#routes(path, query, request, response);
    if (routes === undefined) throw new Refusal(404, { code: "not_found", message: "Callboard has no such request." });
    const route = routes[request.method];
    if (route !== undefined) return route();
    const allowed = Object.keys(routes).join(", ");
    const message = `Only ${allowed} requests are allowed here.`;
    throw new Refusal(405, { code: "wrong_method", message }, { headers: { Allow: allowed } });
  }

  #routes(path, query, request, response) {
    const send = (status, document, headers) => sendJson(request, response, status, document, headers);
    if (path.startsWith(FILES)) {
      const file = () => decodedPath(path.slice(FILES.length));
      return { GET: () => this.#read(file(), request, response), PUT: () => this.#write(file(), request, response, send) };
    }
    if (path.startsWith(OUTPUTS)) {
      const show = () => this.#output(decodedPath(path.slice(OUTPUTS.length)), request, response);
      return { GET: show, HEAD: show };
    }
    if (path.startsWith(HEAD)) return { GET: () => this.#head(decodedPath(path.slice(HEAD.length)), response) };
    switch (path) {
      case "/api/source":
        return { GET: () => send(200, this.#described()) };
      case "/api/files":
        return { GET: () => sendListing(this.#source, this.#events.last, response) };
      case "/api/events":
        return { GET: () => this.#events.follow(response, lastEventOf(request, query)) };
      case "/api/git":
        return { GET: async () => send(200, await this.#git().status()) };
      case "/api/git/commit":
        return { POST: () => this.#commit(request, response, send) };
      case "/api/git/push":
        return { POST: () => this.#push(request, send) };
      default:
        return undefined;
    }
  }

  #described() {
    const { name, folder, hasOutputs } = this.#source;
    const commit = this.#repository !== undefined && !this.#readOnly;
    return { name, folder, version: this.#version, read_only: this.#readOnly, outputs: hasOutputs, commit, now: Date.now() };
  }

  async #read(path, request, response) {
    const { bytes, etag } = await this.#source.read(path);
    response.setHeader("ETag", `"${etag}"`);
    if (isCached(request, etag)) return response.writeHead(304).end();
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": bytes.length });
    return response.end(bytes);
  }

  async #write(path, request, response, send) {
    if (this.#readOnly) throw readOnlyRefusal();
    const expected = conditionOf(request);
    assertSessionName(path);
    const bytes = await readBody(request, response, FILE_LIMIT);
    assertSession(path, bytes);
    const etag = await this.#source.swap(path, expected, bytes);
    return send(200, { etag }, { ETag: `"${etag}"` });
  }

  async #output(path, request, response) {
    if (!this.#source.hasOutputs) throw new Refusal(404, { code: "not_found", message: "No outputs here: the sessions are not stored in a folder." });
    return sendOutput(this.#source, path, request, response);
  }

  #git() {
    if (this.#repository !== undefined) return this.#repository;
    throw new Refusal(404, { code: "no_repository", message: "This folder is in no git repository, or git is not installed." });
  }

  async #head(path, response) {
    assertSessionName(path);
    const bytes = await this.#git().head(path);
    // A new file is no error, and browsers report every answer of 404 as one.
    if (bytes === undefined) return response.writeHead(204).end();
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": bytes.length });
    return response.end(bytes);
  }

  async #commit(request, response, send) {
    if (this.#readOnly) throw readOnlyRefusal();
    const { paths, message } = await readCommand(request, response);
    // A hook may say nothing for long.
    request.socket.setTimeout(0);
    return send(200, await this.#git().commit(paths, message));
  }

  async #push(request, send) {
    if (this.#readOnly) throw readOnlyRefusal();
    request.socket.setTimeout(0);
    return send(200, await this.#git().push());
  }
}

/** Returns the ETag that a file must have to be written, or null for one that must be new. */
function conditionOf({ headers }) {
  const match = etagsIn(headers["if-match"]);
  if (etagsIn(headers["if-none-match"]) === "*" && match === undefined) return null;
  if (Array.isArray(match) && match.length === 1) {
    if (/^[0-9a-f]{64}$/u.test(match[0])) return match[0];
    throw badCommand(400, "If-Match must be an ETag of this server.");
  }
  const message = "The request does not say which version of the file it overwrites.";
  throw new Refusal(428, { code: "no_condition", message, hint: "Send If-Match with its ETag, or If-None-Match: * for a new file." });
}

function assertSessionName(path) {
  if (/\.json$/u.test(path) && !path.split("/").at(-1).startsWith(".")) return;
  const message = `${path} is not a session file: its name must end in .json and not begin with a dot.`;
  throw new Refusal(422, { code: "not_a_session", message });
}

function assertSession(path, bytes) {
  try {
    assertSessionBytes(bytes);
  } catch (error) {
    if (!(error instanceof CallboardError) || error.code === "out_of_memory") throw error;
    const { message, line, column } = error;
    throw new Refusal(422, { code: "not_a_session", message: `${path} was not saved, as it would not be a session: ${message}` }, { more: { line, column } });
  }
}
