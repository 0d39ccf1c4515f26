import { readdir, stat, readFile } from "node:fs/promises";
import { join } from "node:path";

import { CallboardError, Session } from "callboard";

import { JSON_OPTION } from "./options.js";

const COLOURS = { error: "red", warning: "yellow", info: "dim" };

export const validate = {
  usage: "validate <path>...",
  summary: "check session files",
  about: "Checks session files, and folders of them: what cannot be read, what is contradicted, what was guessed.",
  more: "Exit code 1 means that at least one file has an error; warnings alone do not count.",
  arguments: { least: 1, most: Infinity },
  options: { json: JSON_OPTION },
  async run({ values, positionals, out, paint }) {
    const reports = [];
    for (const path of await expand(positionals)) reports.push({ file: path, diagnostics: diagnose(await readFile(path)) });
    const wrong = reports.filter(({ diagnostics }) => diagnostics.some(({ severity }) => severity === "error"));
    if (values.json) {
      out(JSON.stringify(reports, null, 2));
      return wrong.length === 0;
    }
    for (const { file, diagnostics } of reports) {
      for (const { severity, code, message, line, column } of diagnostics) {
        out(`${file}:${line}:${column}: ${paint(COLOURS[severity], severity)}: ${message} [${code}]`);
      }
    }
    out(`${reports.length} ${reports.length === 1 ? "file" : "files"}, ${wrong.length} with errors.`);
    return wrong.length === 0;
  },
};

/** The files that paths name: a folder's session files, in order. */
async function expand(paths) {
  const files = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) files.push(path);
    else for (const name of (await readdir(path)).sort()) if (/^[^.].*\.json$/.test(name)) files.push(join(path, name));
  }
  return files;
}

/** What is noticed in a file, or the one thing that keeps it from being read. */
function diagnose(bytes) {
  try {
    const session = Session.fromBytes(bytes);
    const found = session.diagnostics();
    session.free();
    return found;
  } catch (error) {
    if (!(error instanceof CallboardError)) throw error;
    const { code, message, line = 1, column = 1 } = error;
    return [{ severity: "error", code, message, path: "", line, column, fix: null }];
  }
}
