// Finding the session that an argument names: by its id, the beginning of one, an episode's number, or a file.
import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

import { CallboardError, sessionFileNames } from "callboard";

import { read } from "../store/files.js";
import { nearest } from "../store/nearest.js";
import { inFolder, open } from "./open.js";
import { UsageError } from "./usage.js";

/** Number of sessions that the error for an ambiguous name lists. */
const MAX_LISTED = 10;

/**
 * Finds the session that an argument names; returns its store and its id. For a file, the store is the file's own
 * folder.
 */
export async function find(given, values) {
  const file = await fileOf(given);
  if (file !== undefined) return fromFile(file, given, values);
  const store = await open(values);
  return { store, id: await idOf(given, store) };
}

/** Returns the path of the existing file that an argument names; undefined if there is none. */
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
  // The store does not list the file: it is hidden, or has another ending.
  await read(path);
  throw new CallboardError({ code: "not_a_session", message: `${given} cannot be opened: it has no session_id.`, hint: "Add one to the file." });
}

async function idOf(given, store) {
  // An id in the framework's form leads to its file; any other name takes reading all files.
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
  // The store's own error says where it has looked.
  return store.load(given).then(
    ({ id }) => id,
    (error) => {
      throw error.code === "session_not_found" ? unknown(error, given, sessions) : error;
    },
  );
}

/** Awaits a session that is being loaded; undefined if there is none. */
const ifFound = (loading) =>
  loading.catch((error) => {
    if (error.code !== "session_not_found") throw error;
  });

/** Finds the sessions that a short name may mean. Of the ways to read it, the first that finds any counts. */
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

/** Reads the episode's number from a file's text. */
function numberIn(text) {
  const { episode, episode_number } = JSON.parse(text.replace(/^\ufeff/u, ""));
  return episode?.number ?? episode_number;
}

/** The error for a name of several sessions. */
export function ambiguous(given, matches) {
  const candidates = matches.map(({ id }) => id).sort();
  const more = candidates.length > MAX_LISTED ? `, and ${candidates.length - MAX_LISTED} more` : "";
  const message = `"${given}" matches ${candidates.length} sessions: ${candidates.slice(0, MAX_LISTED).join(", ")}${more}.`;
  return new UsageError(message, "Give the whole id of one of them.", { code: "ambiguous_id", candidates });
}

/** Adds the nearest session to the store's own error. */
function unknown(error, given, sessions) {
  const ids = sessions.map(({ id }) => id).filter((id) => typeof id === "string");
  // A short id is compared with the beginnings of the others.
  const beginnings = new Map(ids.map((id) => [id.slice(0, given.length), id]));
  const meant = nearest(given, ids) ?? beginnings.get(nearest(given, beginnings.keys()));
  if (meant === undefined) return error;
  const hint = `Did you mean ${meant}?`;
  return new CallboardError({ code: error.code, message: error.message, hint, cause: error });
}
