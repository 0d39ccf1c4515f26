// The session that an argument names: a whole id, the beginning of one, an episode's number, or a file.
import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

import { CallboardError, sessionFileNames } from "callboard";

import { read } from "../store/files.js";
import { nearest } from "../store/nearest.js";
import { inFolder, open } from "./open.js";
import { UsageError } from "./usage.js";

/** The most sessions that an ambiguous name lists. */
const SHOWN = 10;

/**
 * Opens the session that an argument names: the store that has it, and its id. A file may also be outside of the
 * folder: its own folder is the store then.
 */
export async function find(given, values) {
  const file = await fileOf(given);
  if (file !== undefined) return fromFile(file, given, values);
  const store = await open(values);
  return { store, id: await idOf(given, store) };
}

/** The path of an existing file that an argument names; undefined where it is no path, or leads nowhere. */
async function fileOf(given) {
  if (!/[/\\]|\.json$/u.test(given)) return undefined;
  const path = resolve(given);
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? path : undefined;
}

async function fromFile(path, given, values) {
  const store = await inFolder(dirname(path), values);
  const { sessions, broken } = await store.list();
  const name = basename(path);
  const found = sessions.find(({ file }) => file === name);
  if (found?.id !== undefined) return { store, id: found.id };
  const error = broken.find(({ file }) => file === name)?.error;
  if (error !== undefined) throw error;
  // A file whose name is no session file's: a hidden one, or one that has another ending.
  await read(path);
  throw new CallboardError({ code: "not_a_session", message: `${given} has no session_id, so it cannot be named.` });
}

async function idOf(given, store) {
  // A whole id of the framework's leads to its file; any other name takes reading them all.
  if (sessionFileNames(given).length > 0) {
    const found = await ifFound(store.load(given));
    if (found !== undefined) return found.id;
  }
  const { sessions, broken } = await store.list();
  const exact = sessions.filter(({ id }) => id === given);
  const matches = exact.length > 0 || given === "" ? exact : matching(given, sessions);
  if (matches.length === 1) return matches[0].id;
  if (matches.length > 1) throw ambiguous(given, matches);
  const unread = broken.find(({ file }) => file === given || file === `${given}.json`);
  if (unread !== undefined) throw unread.error;
  // The store says best what it has not found, and where.
  return store.load(given).then(
    ({ id }) => id,
    (error) => {
      throw error.code === "session_not_found" ? unknown(error, given, sessions) : error;
    },
  );
}

/** The loaded session; undefined where there is none. */
const ifFound = (loading) =>
  loading.catch((error) => {
    if (error.code !== "session_not_found") throw error;
  });

/** The sessions that a short name means. The first way to read it that finds any decides. */
function matching(given, sessions) {
  const named = sessions.filter(({ id }) => typeof id === "string");
  const stem = given.replace(/\.json$/u, "").toLowerCase();
  const number = /^(?:ep[_-]?)?0*(\d+)$/iu.exec(given)?.[1];
  const ways = [
    ({ file }) => file?.replace(/\.json$/u, "").toLowerCase() === stem,
    ({ id }) => number !== undefined && /^ep[_-]?0*(\d+)(?![\d-])/iu.exec(id)?.[1] === number,
    ({ id }) => folded(id).startsWith(folded(given)),
    ({ file }) => file?.toLowerCase().startsWith(stem),
    ({ text }) => number !== undefined && String(numberIn(text)) === number,
  ];
  for (const way of ways) {
    const found = named.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}

const folded = (id) => id.toLowerCase().replaceAll("-", "_");

/** The episode's number that a file states. */
function numberIn(text) {
  const { episode, episode_number } = JSON.parse(text.replace(/^\ufeff/u, ""));
  return episode?.number ?? episode_number;
}

function ambiguous(given, matches) {
  const candidates = matches.map(({ id }) => id).sort();
  const more = candidates.length > SHOWN ? `, and ${candidates.length - SHOWN} more` : "";
  const message = `"${given}" names ${candidates.length} sessions: ${candidates.slice(0, SHOWN).join(", ")}${more}.`;
  return new UsageError(message, "Name one of them.", { code: "ambiguous_id", candidates });
}

/** The store's own error, with the session that was probably meant. */
function unknown(error, given, sessions) {
  const ids = sessions.map(({ id }) => id).filter((id) => typeof id === "string");
  // A short id is near to the beginning of one.
  const beginnings = new Map(ids.map((id) => [id.slice(0, given.length), id]));
  const meant = nearest(given, ids) ?? beginnings.get(nearest(given, beginnings.keys()));
  if (meant === undefined) return error;
  const hint = `Did you mean ${meant}?`;
  return new CallboardError({ code: error.code, message: error.message, hint, cause: error });
}
