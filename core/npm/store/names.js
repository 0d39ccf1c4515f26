import { sessionFileNames } from "callboard";

/** What a file's name may hold on every system, and no longer than every system takes it. */
const PLAIN = /[^A-Za-z0-9_-]/gu;
const LONGEST = 100;

/**
 * The names that the file of a session may have, in the order in which to try them: the framework's, where the id is
 * one of its own, then some that are made of the id itself.
 */
export function fileNamesOf(id) {
  // What is no plain letter is spelt by its number: nothing in an id leads out of the folder, or hides a file.
  const plain = id.replace(PLAIN, (letter) => `%${letter.codePointAt(0).toString(16)}`).slice(0, LONGEST);
  // The word before it keeps it apart from the names that Windows has for its devices.
  const own = [1, 2, 3].map((count) => `session_${plain}${count === 1 ? "" : `_${count}`}.json`);
  return [...sessionFileNames(id), ...own];
}
