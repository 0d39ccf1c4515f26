// Certain corrections of session files, made and written.
import { createInterface } from "node:readline/promises";

import { CallboardError, Session } from "callboard";

import { revisionOf } from "../store/files.js";
import { lockFile } from "../store/locked-file.js";

/** Limit on the corrections of one file: each settles at least one diagnostic. */
const MAX_FIXES = 1000;

/** Makes every certain correction of a text; returns the text, the diff and the titles, or undefined if there is none. */
export function corrected(text, path) {
  const session = Session.parse(text);
  try {
    const titles = [];
    while (titles.length < MAX_FIXES) {
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

/** Replaces a file's text by the corrected one; throws if the file has changed since it was read. */
export async function write(path, before, after) {
  const lock = await lockFile(path);
  try {
    if (await lock.swap(revisionOf(before), after)) return;
  } finally {
    await lock.release();
  }
  const message = `${path} was not corrected: another program has changed it meanwhile.`;
  throw new CallboardError({ code: "unwritable", message, hint: "Run the command again." });
}

/** Asks a person at the terminal to confirm; without a terminal, the command line is enough. */
export async function agreed(question) {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // The end of the input does not confirm.
  const ended = new Promise((resolve) => lines.once("close", () => resolve("")));
  try {
    return /^y(es)?$/iu.test((await Promise.race([lines.question(`${question} [y/N] `), ended])).trim());
  } finally {
    lines.close();
  }
}
