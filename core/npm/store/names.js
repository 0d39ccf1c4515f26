import { sessionFileNames } from "callboard";

/** Characters of an id that a file's name cannot have on every system, and the longest part that is safe on all. */
const UNSAFE = /[^A-Za-z0-9_-]/gu;
const MAX_LENGTH = 100;

/**
 * Lists the names that the file of a session may have, in the order in which to try them: the framework's, if the id has
 * its form, then some made of the id itself.
 */
export function fileNamesOf(id) {
  // Unsafe characters are written as numbers: no id can lead out of the folder, or hide a file.
  const plain = id.replace(UNSAFE, (letter) => `%${letter.codePointAt(0).toString(16)}`).slice(0, MAX_LENGTH);
  // The prefix keeps the name apart from those of devices on Windows.
  const own = [1, 2, 3].map((count) => `session_${plain}${count === 1 ? "" : `_${count}`}.json`);
  return [...sessionFileNames(id), ...own];
}
