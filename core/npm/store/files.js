// Files that are there wholly or not at all.
import { constants } from "node:buffer";
import { randomUUID } from "node:crypto";
import { link, lstat, open, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { CallboardError } from "../error.js";
import { isSystems, unreadable, unwritable } from "./system.js";

/** No text can be longer in bytes, whatever its letters are: what a string holds, and a session's text must be one. */
const LARGEST = constants.MAX_STRING_LENGTH;

/**
 * A file's bytes; undefined where there is none. What is no file (a folder, a pipe that would be waited for without
 * end, a link to nothing) or cannot be read throws a `CallboardError`.
 */
export async function readIfThere(path) {
  const name = basename(path);
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new CallboardError({ code: "unreadable", message: `${name} is a folder, not a file.` });
    if (!found.isFile()) throw new CallboardError({ code: "unreadable", message: `${name} is a device or a pipe, not a file.` });
    if (found.size > LARGEST) {
      const message = `${name} has ${Math.round(found.size / 2 ** 20)} MB, and no session has more than ${LARGEST >> 20} MB.`;
      throw new CallboardError({ code: "too_large", message });
    }
    return await readFile(path);
  } catch (error) {
    if (error.code !== "ENOENT") throw isSystems(error) ? unreadable(error, name) : error;
    if (await isLink(path)) throw new CallboardError({ code: "unreadable", message: `${name} is a link to a file that is not there.` });
    return undefined;
  }
}

const isLink = (path) => lstat(path).then((found) => found.isSymbolicLink(), () => false);

/** Puts a text in a file's place: a reader, and a machine that dies, find the old or the new one whole. */
export const replace = (path, text, stillAllowed) =>
  explained(basename(path), () => replaceWholly(path, text, stillAllowed));

async function replaceWholly(path, text, stillAllowed) {
  // What a link leads to is replaced, not the link.
  const target = await realpath(path);
  const mode = await open(target, "r").then(async (file) => {
    const { mode } = await file.stat();
    await file.close();
    return mode & 0o777;
  });
  const temporary = await write(target, temporaryPrefix(target), text, mode);
  try {
    if (!(await stillAllowed())) return false;
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary);
    throw error;
  }
  await settle(dirname(target));
  return true;
}

/** Makes a file with its whole text; false where one of the name exists. */
export const create = (path, text) => explained(dirname(path), () => createWholly(path, text));

async function createWholly(path, text) {
  const temporary = await write(path, `.${basename(path)}.new-`, text);
  try {
    await link(temporary, path);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
  await settle(dirname(path));
  return true;
}

/** How the names begin under which a file's replacement is written: hidden, and no session's. */
export const temporaryPrefix = (path) => `.${basename(path)}.tmp-`;

async function write(path, prefix, text, mode) {
  const temporary = join(dirname(path), `${prefix}${randomUUID()}`);
  const file = await open(temporary, "wx", mode);
  try {
    // Opening takes away what this process's mask does not allow; the file is to keep what it had.
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(text, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** Runs `work`; what the system does not let it do is said of the file or folder of a name. */
async function explained(name, work) {
  try {
    return await work();
  } catch (error) {
    throw isSystems(error) ? unwritable(error, name) : error;
  }
}

/** Makes a folder's names last. Windows has no such thing, and needs none. */
async function settle(folder) {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
