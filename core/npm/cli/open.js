import { readFile } from "node:fs/promises";

import { parseConfig } from "callboard";

import { FileStore } from "../store/file.js";
import { findSessions } from "../store/locate.js";
import { isSystems, unreadable } from "../store/system.js";
import { assertTime } from "./options.js";
import { UsageError } from "./usage.js";

/** Opens the store that the options name, or that is found from the working folder. */
export async function open(values) {
  if (values.dir === "") throw new UsageError("--dir is empty: it must be the path of a folder.");
  const { folder, config } = findSessions({ dir: values.dir });
  return inFolder(folder, values, config);
}

/** Opens the store of a folder, with the policy and the time of the options. */
export async function inFolder(folder, { policy, now }, config) {
  assertTime(now);
  return new FileStore(folder, { policy: await readPolicy(policy), config, now: () => now ?? new Date() });
}

/** Reads the policy from a file in the form of `callboard.json`; undefined if no file is named. */
async function readPolicy(file) {
  if (file === undefined) return undefined;
  if (file === "") throw new UsageError("--policy is empty: it must be the path of a file.");
  const text = await readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT") throw error;
    throw isSystems(error) ? unreadable(error, file) : error;
  });
  return parseConfig(text, { file }).policy ?? {};
}
