// Finding the folder that holds the sessions.
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { sessionFolder } from "callboard";

import { misuse } from "../error.js";
import { configIn, upwards } from "./config.js";

/**
 * Finds the folder of the sessions. The first of these wins: the option `dir`; the variable `CALLBOARD_DIR`; the key
 * `sessions` of the nearest `callboard.json` that has one, from the working folder up to its repository's root; the
 * framework's folder below the working folder or the nearest folder above it that has one. If there is none of these,
 * the framework's folder belongs beside the nearest `callboard.json`, else below the working folder.
 *
 * The result's `source` is `option`, `environment`, `config`, `found` or `default`, and `config` is the path of the
 * `callboard.json` that named the folder. The folder itself need not exist.
 */
export function findSessions({ cwd = process.cwd(), env = process.env, dir } = {}) {
  if (typeof cwd !== "string" || cwd === "") throw misuse("cwd must be the path of a folder, a string that is not empty.");
  const here = resolve(cwd);
  if (dir !== undefined) {
    // `resolve` takes an empty path for the working folder, which an unset variable does not mean.
    if (typeof dir !== "string" || dir === "") throw misuse("dir must be the path of a folder, a string that is not empty.");
    return found(resolve(here, dir), "option");
  }
  const named = env.CALLBOARD_DIR;
  if (named !== undefined && named !== "") return found(resolve(here, named), "environment");
  let nearest;
  for (const folder of upwards(here)) {
    const config = configIn(folder);
    if (config?.sessions !== undefined) return found(resolve(folder, config.sessions), "config", config.file);
    nearest ??= config?.file;
  }
  for (const folder of upwards(here)) {
    const tree = join(folder, sessionFolder());
    if (isFolder(tree)) return found(tree, "found");
  }
  return found(join(nearest === undefined ? here : dirname(nearest), sessionFolder()), "default");
}

const found = (folder, source, config) => ({ folder, source, config });

const isFolder = (path) => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};
