import { FileStore } from "../store/file.js";
import { UsageError } from "./usage.js";
import { assertTime } from "./options.js";

/** The store that the options name, with their policy and time. */
export async function open({ dir, now }) {
  if (dir === "") throw new UsageError("--dir must name a folder, and is empty.");
  assertTime(now);
  return new FileStore(dir, { now: () => now ?? new Date() });
}

/** The store of another folder than the options name, with their policy and time. */
export async function inFolder(folder, { now }) {
  return open({ dir: folder, now });
}
