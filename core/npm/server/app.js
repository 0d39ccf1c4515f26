// The built app, served from memory: it is small, and nothing outside of it can be asked for.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, relative, sep } from "node:path";

import { CallboardError } from "../error.js";
import { isSystems, unreadable } from "../store/system.js";
import { etagOf, isCached } from "./etag.js";
import { pagePolicy } from "./policy.js";
import { Refusal } from "./refusal.js";

/** Content types of the app's files. */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Finds the installed package from the running program, or from the working folder: a module that may have been bundled
 * does not know where its files are.
 */
export function packageFolder() {
  for (const from of [process.argv[1], join(process.cwd(), "package.json")]) {
    try {
      return dirname(createRequire(from).resolve("callboard/package.json"));
    } catch {
      // It is not installed there.
    }
  }
  return undefined;
}

/** The files of the built app. */
export class App {
  #files = new Map();
  /** Content security policy of its page. */
  policy;

  /** Reads the app in a folder; the page tells it the version of the server. */
  constructor(folder, version) {
    for (const path of filesIn(folder)) {
      const name = relative(folder, path).split(sep).join("/");
      let bytes = readFileSync(path);
      if (name === "index.html") {
        const html = bytes.toString("utf8");
        this.policy = pagePolicy(html);
        bytes = Buffer.from(html.replace("<head>", `<head>\n<meta name="callboard-server" content="${version}">`));
      }
      const type = TYPES[extname(name)] ?? "application/octet-stream";
      this.#files.set(`/${name}`, { bytes, type, etag: `"${etagOf(bytes)}"` });
    }
    if (this.policy === undefined) throw appNotFound(folder);
    this.#files.set("/", this.#files.get("/index.html"));
  }

  /** Answers a request for a file of the app. */
  answer(path, request, response) {
    const file = this.#files.get(path);
    if (file === undefined) throw new Refusal(404, { code: "not_found", message: "There is no such page here." });
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("ETag", file.etag);
    if (isCached(request, file.etag.slice(1, -1))) return response.writeHead(304).end();
    response.writeHead(200, { "Content-Type": file.type, "Content-Length": file.bytes.length });
    response.end(request.method === "HEAD" ? undefined : file.bytes);
  }
}

function filesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  } catch (error) {
    if (error.code === "ENOENT") throw appNotFound(folder);
    throw isSystems(error) ? unreadable(error, folder) : error;
  }
}

/** The error for a server without the files of the app. */
export function appNotFound(folder) {
  const where = folder === undefined ? "The package callboard, which holds the app," : `The app in ${folder}`;
  const message = `${where} was not found.`;
  return new CallboardError({ code: "file_not_found", message, hint: "Install callboard again, or name the folder of the built app." });
}
