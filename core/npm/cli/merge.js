import { readFile, writeFile } from "node:fs/promises";

import { CallboardError, Session, merge as mergeTexts } from "callboard";

import { isSystems, unwritable } from "../store/system.js";
import { JSON_OPTION } from "./options.js";
import { json, plain } from "./style.js";

export const merge = {
  usage: "merge <base> <ours> <theirs> [<path>]",
  summary: "merge two versions of a session file, as a git merge driver",
  about: `Merges two sides' versions of one session file, and writes the result to <ours>: costs add up, and the history
keeps both sides' entries. If both sides changed a value differently, ours is kept and the conflict is reported.`,
  more: `As git's merge driver, in .gitattributes:

  projects/nobody-knows/output/sessions/*.json merge=callboard

and once in each clone:

  git config merge.callboard.name "sessions, by key and entry"
  git config merge.callboard.driver "npx --no -- callboard merge %O %A %B %P"

Exit code 1 tells git that there are conflicts. The file then holds our side of each.`,
  arguments: { least: 3, most: 4 },
  options: { json: JSON_OPTION },
  async run({ values, positionals: [base, ours, theirs, path = ours], out }) {
    const texts = await Promise.all([base, ours, theirs].map(async (file) => decode(await readFile(file), path)));
    const { text, conflicts, diagnostics } = mergeOf(texts, path);
    await writeFile(ours, text).catch((error) => {
      throw isSystems(error) ? unwritable(error, ours) : error;
    });
    const good = conflicts.length === 0 && diagnostics.every(({ severity }) => severity !== "error");
    if (values.json) out(json({ path, conflicts, diagnostics }, 2));
    else report(...plain([path, conflicts, diagnostics]));
    return good ? "done" : "found";
  },
};

/** Base of a file that both sides have added, for which git passes an empty text: a session without content. */
const EMPTY_BASE = '{"cost_tracking": {}}';

function mergeOf([base, ours, theirs], path) {
  return byLinesElse(path, () => mergeTexts(base.trim() === "" ? EMPTY_BASE : base, ours, theirs));
}

// A byte order mark is part of the text, and stays.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes a file's text. One that is not UTF-8 is refused with the place: it could not be written back as it was. */
function decode(bytes, path) {
  try {
    return utf8.decode(bytes);
  } catch {
    return byLinesElse(path, () => Session.fromBytes(bytes).toString());
  }
}

/** Runs `work`; the error for a text that the core cannot read then suggests a merge by lines. */
function byLinesElse(path, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CallboardError)) throw error;
    const { code, message } = error;
    const hint = "It cannot be merged as a session. Merge it by lines: git merge-file.";
    throw new CallboardError({ code, message: `${path}: ${message}`, hint, cause: error });
  }
}

/** Reports conflicts and errors on standard error, which git shows. */
function report(path, conflicts, diagnostics) {
  const shown = (value) => (value === null ? "removed" : value.length > 60 ? `${value.slice(0, 60)}…` : value);
  for (const { path: at, base, ours, theirs } of conflicts) {
    const before = base === null ? "" : ` (was ${shown(base)})`;
    process.stderr.write(`callboard: ${path}: ${at} conflicts: ours ${shown(ours)}, theirs ${shown(theirs)}${before}.\n`);
  }
  for (const { severity, message, line } of diagnostics) {
    process.stderr.write(`callboard: ${path}:${line}: ${severity}: ${message}\n`);
  }
}
