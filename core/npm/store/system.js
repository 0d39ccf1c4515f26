// Errors of the file system, in sentences.
import { CallboardError } from "../error.js";

const REASONS = {
  EACCES: "its permissions do not allow it",
  EPERM: "the system does not allow it",
  EROFS: "it is on a read-only file system",
  ELOOP: "its links lead in a circle",
  EISDIR: "it is a folder, not a file",
  ENOTDIR: "a part of its path is a file, not a folder",
  EEXIST: "a file of its name is in its place",
  ENAMETOOLONG: "its name is too long",
  ENOSPC: "there is no space left",
  EDQUOT: "there is no space left for this user",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the disk gives an error",
  EBUSY: "another program is using it",
};

const HINTS = {
  EACCES: "Change its permissions, or work as a user who has them.",
  EPERM: "Change its permissions, or work as a user who has them.",
  EROFS: "Work on a copy in a writable folder.",
  ENOSPC: "Free some space and try again.",
  EDQUOT: "Free some space and try again.",
  EMFILE: "Close some, or raise the limit (ulimit -n), and try again.",
  ENFILE: "Close some and try again.",
  ENAMETOOLONG: "Give it a shorter name.",
};

/** True if the process or the machine has no file handle left, which says nothing about the file itself. */
export const isExhaustion = (error) => error?.code === "EMFILE" || error?.code === "ENFILE";

/** True for an error of the file system. */
export const isSystems = (error) => typeof error?.syscall === "string" && typeof error.code === "string";

/** The error for a file or folder that cannot be read. */
export const unreadable = (error, name) => failure("unreadable", `${name} cannot be read`, error);

/** The error for a file or folder that cannot be written to. */
export const unwritable = (error, name) => failure("unwritable", `${name} cannot be written to`, error);

/** The error for a folder that cannot be watched. A lack of space is then one of watches, not of the disk. */
export function unfollowed(error, name) {
  const full = ["ENOSPC", "EMFILE"].includes(error.code);
  const reason = full ? "too many are being watched on this machine already" : reasonFor(error);
  const hint = full ? "End another program that watches files, or raise the system's limit." : HINTS[error.code];
  return new CallboardError({ code: "unreadable", message: `${name} cannot be watched: ${reason}.`, hint, cause: error });
}

/** The error for a file in a folder's place. */
export const notAFolder = (path) => new CallboardError({ code: "unreadable", message: `${path} is a file, not a folder.` });

/** The error for a folder of sessions that is not there. */
export function folderNotFound(folder, cause) {
  const message = `There is no folder ${folder}.`;
  const hint = "Name the folder that holds the session files.";
  return new CallboardError({ code: "folder_not_found", message, hint, cause });
}

function failure(code, what, error) {
  const message = `${what}: ${reasonFor(error)}.`;
  return new CallboardError({ code, message, hint: HINTS[error.code], cause: error });
}

/** Returns the system's reason, as the end of a sentence. */
export const reasonFor = (error) => REASONS[error.code] ?? `the system says ${error.code}`;
