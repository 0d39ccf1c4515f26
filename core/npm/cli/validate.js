import { stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { buffer } from "node:stream/consumers";

import { CallboardError, Session, parseConfig } from "callboard";

import { CONFIG } from "../store/config.js";
import { read } from "../store/files.js";
import { isSystems, unreadable } from "../store/system.js";
import { jsonFilesBelow } from "../store/walk.js";
import { agreed, corrected, write } from "./fix.js";
import { JSON_OPTION } from "./options.js";
import { complain } from "./output.js";
import { damages, repairs } from "./list-tree.js";
import { json, plain } from "./style.js";
import { SHAPES, importTree } from "./tree.js";
import { UsageError } from "./usage.js";

const COLOURS = { error: "red", warning: "yellow", info: "dim" };

/** Number of files that are listed as no sessions. */
const MAX_LISTED = 10;

/** Codes of files that are no sessions and are not meant to be. */
const OTHERS = ["not_a_session", "template"];

/** Sign of a session in a text that cannot be read as JSON. */
const SESSIONS_SIGN = /"(?:session_id|pipeline_state|agent_outputs|cost_tracking)"/u;

export const validate = {
  usage: "validate <path>... [--fix]",
  summary: "check session files",
  about: `Checks session files, and those in folders and below, for unreadable text, contradictions and guesses. The path -
is standard input.`,
  more: `In a folder, hidden files and node_modules are skipped, and files that are no sessions are not errors.
The files of other pipelines are read as "callboard list <tree>" reads them; unreadable files are listed with what was found
and what to do. Sessions in archives, in lists and one per line are checked too, and are not corrected.

--fix makes the certain corrections and keeps every other byte. It shows them as a diff first and, at a terminal, asks.
For standard input, the corrected text goes to standard output and everything else to standard error.

Exit code 1 means that at least one file has an error; warnings do not count, and neither do unreadable files without a sign
of a session. Exit code 3 means that a path has nothing
to check; the other paths are checked all the same.`,
  arguments: { least: 1, most: Infinity },
  options: {
    fix: { type: "boolean", about: "make the certain corrections, after showing them" },
    "dry-run": { type: "boolean", about: "with --fix: only show them" },
    shapes: SHAPES,
    yes: { type: "boolean", short: "y", about: "with --fix: do not ask" },
    json: JSON_OPTION,
  },
  async run({ values, positionals, out, output, paint }) {
    for (const name of ["dry-run", "yes"]) {
      if (values[name] && !values.fix) throw new UsageError(`--${name} needs --fix.`, "See --help.");
    }
    const checked = await check(positionals, values);
    const fromInput = positionals.includes("-");
    if (values.fix) await fix(checked, { values, fromInput, out, output, paint });
    const summary = summaryOf(checked);
    if (values.json) {
      const files = checked.files.map(({ file, session_id, diagnostics, fixed, text, refused }) => ({
        file,
        session_id,
        diagnostics,
        ...(values.fix && { fixed: fixed?.titles ?? [] }),
        ...(values.fix && file === "-" && !refused && { text: fixed?.text ?? text }),
      }));
      out(json({ files, not_sessions: checked.others, foreign: checked.foreign, damaged: checked.damaged, missing: checked.missing, summary }, 2));
    } else {
      // Standard output is then for the corrected text.
      const say = values.fix && fromInput ? (line) => process.stderr.write(`${line}\n`) : out;
      tell(checked, summary, say, paint);
    }
    if (checked.missing.length > 0) return "failed";
    return summary.errors === 0 ? "done" : "found";
  },
};

/** Checks the files at the paths; returns session files, other files, and missing paths. */
async function check(paths, values) {
  const found = { files: [], others: [], foreign: [], damaged: [], troubles: [], skipped: 0, missing: [] };
  for (const path of paths) {
    try {
      if (path === "-") found.files.push(diagnose("-", await buffer(process.stdin)));
      else if (await isFolder(path)) await checkFolder(path, values, found);
      else found.files.push(await diagnoseFile(path));
    } catch (error) {
      if (!(error instanceof CallboardError)) throw error;
      found.missing.push({ file: path, code: error.code, message: error.message });
    }
  }
  return found;
}

async function isFolder(path) {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error.code === "ENOENT") {
      // Reading a link to nothing throws an error that says so.
      await read(path);
      throw nothing(`There is no file or folder ${path}.`);
    }
    throw isSystems(error) ? unreadable(error, path) : error;
  }
}

async function checkFolder(folder, values, found) {
  const before = found.files.length + found.others.length + found.foreign.length;
  const tree = await importTree(folder, values);
  try {
    addImported(tree, found);
    await checkFiles(tree, found);
    await checkPacked(tree, found);
  } finally {
    tree.free();
  }
  if (found.files.length + found.others.length + found.foreign.length === before) throw nothing(`There are no session files in ${folder}.`);
}

/** Adds the files of other pipelines' sessions, the damaged ones and the repairs to the findings. */
function addImported({ folder, found: { files, sessions, skipped }, unread }, found) {
  const inFolder = (file) => ({ ...file, path: join(folder, file.path) });
  const named = { files: files.map(inFolder), unread: unread.map(inFolder) };
  for (const { path, group, why, shapes, sessions: told, broken } of named.files) {
    if (told.length > 0) found.foreign.push({ file: path, group, why, shapes, sessions: told.map((at) => sessions[at].key) });
    if (group === "damaged") found.damaged.push({ file: path, code: broken, message: why });
  }
  // A JSON file that cannot be read is an error of its own.
  const archives = named.unread.filter(({ path }) => !path.endsWith(".json"));
  found.damaged.push(...archives.map(({ path, code, message }) => ({ file: path, code, message })));
  found.troubles.push(...damages(named), ...repairs(named));
  found.skipped += skipped;
}

/** Checks the JSON files of a tree that are, or may be meant as, sessions of callboard. */
async function checkFiles(tree, found) {
  const places = new Map(tree.found.files.map((place) => [place.path, place]));
  const own = ownByPath(tree);
  try {
    for await (const path of jsonFilesBelow(tree.folder)) {
      const name = relative(tree.folder, path).split(sep).join("/");
      const place = places.get(name);
      if (place?.sessions.length > 0 || isPacked(tree, name, own.get(name))) continue;
      if (isKnownAsOther(place, own) && basename(path) !== CONFIG) {
        found.others.push({ file: path, code: "not_a_session", message: place.why });
        continue;
      }
      const report = await diagnoseFile(path);
      const [{ code, message } = {}] = report.diagnostics;
      if (isOther(report)) found.others.push({ file: path, code, message });
      else found.files.push(report);
      // There may be thousands of files: only texts that can be corrected stay in memory.
      if (report.refused) report.text = undefined;
    }
  } catch (error) {
    throw isSystems(error) ? unreadable(error, error.path ?? tree.folder) : error;
  }
}

/** Returns callboard's own sessions by the paths of their files. */
function ownByPath({ found: { own, files } }) {
  const byPath = new Map();
  for (const session of own) {
    const { path } = files[session.file];
    byPath.set(path, [...(byPath.get(path) ?? []), session]);
  }
  return byPath;
}

/** True for sessions that are no files of their own: in an archive, in a list, or one a line. */
const isPacked = (tree, path, sessions = []) =>
  sessions.length > 0 && (tree.archiveOf(path) !== undefined || sessions.some(({ index }) => index !== null));

/** True for a file of which the import knows that it is no session of callboard. A damaged text may be meant as one. */
const isKnownAsOther = (place, own) =>
  place?.repairs.length === 0 && (place.shapes.length > 0 || place.group === "not_ours") && !own.has(place.path);

/** Checks sessions in archives, lists and lines; they cannot be corrected in their place. */
async function checkPacked(tree, found) {
  const packed = new Map([...ownByPath(tree)].filter(([path, sessions]) => isPacked(tree, path, sessions)));
  const add = (path, bytes, place) => {
    const { file, session_id, diagnostics, refused } = diagnose(join(tree.folder, path), bytes);
    found.files.push({ file, session_id, diagnostics: diagnostics.map(place), refused });
  };
  const whole = [];
  for (const [path, sessions] of packed) {
    for (const { text, line, file } of sessions) {
      if (text === null) whole.push(path);
      else add(path, Buffer.from(text), placed(line, tree.found.files[file]));
    }
  }
  for await (const { path, bytes } of tree.read(whole)) add(path, Buffer.from(bytes), (diagnostic) => diagnostic);
}

/** Moves a diagnostic of a session to its place in a file of several. */
function placed(first, { repairs }) {
  // An element of a list may begin anywhere in its line.
  const isListed = repairs.some(({ code }) => code === "list");
  return (diagnostic) => {
    const { line, column } = diagnostic;
    return { ...diagnostic, line: first + line - 1, column: isListed && line === 1 ? 1 : column };
  };
}

const nothing = (message) => new CallboardError({ code: "session_not_found", message });

/** True for a file in a folder that is not meant to be a session. */
function isOther({ file, text, refused, diagnostics: [first] }) {
  if (!refused || basename(file) === CONFIG) return false;
  if (OTHERS.includes(first.code)) return true;
  return text !== undefined && !SESSIONS_SIGN.test(text);
}

async function diagnoseFile(file) {
  try {
    const bytes = (await read(file))?.bytes;
    // The file was removed after the folder was read.
    if (bytes === undefined) throw new CallboardError({ code: "unreadable", message: "The file has been removed." });
    return diagnose(file, bytes);
  } catch (error) {
    if (!(error instanceof CallboardError)) throw error;
    return { file, session_id: null, diagnostics: [fault(error)], refused: true };
  }
}

/** Returns the diagnostics of a file; for an unreadable one, its error as the only diagnostic. */
function diagnose(file, bytes) {
  try {
    if (basename(file) === CONFIG) return checkConfig(file, bytes);
    const session = Session.fromBytes(bytes);
    try {
      const diagnostics = session.diagnostics();
      const text = file === "-" || diagnostics.some(({ fix }) => fix !== null) ? session.toString() : undefined;
      return { file, session_id: session.id ?? null, diagnostics, text };
    } finally {
      session.free();
    }
  } catch (error) {
    if (!(error instanceof CallboardError)) throw error;
    return { file, session_id: null, diagnostics: [fault(error)], text: bytes.toString("utf8"), refused: true };
  }
}

/** Checks a `callboard.json`, which has no diagnostics if it can be read. */
function checkConfig(file, bytes) {
  parseConfig(bytes.toString("utf8"), {});
  return { file, session_id: null, diagnostics: [] };
}

/** Converts an error to a diagnostic. */
const fault = ({ code, message, line = 1, column = 1 }) => ({
  severity: "error",
  code,
  message,
  path: "",
  line,
  column,
  fix: null,
});

/** Shows the certain corrections of the files, and makes them. */
async function fix({ files, missing }, { values, fromInput, out, output, paint }) {
  const due = files.filter(({ text, refused }) => text !== undefined && !refused).flatMap((report) => {
    const correction = corrected(report.text, report.file === "-" ? "session.json" : report.file);
    return correction === undefined ? [] : [{ report, ...correction }];
  });
  const show = fromInput ? (text) => process.stderr.write(text) : out;
  if (!values.json) for (const { diff } of due) show(coloured(plainLines(diff), paint));
  const count = due.reduce((sum, { titles }) => sum + titles.length, 0);
  const asked = !values.json && !values.yes && !fromInput && count > 0;
  const question = `Make ${number(count, "correction")} in ${number(due.length, "file")}?`;
  const go = !values["dry-run"] && (!asked || (await agreed(question)));
  for (const { report, text, titles, left } of due) {
    if (!go) continue;
    try {
      if (report.file !== "-") await write(report.file, report.text, text);
      Object.assign(report, { fixed: { titles, text }, diagnostics: left });
    } catch (error) {
      if (!(error instanceof CallboardError)) throw error;
      missing.push({ file: report.file, code: error.code, message: error.message });
    }
  }
  if (fromInput && !values.json) {
    for (const { file, fixed, text, refused } of files) if (file === "-" && !refused) output.raw(fixed?.text ?? text);
  }
}

/** Escapes control characters in a diff, line by line. */
const plainLines = (diff) => diff.split("\n").map(plain).join("\n");

const DIFF_COLOURS = { "+": "green", "-": "red", "@": "cyan" };

const coloured = (diff, paint) =>
  diff.replace(/^(?:--- |\+\+\+ |[-+@]).*$/gmu, (line) => paint(/^(?:---|\+\+\+) /u.test(line) ? "bold" : DIFF_COLOURS[line[0]], line));

function summaryOf({ files, others, foreign, damaged, skipped }) {
  const having = (severity) => files.filter(({ diagnostics }) => diagnostics.some((found) => found.severity === severity)).length;
  return {
    files: files.length,
    errors: having("error"),
    warnings: having("warning"),
    not_sessions: others.length,
    foreign_sessions: new Set(foreign.flatMap(({ sessions }) => sessions)).size,
    foreign_files: foreign.length,
    damaged: damaged.length,
    skipped,
    fixed: files.filter(({ fixed }) => fixed !== undefined).length,
  };
}

const number = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Prints the findings, and a summary at the end. */
function tell({ files, others, foreign, troubles, missing }, summary, say, paint) {
  for (const { file, diagnostics } of plain(files.map(({ file, diagnostics }) => ({ file, diagnostics })))) {
    for (const { severity, code, message, line, column } of diagnostics) {
      say(`${file}:${line}:${column}: ${paint(COLOURS[severity], severity)}: ${message} [${code}]`);
    }
  }
  // The error of a file that is meant to be a session has been said.
  const told = new Set(files.filter(({ refused }) => refused).map(({ file }) => plain(file)));
  for (const { path, line } of troubles) if (!told.has(path)) say(line);
  for (const { message } of missing) complain(message);
  if (files.length + others.length + foreign.length === 0) return;
  const templates = others.filter(({ code }) => code === "template").length;
  const parts = [`${number(summary.files, "file")}, ${summary.errors} with errors, ${summary.warnings} with warnings`];
  if (summary.fixed > 0) parts.push(`${summary.fixed} corrected`);
  say(`${parts.join(", ")}.`);
  if (foreign.length > 0) say(`${number(summary.foreign_sessions, "session")} of other pipelines in ${number(foreign.length, "file")}.`);
  if (others.length === 0) return;
  const names = plain(others.slice(0, MAX_LISTED).map(({ file }) => file));
  const more = others.length > MAX_LISTED ? `, and ${others.length - MAX_LISTED} more` : "";
  const kind = templates === 0 ? "" : ` (${number(templates, "template")})`;
  say(`${number(others.length, "file")} skipped as no session${kind}: ${names.join(", ")}${more}.`);
}
