// Files that are there wholly or not at all.
import { link, open, readFile, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomUUID } from "node:crypto";

/** A file's bytes; undefined where there is none. */
export async function readIfThere(path) {
  try {
    return await readFile(path);
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Puts a text in a file's place: a reader, and a machine that dies, find the old or the new one whole. */
export async function replace(path, text, stillAllowed) {
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
export async function create(path, text) {
  const temporary = await write(path, `.${basename(path)}.new-`, text, 0o666);
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
    await file.writeFile(text, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
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
