import { readFile } from "node:fs/promises";

import { parseConfig } from "callboard";

import { FileStore } from "../store/file.js";
import { findSessions } from "../store/locate.js";
import { isSystems, unreadable } from "../store/system.js";
import { assertTime } from "./options.js";
import { UsageError } from "./usage.js";

/** The store that the options name, or that is found from the working folder, with its policy and time. */
export async function open(values) {
  if (values.dir === "") throw new UsageError("--dir must name a folder, and is empty.");
  const { folder, config } = findSessions({ dir: values.dir });
  return inFolder(folder, values, config);
}

/** The store of a folder, whatever the options name, with their policy and time. */
export async function inFolder(folder, { policy, now }, config) {
  assertTime(now);
  return new FileStore(folder, { policy: await readPolicy(policy), config, now: () => now ?? new Date() });
}

/** The policy in a file of the form of `callboard.json`; undefined where no file is named. */
async function readPolicy(file) {
  if (file === undefined) return undefined;
  if (file === "") throw new UsageError("--policy must name a file, and is empty.");
  const text = await readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT") throw error;
    throw isSystems(error) ? unreadable(error, file) : error;
  });
  return parseConfig(text, { file }).policy ?? {};
}
