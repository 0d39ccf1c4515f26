// An agent that works on the sessions of a folder while a producer does: a process of its own, as in a production.
// node agent.mjs <folder of sessions> <ids, joined by commas> <updates a second>
//
// Most updates go through the package; now and then one is made by `JSON.stringify` over the file, as careless programs
// do. Writes each update that is done to standard output, a line each: the session and the update's name. Ends on SIGTERM.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { FileStore } = await import(pathToFileURL(join(process.env.CALLBOARD_PACKAGE, "store/node.js")));
const [folder, list, rate] = process.argv.slice(2);
const store = new FileStore(folder);
const ids = list.split(",");

/** Every this many updates one is made without the package. */
const CARELESS_EVERY = 23;

let ended = false;
process.once("SIGTERM", () => (ended = true));

/** Adds a note to a session by reading its file as JSON and writing it whole. */
function writeOver(id, name) {
  const path = join(folder, `${id}.json`);
  const session = JSON.parse(readFileSync(path, "utf8"));
  session.notes = { ...session.notes, [name]: true };
  const text = `${JSON.stringify(session, undefined, 2)}\n`;
  if (Math.random() < 0.5) return writeFileSync(path, text);
  // As editors save.
  const temporary = `${path}.tmp-${process.pid}`;
  const file = openSync(temporary, "w");
  writeFileSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}

const began = Date.now();
const running = new Set();
for (let count = 0; !ended; count++) {
  const due = began + (count * 1000) / Number(rate);
  const wait = due - Date.now();
  if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  const isCareless = count % CARELESS_EVERY === CARELESS_EVERY - 1;
  // A program that writes whole files without a lock may lose what is saved at that very moment: the last sessions are its
  // own.
  const of = isCareless ? ids.slice(-10) : ids.slice(0, -10);
  const id = of[(count * 7) % of.length];
  const name = `agent-${count}`;
  // The first half of the sessions is the agents' own; the producer works on all of them.
  const agent = Number(id.split("_")[1]) % 2 === 1 ? "script_writer" : "research_coordinator";
  const update = async () => {
    if (isCareless) writeOver(id, name);
    else await store.apply(id, { type: "progress", agent, key: name, cost: 0.001 });
    process.stdout.write(`${JSON.stringify({ id, name })}\n`);
  };
  const run = update().catch((error) => process.stdout.write(`${JSON.stringify({ id, name, error: error.message })}\n`));
  running.add(run);
  void run.finally(() => running.delete(run));
}
await Promise.all(running);
