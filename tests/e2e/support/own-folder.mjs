// A folder of the browser's own (the origin-private file system) in place of one that a picker would open, which cannot be
// driven, and agents that work in it: a page of the same origin with the package.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE, liveSessions } from "./live.mjs";
import { NAME, OpenedFolder, definePlace } from "./opened.mjs";
import { startServer } from "./server.mjs";
import { DIST } from "./suite.mjs";

/** Serves the app, and below /agent/ the package to the agents' page. */
export function startOwnServer() {
  const types = { js: "text/javascript", wasm: "application/wasm" };
  const answer = async ({ url }, response) => {
    if (!url.startsWith("/agent/")) return false;
    const name = url.slice("/agent/".length);
    const type = types[name.split(".").at(-1)];
    response.setHeader("Content-Type", type ?? "text/html");
    response.end(type ? await readFile(join(PACKAGE, name)) : "<!doctype html><title>Agents</title>");
    return true;
  };
  return startServer({ dir: DIST, answer });
}

/** Makes the browser's folder with sessions, and lets the page's picker return it. */
export async function makeOwnFolder(page, sessions) {
  const { ids, files } = liveSessions(sessions);
  await page.evaluateOnNewDocument(definePlace);
  await page.evaluate(definePlace);
  const folder = new OpenedFolder(page, ids);
  await folder.writeAll(files);
  await page.evaluate(async (name) => {
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
    globalThis.showDirectoryPicker = async () => top;
  }, NAME);
  return folder;
}

/** The agents of such a folder, and the updates that they have done. */
export class OwnAgents {
  updates = [];
  #page;
  #done;

  static async begin(page, url, ids, rate) {
    const agents = new OwnAgents();
    agents.#page = page;
    await page.goto(`${url}agent/`);
    agents.#done = page.evaluate(work, NAME, ids, rate);
    // An error is reported at the end.
    agents.#done.catch(() => {});
    return agents;
  }

  async end() {
    await this.#page.evaluate(() => (globalThis.ended = true));
    this.updates = await this.#done;
  }
}

/** Updates sessions until it is told to end. Runs in the agents' page. */
async function work(folder, ids, rate) {
  const { default: init, Session } = await import("/agent/web.js");
  await init();
  const root = await navigator.storage.getDirectory();
  const sessions = await (await root.getDirectoryHandle(folder)).getDirectoryHandle("sessions");
  const read = async (file) => (await file.getFile()).text();
  const write = async (file, text) => {
    const stream = await file.createWritable();
    await stream.write(text);
    await stream.close();
  };
  const updates = [];
  const pending = new Set();
  const began = performance.now();
  for (let count = 0; !globalThis.ended; count++) {
    const wait = began + (count * 1000) / rate - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    const isCareless = count % 23 === 22;
    // A program that writes whole files without a lock may lose what is saved at that very moment. The last sessions are
    // the careless one's alone.
    const of = isCareless ? ids.slice(-10) : ids.slice(0, -10);
    const id = of[(count * 7) % of.length];
    const name = `agent-${count}`;
    const file = await sessions.getFileHandle(`${id}.json`);
    const update = async () => {
      if (isCareless) {
        const session = JSON.parse(await read(file));
        session.notes = { ...session.notes, [name]: true };
        await write(file, JSON.stringify(session, undefined, 2));
      } else {
        // Agents on this machine hold the package's lock file. Here it is the page's own lock.
        await navigator.locks.request(`callboard-write:${folder}/sessions/${id}.json`, async () => {
          const session = Session.parse(await read(file));
          const agent = Number(id.split("_")[1]) % 2 === 1 ? "script_writer" : "research_coordinator";
          session.apply({ type: "progress", agent, key: name, cost: 0.001 }, { now: new Date() });
          await write(file, session.toString());
          session.free();
        });
      }
      updates.push({ id, name });
    };
    const running = update();
    pending.add(running);
    void running.finally(() => pending.delete(running)).catch(() => {});
  }
  await Promise.all(pending);
  return updates;
}
