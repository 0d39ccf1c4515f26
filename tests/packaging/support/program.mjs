// A program that uses every entry of the package, and its expected output in every runtime.
import { spawnSync } from "node:child_process";

const body = `
const now = "2024-08-11T14:30:00Z";

async function main() {
  const session = Session.initialize({ episode: 1, topic: "tides" }, { now });
  const store = new MemoryStore({ sessions: [session.toString()], now: () => now });
  const { next } = await runAgent(store, session.id, "research_coordinator", async () => ({ cost: 1 }));
  const { average_cost } = dashboard([session], { now });
  let code;
  try {
    session.apply({ type: "start", agent: "script_writer" }, { now });
  } catch (error) {
    code = error instanceof CallboardError && error.code;
  }
  const importer = new Importer();
  importer.add("a.json", new TextEncoder().encode('{"session_id": "ep_9", "status": "failed"}'));
  const { sessions } = importer.finish();
  const missing = await importFolder("none").catch((error) => error instanceof CallboardError && error.code);
  console.log(session.id, next.agent, average_cost.n, code, new FileStore("a").folder.endsWith("a"), sessions[0].state.value, missing);
}

main();
`;

/** The program as a module. */
export const imports = `
import { CallboardError, Session, dashboard } from "callboard";
import { Importer } from "callboard/import";
import { importFolder } from "callboard/import/node";
import { MemoryStore } from "callboard/memory";
import { FileStore, runAgent } from "callboard/node";
${body}`;

/** The program as CommonJS. */
export const requires = `
const { CallboardError, Session, dashboard } = require("callboard");
const { Importer } = require("callboard/import");
const { importFolder } = require("callboard/import/node");
const { MemoryStore } = require("callboard/memory");
const { FileStore, runAgent } = require("callboard/node");
${body}`;

export const PRINTED = { status: 0, stdout: "ep_001_20240811_1430 script_writer 0 wrong_stage true failed folder_not_found\n", stderr: "" };

/** Runs a command, and returns its output for comparison with `PRINTED`. */
export function run(cwd, command, ...args) {
  const env = { ...process.env, NO_COLOR: "1" };
  delete env.FORCE_COLOR;
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", env });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
