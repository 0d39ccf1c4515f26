// Files that are written wholly or not at all.
import { constants as limits } from "node:buffer";
import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { basename, dirname, join } from "node:path";

import { CallboardError } from "../error.js";
import { disk } from "./disk.js";
import { isSystems, unreadable, unwritable } from "./system.js";

/** Largest file in bytes that can be a session, since its text must fit into a string. */
const MAX_SIZE = limits.MAX_STRING_LENGTH;

/** Flags to open without waiting: a pipe without a writer would block its reader for ever. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Longest name of a file, in bytes, that leaves room for the endings of our own files beside it. */
const MAX_NAME = 180;

/** Buffer for all small files: allocating one for each would cost as much as reading them. */
const shared = Buffer.allocUnsafeSlow(1 << 18);

/**
 * Reads a file without waiting: `{ bytes, stat }`, undefined if there is none. The bytes are valid until the next call.
 * Throws a `CallboardError` if the path is no file (a folder, a pipe, a link to nothing), is larger than `limit` or cannot be
 * read.
 */
export function readNow(path, { limit = MAX_SIZE } = {}) {
  const name = basename(path);
  let file;
  try {
    file = disk.openSync(path, READ);
    const stat = disk.fstatSync(file);
    assertFile(stat, name, limit);
    let bytes = stat.size < shared.length ? shared : Buffer.allocUnsafe(stat.size + 1);
    for (let length = 0; ; ) {
      const read = disk.readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0) return { bytes: bytes.subarray(0, length), stat };
      // The file has grown since.
      if (length === bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2);
    }
  } catch (error) {
    if (error.code === "ENOENT") return missing(name, isLinkNow(path));
    throw unread(error, name);
  } finally {
    if (file !== undefined) disk.closeSync(file);
  }
}

/** Reads a file as `readNow` does, without blocking the process; the bytes belong to the caller. */
export async function read(path, { limit = MAX_SIZE } = {}) {
  const name = basename(path);
  let file;
  try {
    file = await disk.open(path, READ);
    const stat = await file.stat();
    assertFile(stat, name, limit);
    return { bytes: await file.readFile(), stat };
  } catch (error) {
    if (error.code === "ENOENT") return missing(name, await isLink(path));
    throw unread(error, name);
  } finally {
    await file?.close();
  }
}

function assertFile(stat, name, limit) {
  if (stat.isDirectory()) throw new CallboardError({ code: "unreadable", message: `${name} is a folder, not a file.` });
  if (!stat.isFile()) throw notAFile(name);
  if (stat.size > limit) {
    const message = `${name} has ${Math.round(stat.size / 2 ** 20)} MB, and a session has at most ${limit >> 20} MB.`;
    throw new CallboardError({ code: "too_large", message });
  }
}

const notAFile = (name) => new CallboardError({ code: "unreadable", message: `${name} is a device or a pipe, not a file.` });

function unread(error, name) {
  // A socket, or a device without its driver.
  if (error.code === "ENXIO") return notAFile(name);
  return isSystems(error) ? unreadable(error, name) : error;
}

function missing(name, isLink) {
  if (isLink) throw new CallboardError({ code: "unreadable", message: `${name} is a link to a file that is not there.` });
  return undefined;
}

const isLink = (path) => disk.lstat(path).then((found) => found.isSymbolicLink(), () => false);

function isLinkNow(path) {
  try {
    return disk.lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Revision of a file's contents: the hash of its bytes, or of its text as UTF-8. */
export const revisionOf = (contents) => createHash("sha256").update(contents).digest("base64url");

/** Resolves the links in a file's path; the path itself if there is no file. */
export async function resolved(path) {
  try {
    return await disk.realpath(path);
  } catch (error) {
    if (error.code === "ENOENT") return path;
    throw unread(error, basename(path));
  }
}

/**
 * Replaces a file's text atomically: a reader, or a machine that crashes, finds the old or the new one whole. The file
 * keeps its mode, and its owner if the system permits it. Throws `unwritable` if it must not be replaced.
 * @param {string} path the file itself, not a link
 */
export const replace = (path, text, stillAllowed) =>
  explained(basename(path), () => replaceWholly(path, text, stillAllowed));

async function replaceWholly(path, text, stillAllowed) {
  const before = await assertReplaceable(path);
  const temporary = await write(path, temporaryPrefix(path), text, before);
  let placed = false;
  try {
    if (!(await stillAllowed())) return false;
    await disk.rename(temporary, path);
    placed = true;
  } catch (error) {
    throw error.code === "EBUSY" ? busy(path, error) : error;
  } finally {
    if (!placed) await discard(temporary);
  }
  await settle(dirname(path));
  return true;
}

/** The error for a file that cannot be replaced: it is mounted by itself or, on Windows, open in a program. */
function busy(path, cause) {
  const message = `${basename(path)} cannot be written to: it is mounted by itself, or another program holds it.`;
  return new CallboardError({ code: "unwritable", message, hint: "Mount the folder that holds it instead, or end that program.", cause });
}

/** Throws if a file may not be replaced; otherwise returns its stat. */
async function assertReplaceable(path) {
  // Replacing a file takes permission only on its folder, so that on the file is checked here.
  const file = await disk.open(path, "r+");
  let stat;
  try {
    stat = await file.stat();
    // An administrator may write to any file, but does not expect a read-only one to change.
    if ((stat.mode & 0o222) === 0) {
      const message = `${basename(path)} cannot be written to: it is read-only.`;
      throw new CallboardError({ code: "unwritable", message, hint: "Allow writing to it first (chmod u+w)." });
    }
    if (stat.nlink > 1) {
      await sweepNew(path, stat);
      stat = await file.stat();
    }
  } finally {
    await file.close();
  }
  if (stat.nlink > 1) {
    const message = `${basename(path)} cannot be written to: it has ${stat.nlink} names (hard links), and the others would keep the old text.`;
    throw new CallboardError({ code: "unwritable", message, hint: "Make the other names symbolic links, or copies." });
  }
  return stat;
}

/** Creates a file with its whole text; false if there is one of this name. */
export const create = (path, text) => explained(dirname(path), () => createWholly(path, text));

async function createWholly(path, text) {
  const temporary = await write(path, newPrefix(path), text);
  try {
    await disk.link(temporary, path);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    if (!hasNoLinks(error)) throw error;
    if (!(await placeWithoutLinks(temporary, path))) return false;
  } finally {
    await discard(temporary);
  }
  await settle(dirname(path));
  return true;
}

/** True for an error of a file system without hard links. */
export const hasNoLinks = (error) => ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(error.code);

/** Takes a name by an empty file, and replaces that by the whole one; false if the name is taken. */
async function placeWithoutLinks(temporary, path) {
  try {
    await (await disk.open(path, "wx")).close();
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  try {
    await disk.rename(temporary, path);
  } catch (error) {
    await discard(path);
    throw error;
  }
  return true;
}

/** Removes the second name of a file that a process left when it died while creating it. */
async function sweepNew(path, { dev, ino }) {
  for (const name of await disk.readdir(dirname(path))) {
    if (!name.startsWith(newPrefix(path))) continue;
    const other = join(dirname(path), name);
    const found = await disk.lstat(other).catch(() => undefined);
    if (found?.ino === ino && found.dev === dev) await discard(other);
  }
}

/** Returns the path of a file of ours beside another: hidden, no session's, and not too long. */
export function beside(path, ending) {
  const name = basename(path);
  const short = Buffer.byteLength(name) > MAX_NAME ? createHash("sha256").update(name).digest("hex") : name;
  return join(dirname(path), `.${short}.${ending}`);
}

/** True for the name of a file that we make beside another: its lock, or its next content while that is written. */
export const isOurs = (name) => /^\..+\.(?:lock(?:\.[\w-]+(?:\.next)?)?|(?:tmp|new)-[0-9a-f-]{36})$/u.test(name);

/** Prefix of the names under which a file's replacement, or a new file, is written. */
export const temporaryPrefix = (path) => basename(beside(path, "tmp-"));
const newPrefix = (path) => basename(beside(path, "new-"));

async function write(path, prefix, text, before) {
  const temporary = join(dirname(path), `${prefix}${randomUUID()}`);
  const file = await disk.open(temporary, "wx", before === undefined ? 0o666 : before.mode & 0o777);
  let whole = false;
  try {
    if (before !== undefined) await keepOwner(file, before, path);
    await file.writeFile(text, "utf8");
    await file.sync();
    whole = true;
  } finally {
    await file.close().catch(() => {});
    if (!whole) await discard(temporary);
  }
  return temporary;
}

/** Files with a changed owner about which a warning has been emitted. */
const ownerChanged = new Set();

/** Gives a new file the owner and mode of the file that it will replace, as far as the system permits it. */
async function keepOwner(file, before, path) {
  let mode = before.mode & 0o777;
  const { uid, gid } = await file.stat();
  if (uid !== before.uid || gid !== before.gid) {
    const group = await attempt(() => file.chown(uid, before.gid));
    // Another group does not get the permissions of the file's own group.
    if (!group) mode = (mode & 0o707) | ((mode & 0o007) << 3);
    const owner = uid === before.uid || (await attempt(() => file.chown(before.uid, before.gid)));
    if (!(owner && group) && !ownerChanged.has(path)) {
      ownerChanged.add(path);
      const now = owner ? `group ${gid}, not ${before.gid}` : `user ${uid}, not ${before.uid}`;
      const why = "only an administrator can write to another user's file and keep its owner";
      process.emitWarning(`${path} now belongs to ${now}: ${why}.`, { type: "CallboardWarning", code: "owner_changed" });
    }
  }
  // Opening removes the permissions that the process's mask denies, and a change of owner some of the rest.
  await file.chmod(mode);
}

const attempt = (work) => work().then(() => true, (error) => {
  if (["EPERM", "EINVAL", "ENOTSUP", "ENOSYS", "EACCES"].includes(error.code)) return false;
  throw error;
});

/** Removes a file that is no longer needed. An error here must not hide the one that led to it. */
const discard = (path) => disk.unlink(path).catch(() => {});

/** Runs `work`, and converts an error of the system to one about the named file or folder. */
async function explained(name, work) {
  try {
    return await work();
  } catch (error) {
    throw isSystems(error) ? unwritable(error, name) : error;
  }
}

/** Errors for a folder that cannot be synced, for lack of support or of permission to read it. */
const CANNOT_SETTLE = ["EINVAL", "ENOTSUP", "ENOSYS", "EBADF", "EISDIR", "EPERM", "EACCES", "EMFILE", "ENFILE"];

/** Makes a folder's names durable. Windows neither offers nor needs this. */
async function settle(folder) {
  if (process.platform === "win32") return;
  let handle;
  try {
    handle = await disk.open(folder, "r");
    await handle.sync();
  } catch (error) {
    // The file is in its place: a reported failure would make the caller write it again.
    if (!CANNOT_SETTLE.includes(error.code)) throw error;
  } finally {
    await handle?.close();
  }
}
