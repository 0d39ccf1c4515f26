import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { CallboardError, Session } from "callboard";

import { readIfThere } from "../store/files.js";
import { isSystems, unreadable } from "../store/system.js";
import { JSON_OPTION } from "./options.js";
import { json, plain } from "./style.js";

const COLOURS = { error: "red", warning: "yellow", info: "dim" };

export const validate = {
  usage: "validate <path>...",
  summary: "check session files",
  about: "Checks session files, and folders of them: what cannot be read, what is contradicted, what was guessed.",
  more: `Exit code 1 means that at least one file has an error; warnings alone do not count. Exit code 3 means that a path
leads to nothing to check; the others are checked all the same.`,
  arguments: { least: 1, most: Infinity },
  options: { json: JSON_OPTION },
  async run({ values, positionals, out, paint }) {
    const reports = [];
    const missing = [];
    for (const path of positionals) {
      try {
        for (const file of await expand(path)) reports.push({ file, diagnostics: await diagnose(file) });
      } catch (error) {
        if (!(error instanceof CallboardError)) throw error;
        missing.push({ file: path, diagnostics: [fault(error)] });
      }
    }
    const wrong = reports.filter(({ diagnostics }) => diagnostics.some(({ severity }) => severity === "error"));
    if (values.json) out(json([...reports, ...missing], 2));
    else {
      for (const { file, diagnostics } of plain(reports)) {
        for (const { severity, code, message, line, column } of diagnostics) {
          out(`${file}:${line}:${column}: ${paint(COLOURS[severity], severity)}: ${message} [${code}]`);
        }
      }
      for (const { diagnostics: [{ message }] } of plain(missing)) process.stderr.write(`callboard: ${message}\n`);
      if (reports.length > 0 || missing.length === 0) {
        out(`${reports.length} ${reports.length === 1 ? "file" : "files"}, ${wrong.length} with errors.`);
      }
    }
    if (missing.length > 0) return "failed";
    return wrong.length === 0 ? "done" : "found";
  },
};

/** The files that a path names: a folder's session files, in order. */
async function expand(path) {
  const nothing = (message) => new CallboardError({ code: "session_not_found", message });
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => /^[^.].*\.json$/.test(name));
    if (names.length === 0) throw nothing(`There are no session files in ${path}.`);
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    if (error.code === "ENOENT") {
      // A link to nothing is said to be one.
      await readIfThere(path);
      throw nothing(`There is no file or folder ${path}.`);
    }
    throw isSystems(error) ? unreadable(error, path) : error;
  }
}

/** What is noticed in a file, or the one thing that keeps it from being read. */
async function diagnose(file) {
  try {
    const bytes = await readIfThere(file);
    // Somebody has removed it since the folder was read.
    if (bytes === undefined) throw new CallboardError({ code: "unreadable", message: "It is not there any more." });
    const session = Session.fromBytes(bytes);
    const found = session.diagnostics();
    session.free();
    return found;
  } catch (error) {
    if (!(error instanceof CallboardError)) throw error;
    return [fault(error)];
  }
}

/** An error as a diagnostic. */
const fault = ({ code, message, line = 1, column = 1 }) => ({
  severity: "error",
  code,
  message,
  path: "",
  line,
  column,
  fix: null,
});
