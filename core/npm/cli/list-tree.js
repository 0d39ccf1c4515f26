// The sessions and files of a folder of any pipeline, listed.
import { CallboardError, Session } from "callboard";

import { foreignCells } from "./foreign.js";
import { inFolder } from "./open.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, columns, json, money, percentage, plain } from "./style.js";
import { importTree } from "./tree.js";

/** Columns of progress and cost, which are aligned to the right. */
const NUMBERS = [2, 3];

/** Groups of files in the order of the list: their names for one and for several. */
const GROUPS = {
  session: ["session file", "session files"],
  part: ["part of a session", "parts of sessions"],
  report: ["report", "reports"],
  plan: ["plan", "plans"],
  configuration: ["configuration", "configurations"],
  not_ours: ["not recognised", "not recognised"],
  damaged: ["unreadable", "unreadable"],
};

/** Lists the sessions of a tree, and its files by their groups. */
export async function listTree(folder, { values, out, paint }) {
  const store = await inFolder(folder, values);
  const tree = await importTree(folder, values);
  try {
    const { sessions: foreign, files, skipped } = tree.found;
    const sessions = await ownRows(tree, store);
    const { unread } = tree;
    if (values.json) return out(json({ sessions, foreign, files, unread, skipped }, 2));
    const sections = [
      section(count(sessions.length, "session of callboard", "sessions of callboard"), ownTable(plain(sessions), paint), paint),
      section(count(foreign.length, "session of another pipeline", "sessions of other pipelines"), foreignTable(foreign, paint), paint),
      ...(values.files ? fileSections(plain(files), paint) : []),
      section("Unreadable", damages({ files, unread }).map(({ line }) => line), paint),
      section("Repaired to be read", repairs({ files }).map(({ line }) => line), paint),
      summary({ files, unread, skipped }),
    ];
    if (sessions.length + foreign.length === 0) sections.unshift("No sessions.");
    out(sections.filter((text) => text !== "").join("\n\n"));
  } finally {
    tree.free();
  }
}

/** Joins lines under a heading; nothing if there are none. */
function section(heading, lines, paint) {
  return lines.length === 0 ? "" : [paint("bold", heading), ...lines.map((line) => `  ${line}`)].join("\n");
}

const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

const ownTable = (rows, paint) =>
  rows.length === 0 ? [] : columns(rows.map((row) => ownCells(row, paint)), { right: NUMBERS }).split("\n");

const foreignTable = (sessions, paint) =>
  sessions.length === 0 ? [] : columns(sessions.map((session) => foreignCells(session, paint)), { right: NUMBERS }).split("\n");

const ownCells = ({ session_id, state, progress, cost, health, file }, paint) => [
  session_id,
  state === null ? UNKNOWN : paint(STATE_COLOURS[state], state),
  percentage(progress),
  money(cost),
  health === null ? UNKNOWN : paint(HEALTH_COLOURS[health], health),
  paint("dim", file),
];

/** Lists every file with the reason for its group; the damaged ones have a section of their own. */
function fileSections(files, paint) {
  return Object.entries(GROUPS).filter(([group]) => group !== "damaged").map(([group, names]) => {
    const of = files.filter((file) => file.group === group);
    const table = of.length === 0 ? [] : columns(of.map(({ path, why }) => [path, paint("dim", why)])).split("\n");
    return section(count(of.length, ...names), table, paint);
  });
}

/** Returns each file that is damaged or cannot be read, with a line that says why. */
export function damages({ files, unread }) {
  const damaged = files.filter(({ group }) => group === "damaged").map(({ path, why }) => ({ path, line: `${path}: ${why}` }));
  const refused = unread.map(({ path, message }) => ({ path, line: `${path}: ${message}` }));
  return plain([...damaged, ...refused]);
}

/** Returns each repair that was needed to read a file, with a line that says it and where. */
export function repairs({ files }) {
  return plain(
    files.flatMap(({ path, repairs }) =>
      repairs.map(({ line, column, message }) => ({ path, line: `${path}:${line}:${column}: ${message}` })),
    ),
  );
}

/** Returns the numbers of files by group, as one sentence. */
export function summary({ files, unread, skipped }) {
  // Nobody needs to know whether reading or unpacking failed.
  const of = (group) => files.filter((file) => file.group === group).length + (group === "damaged" ? unread.length : 0);
  const counted = Object.entries(GROUPS).map(([group, names]) => [of(group), ...names]).filter(([number]) => number > 0);
  const told = counted.map((part) => count(...part));
  const total = `${count(files.length + unread.length, "file", "files")}${told.length === 0 ? "" : `: ${told.join(", ")}`}.`;
  return skipped === 0 ? total : `${total} ${skipped} in folders of tools skipped.`;
}

/** Returns the rows of callboard's own sessions, in the order of the import. */
async function ownRows(tree, store) {
  const { own, files } = tree.found;
  const rows = own.map(({ id, index, read_only, file }) => ({
    session_id: id,
    file: files[file].path,
    index,
    read_only,
    state: null,
    progress: null,
    cost: null,
    health: null,
  }));
  const byPath = new Map();
  for (const [at, { text, file }] of own.entries()) {
    if (text === null) byPath.set(files[file].path, rows[at]);
    else Object.assign(rows[at], figures(Session.parse(text, { policy: store.policy }), store.now()));
  }
  for await (const { path, bytes } of tree.read(byPath.keys())) {
    try {
      Object.assign(byPath.get(path), figures(Session.fromBytes(bytes, { policy: store.policy }), store.now()));
    } catch (error) {
      // The file has changed since the import: its figures stay unknown.
      if (!(error instanceof CallboardError)) throw error;
    }
  }
  return rows;
}

/** Returns a session's figures, and frees it. */
function figures(session, now) {
  try {
    return {
      state: session.state ?? null,
      progress: session.progress({ now }).progress_percentage,
      cost: session.spending().total,
      health: session.health({ now }).health,
    };
  } finally {
    session.free();
  }
}
