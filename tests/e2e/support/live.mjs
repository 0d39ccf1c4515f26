// Folders with real sessions, the agents that write them, and Callboard's local server over them.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { App } from "../pages/app.mjs";
import { DIST } from "./suite.mjs";

const run = promisify(execFile);

/** The folder of the built npm package. */
export const PACKAGE = process.env.CALLBOARD_PACKAGE;
if (!PACKAGE) throw new Error("CALLBOARD_PACKAGE does not say where the package is: run the tests as `cargo xtask test e2e`.");

const load = (path) => import(pathToFileURL(join(PACKAGE, path)));
const node = await load("store/node.js");

/** The package's class of one session. */
export const { Session } = await load("inline.js");
/** The package's store of a folder. */
export const { FileStore } = node;

/** Names of the agents, in the order of the stages. */
export const AGENTS = ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"];

/** A temporary folder with sessions in `sessions/`, their outputs, and perhaps a git repository around them. */
export class LiveFolder {
  /** Store of the sessions, as agents use it. */
  store;

  /**
   * @param {string} dir
   * @param {string[]} ids of its sessions, in the order of their episodes
   */
  constructor(dir, ids) {
    this.dir = dir;
    this.ids = ids;
    this.store = new FileStore(this.file("sessions"));
  }

  /** Returns the path of a session's file in the folder. */
  path(id) {
    return `sessions/${id}.json`;
  }

  /** Returns the absolute path of a file. */
  file(path) {
    return join(this.dir, path);
  }

  /** Returns the text of a session's file. */
  text(id) {
    return readFile(this.file(this.path(id)), "utf8");
  }

  async write(path, bytes) {
    await mkdir(dirname(this.file(path)), { recursive: true });
    await writeFile(this.file(path), bytes);
  }

  /** Updates a session like an agent. */
  update(id, agent, event) {
    return this.store.updateSessionState(id, agent, event);
  }

  /** Runs git in the folder, and returns what it prints. */
  async git(...args) {
    const { stdout } = await run("git", args, { cwd: this.dir, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  close() {
    // A server or an agent may still write.
    return rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Returns the files of sessions at work, by path, and their ids. Session n is of episode n; its topic is "Topic n".
 * Odd ones have finished research and are at writing, even ones are at research.
 *
 * @param {number} count
 * @param {number} [now] the time of the latest session
 */
export function liveSessions(count, now = Date.now()) {
  const files = {};
  const ids = [];
  for (let number = 1; number <= count; number++) {
    const at = (minutes) => new Date(now - (count - number) * 1000 - (20 - minutes) * 60_000);
    const session = Session.initialize({ episode: number, topic: `Topic ${number}` }, { now: at(0) });
    const { id } = session;
    session.apply({ type: "start", agent: AGENTS[0], key: `research-${number}` }, { now: at(1) });
    if (number % 2 === 1) {
      const output = `outputs/${id}/research.md`;
      session.apply({ type: "complete", agent: AGENTS[0], cost: 0.8, quality_score: 0.9, output_file: output }, { now: at(11) });
      session.apply({ type: "start", agent: AGENTS[1], key: `writing-${number}` }, { now: at(12) });
      files[output] = `# Research for episode ${number}\n\nSome *words* and a list:\n\n- one\n- two\n`;
    }
    ids.push(id);
    files[`sessions/${id}.json`] = session.toString();
    session.free();
  }
  return { ids, files };
}

/**
 * Makes a temporary folder with sessions made by the package.
 *
 * @param {object} [options]
 * @param {number} [options.sessions] how many
 * @param {boolean} [options.git] makes it a git repository with its files committed, and an author
 * @returns {Promise<LiveFolder>}
 */
export async function makeRepository({ sessions = 50, git = false } = {}) {
  const { ids, files } = liveSessions(sessions);
  const dir = await mkdtemp(join(tmpdir(), "callboard-live-"));
  await mkdir(join(dir, "sessions"));
  const folder = new LiveFolder(dir, ids);
  for (const [path, text] of Object.entries(files)) await folder.write(path, text);
  if (git) {
    await folder.git("init", "--quiet", "--initial-branch=main");
    // Git must not convert bytes or ask for a key, whatever its configuration.
    const settings = { "core.autocrlf": "false", "commit.gpgsign": "false", "user.name": "Pat Producer", "user.email": "pat@localhost" };
    for (const [name, value] of Object.entries(settings)) await folder.git("config", name, value);
    await folder.git("add", "--all");
    await folder.git("commit", "--quiet", "--message=Before");
  }
  return folder;
}

/**
 * Serves a folder by Callboard's local server.
 *
 * @param {LiveFolder} folder
 * @param {object} [options] of the package's `serve`
 * @returns {Promise<{url: string, origin: string, port: number, close: () => Promise<void>}>}
 */
export const serveFolder = (folder, options) => node.serve(folder.dir, { installed: PACKAGE, app: DIST, port: 0, ...options });

/**
 * Starts Callboard's server over a folder as its users do, in a process of its own.
 *
 * @param {string} dir
 * @param {object} [options]
 * @param {number} [options.port] 0 for any
 * @returns {Promise<{url: string, pid: number, kill: () => Promise<void>}>}
 */
export async function startCallboard(dir, { port = 0 } = {}) {
  const server = spawn(process.execPath, [join(PACKAGE, "cli/callboard.js"), "open", dir, "--no-open", "--port", String(port)]);
  const ended = once(server, "close");
  let output = "";
  const url = await new Promise((resolve, reject) => {
    const read = (data) => {
      output += data;
      const found = /http:\/\/\S+token=\S+/.exec(output);
      if (found) resolve(found[0]);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    ended.then(() => reject(new Error(`the server ended: ${output}`)), reject);
  });
  const kill = async () => {
    server.kill("SIGKILL");
    await ended;
  };
  return { url, pid: server.pid, kill };
}

/**
 * Makes a folder with sessions and serves it until the visit's pages are closed: a page whose server is gone complains.
 *
 * @param {import("./suite.mjs").Visit} visit
 * @param {object} [options] of `makeRepository`, and of the package's `serve`
 */
export async function serveRepository({ atEnd }, { sessions, git, ...options } = {}) {
  const folder = await makeRepository({ sessions, git });
  atEnd(() => folder.close());
  const server = await serveFolder(folder, options);
  atEnd(() => server.close());
  return { folder, server };
}

/**
 * Opens the app at a local server's address, in a guarded tab.
 *
 * @param {import("./suite.mjs").Visit["open"]} open
 * @param {{url: string, origin: string}} server
 * @param {string} [path]
 */
export const openServed = (open, server, path = "#/sessions") => App.open((path) => open(path, undefined, server), path);
