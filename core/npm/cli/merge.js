import { readFile, writeFile } from "node:fs/promises";

import { CallboardError, merge as mergeTexts } from "callboard";

import { JSON_OPTION } from "./options.js";

export const merge = {
  usage: "merge <base> <ours> <theirs> [<path>]",
  summary: "merge two sides of a session file, as a git merge driver",
  about: `Merges what two sides made of one session file, and writes the result to <ours>: costs add up, the history
keeps both sides' entries. Where the two truly conflict, ours stands, and each conflict is said.`,
  more: `As git's merge driver, in .gitattributes:

  projects/nobody-knows/output/sessions/*.json merge=callboard

and once in each clone:

  git config merge.callboard.name "sessions, by key and entry"
  git config merge.callboard.driver "npx callboard merge %O %A %B %P"

Exit code 1 tells git that there are conflicts: the file then holds our side of each.`,
  arguments: { least: 3, most: 4 },
  options: { json: JSON_OPTION },
  async run({ values, positionals: [base, ours, theirs, path = ours], out }) {
    const texts = await Promise.all([base, ours, theirs].map((file) => readFile(file, "utf8")));
    const { text, conflicts, diagnostics } = mergeOf(texts, path);
    await writeFile(ours, text);
    const good = conflicts.length === 0 && diagnostics.every(({ severity }) => severity !== "error");
    if (values.json) out(JSON.stringify({ path, conflicts, diagnostics }, null, 2));
    else report(path, conflicts, diagnostics);
    return good;
  },
};

function mergeOf([base, ours, theirs], path) {
  try {
    return mergeTexts(base, ours, theirs);
  } catch (error) {
    if (!(error instanceof CallboardError)) throw error;
    const { code, message } = error;
    const hint = "It cannot be merged by session: git merge-file merges it by lines.";
    throw new CallboardError({ code, message: `${path}: ${message}`, hint, cause: error });
  }
}

/** On standard error, where git shows it. */
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
