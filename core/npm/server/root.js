// The folder to serve, for a command that is started somewhere.
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, parse, resolve } from "node:path";

import { CallboardError } from "../error.js";
import { upwards } from "../store/config.js";
import { folderNotFound, isSystems, notAFolder, unreadable } from "../store/system.js";

/**
 * Finds the folder to serve: the one that is named; else the root of the work tree that the working folder is in; else the
 * working folder. The home folder and the root of the file system are only served if they are named.
 */
export function servedFolder({ cwd = process.cwd(), folder } = {}) {
  if (folder !== undefined) return existing(resolve(cwd, folder));
  const found = repositoryAbove(cwd) ?? cwd;
  if (found !== homedir() && found !== parse(found).root) return found;
  // A repository of the home folder, such as for settings, does not make it the production's.
  if (cwd !== found) return cwd;
  const message = "Callboard does not open your home folder or a whole disk unless you name it.";
  throw new CallboardError({ code: "folder_not_found", message, hint: "Name the folder of the production: callboard open <folder>." });
}

/** Root of the work tree that a folder is in; undefined if it is in none. */
function repositoryAbove(cwd) {
  const top = [...upwards(cwd)].at(-1);
  return isThere(join(top, ".git")) ? top : undefined;
}

const isThere = (path) => statSync(path, { throwIfNoEntry: false }) !== undefined;

function existing(folder) {
  let found;
  try {
    found = statSync(folder, { throwIfNoEntry: false });
  } catch (error) {
    throw isSystems(error) ? unreadable(error, folder) : error;
  }
  if (found === undefined) throw folderNotFound(folder);
  if (!found.isDirectory()) throw notAFolder(folder);
  return folder;
}
