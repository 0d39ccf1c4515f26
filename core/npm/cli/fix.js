// Certain corrections of session files.
import { createInterface } from "node:readline/promises";

import { CallboardError, Session } from "callboard";

import { read, replace, resolved } from "../store/files.js";
import { lockOf, takeLock } from "../store/lock.js";

/** The most corrections of one file: each makes at least one diagnostic go. */
const MOST = 1000;

/** A text with every certain correction made, the diff of that and what was corrected; undefined where nothing is. */
export function corrected(text, path) {
  const session = Session.parse(text);
  try {
    const titles = [];
    while (titles.length < MOST) {
      const found = session.diagnostics().find(({ fix }) => fix !== null);
      if (found === undefined || !session.fix(found)) break;
      titles.push(found.fix.title);
    }
    if (titles.length === 0) return undefined;
    return { text: session.toString(), diff: session.diff({ path: path.replace(/^\/+/u, "") }), titles, left: session.diagnostics() };
  } finally {
    session.free();
  }
}

/** Writes a corrected text in the place of the one that was read; throws where the file has changed since. */
export async function write(path, before, after) {
  const expected = Buffer.from(before);
  const target = await resolved(path);
  const unchanged = async () => (await read(target))?.bytes.equals(expected) ?? false;
  const lock = await takeLock(lockOf(target));
  try {
    if (await replace(target, after, async () => (await lock.isHeld()) && (await unchanged()))) return;
  } finally {
    await lock.release();
  }
  const message = `${path} was not corrected: another program has changed it meanwhile.`;
  throw new CallboardError({ code: "unwritable", message, hint: "Run the command again." });
}

/** Asks a person at the terminal; where there is none, the command line has said it all. */
export async function agreed(question) {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // The end of the input is no agreement.
  const ended = new Promise((resolve) => lines.once("close", () => resolve("")));
  try {
    return /^y(es)?$/iu.test((await Promise.race([lines.question(`${question} [y/N] `), ended])).trim());
  } finally {
    lines.close();
  }
}
