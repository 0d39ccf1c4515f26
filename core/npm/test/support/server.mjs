// The local server over a folder or a store, and a client that has its token.
import { connect } from "node:net";
import { mkdir, writeFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after } from "node:test";

import { serve } from "callboard/node";

import { FIXTURE } from "./cli.mjs";
import { folder } from "./folder.mjs";

/** Text of the session that the tests serve. */
export const TEXT = await readFile(FIXTURE, "utf8");

/** Creates a folder with files of these paths and contents. */
export async function tree(files) {
  const root = await folder();
  for (const [path, contents] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), contents);
  }
  return root;
}

/** Serves a source until the tests of this file end. */
export async function served(source, options = {}) {
  const server = await serve(source, { port: 0, ...options });
  after(() => server.close().catch(() => {}));
  const token = new URL(server.url).searchParams.get("token");
  return client(server, token);
}

/** Client of a server: its requests are those of the page. */
export function client({ origin, port, ...server }, token) {
  const cookie = `callboard-${port}=${token}`;
  const request = (path, { method = "GET", headers = {}, ...rest } = {}) => {
    const own = method === "GET" || method === "HEAD" ? { cookie } : { cookie, origin };
    return fetch(origin + path, { method, headers: { ...own, ...headers }, redirect: "manual", ...rest });
  };
  const put = (path, body, condition) => request(`/api/files/${path}`, { method: "PUT", body, headers: condition });
  return {
    ...server,
    origin,
    port,
    token,
    cookie,
    request,
    json: async (path, options) => (await request(path, options)).json(),
    list: async () => lines(await (await request("/api/files")).text()),
    create: (path, body) => put(path, body, { "if-none-match": "*" }),
    save: (path, body, etag) => put(path, body, { "if-match": `"${etag}"` }),
    post: (path, body) => request(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    events: (after) => follow(request, after),
    raw: (text, options) => raw(port, text, options),
  };
}

const lines = (text) => text.trimEnd().split("\n").map((line) => JSON.parse(line));

/** Follows the events of a server: `until` waits for one, and returns all so far. */
async function follow(request, after) {
  const stop = new AbortController();
  const response = await request(`/api/events${after === undefined ? "" : `?after=${after}`}`, { signal: stop.signal });
  const seen = [];
  let wake = () => {};
  (async () => {
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split("\n").map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]));
        if (fields.event !== undefined) seen.push({ id: Number(fields.id), event: fields.event, ...JSON.parse(fields.data) });
      }
      wake();
    }
  })().catch(() => {});
  return {
    seen,
    response,
    close: () => stop.abort(),
    /** Waits until an event is as wanted; throws after some seconds. */
    async until(wanted, milliseconds = 5000) {
      const end = Date.now() + milliseconds;
      for (;;) {
        const found = seen.find(wanted);
        if (found !== undefined) return found;
        const left = end - Date.now();
        if (left <= 0) throw new Error(`No such event came, only ${JSON.stringify(seen)}.`);
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}

/** Sends bytes to a port as they are, and returns the status and the text of what comes back until the end. */
export function raw(port, text, { wait = 5000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const chunks = [];
    const timer = setTimeout(() => socket.destroy(), wait);
    socket.on("connect", () => socket.write(text));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error) => (chunks.length === 0 ? reject(error) : undefined));
    socket.on("close", () => {
      clearTimeout(timer);
      const answer = Buffer.concat(chunks).toString("latin1");
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/u.exec(answer)?.[1]), text: answer });
    });
  });
}
