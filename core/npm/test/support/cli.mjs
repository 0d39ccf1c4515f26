// Runs the commands.
import { spawnSync } from "node:child_process";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { folder } from "./folder.mjs";

/** The installed package's folder. */
export const PACKAGE = fileURLToPath(new URL(".", import.meta.resolve("callboard/package.json")));

const { bin } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));

/** The command's script. */
export const CLI = join(PACKAGE, bin.callboard);

/** A session with a running script writer: its file, its id, and the time at which the script is due. */
export const FIXTURE = fileURLToPath(new URL("../../../../tests/fixtures/sessions/ep001_session_20240811.json", import.meta.url));
export const ID = "ep_001_20240811_1430";
export const NOW = "2024-08-11T15:20:00Z";

const { NO_COLOR, FORCE_COLOR, CALLBOARD_DIR, ...rest } = process.env;

/** The environment without variables for colours and folders. */
export const env = rest;

/** Runs a command until it ends. */
export function callboard(args, options = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", env, ...options });
  return { code: status, out: stdout, err: stderr };
}

/** Creates a folder with the fixture, and the options that select it. */
export async function sample() {
  const dir = await folder();
  await copyFile(FIXTURE, join(dir, "ep001_session_20240811.json"));
  return { dir, at: ["--dir", dir, "--now", NOW] };
}

/** Imports an internal module of the package. */
export const internal = (path) => import(pathToFileURL(join(PACKAGE, path)).href);
