// The file `callboard.json`: the policy and the folder of the sessions, shared by everybody who works on them.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { parseConfig } from "callboard";

import { isSystems, unreadable } from "./system.js";

/** Name of the configuration file. */
export const CONFIG = "callboard.json";

/** Number of tries to read a configuration that another program is writing, and the milliseconds between them. */
const TRIES = 10;
const BETWEEN = 20;

/** Configurations by path, each with the version of its file. */
const known = new Map();

/**
 * Reads the configuration in a folder: `{ file, policy, sessions }`, the last two undefined if the file has none. Returns
 * undefined if there is no file, and throws a `CallboardError` if it cannot be read or parsed.
 */
export function configIn(folder) {
  const file = join(folder, CONFIG);
  const version = versionOf(file);
  if (version === undefined) {
    known.delete(file);
    return undefined;
  }
  const before = known.get(file);
  if (before?.version === version) return before.config;
  const config = read(file);
  if (config !== undefined) known.set(file, { version, config });
  return config;
}

/** Version of a file by its size and times; undefined if there is no file. */
function versionOf(file) {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(file);
    return [dev, ino, size, mtimeMs, ctimeMs].join();
  } catch (error) {
    // Nothing can be read in a folder without permission to enter it.
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(error.code)) return undefined;
    throw isSystems(error) ? unreadable(error, file) : error;
  }
}

function read(file) {
  for (let left = TRIES; ; left -= 1) {
    try {
      const { policy, sessions } = parseConfig(readFileSync(file, "utf8"), { file });
      // A file that only names the folder does not hide a policy above it.
      return { file, policy: Object.keys(policy).length > 0 ? policy : undefined, sessions };
    } catch (error) {
      if (error.code === "ENOENT") return undefined;
      // An editor empties a file before it writes it.
      if (left > 1 && ["unexpected_end", "empty"].includes(error.code) && isFresh(file)) pause();
      else throw isSystems(error) ? unreadable(error, file) : error;
    }
  }
}

const isFresh = (file) => {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && Math.abs(Date.now() - found.mtimeMs) < TRIES * BETWEEN;
};

function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN);
}

/** Lists the folders from one up to the root of its repository, or of the file system if it is in none. */
export function* upwards(from) {
  for (let folder = from; ; folder = dirname(folder)) {
    yield folder;
    // In a worktree and in a submodule, .git is a file.
    if (exists(join(folder, ".git")) || dirname(folder) === folder) return;
  }
}

/** Finds the configuration that governs the sessions of a folder: the nearest one with a policy, from the folder upwards. */
export function policyConfigOf(folder) {
  // Paths by different links lead to the same file.
  for (const start of new Set([realOf(folder), folder])) {
    for (const above of upwards(start)) {
      const config = configIn(above);
      if (config?.policy !== undefined) return config;
    }
  }
  return undefined;
}

/** Resolves the links in a folder's path; for a folder that does not exist, those above it. */
function realOf(folder) {
  try {
    return realpathSync.native(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(realOf(above), basename(folder));
  }
}

function exists(path) {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
