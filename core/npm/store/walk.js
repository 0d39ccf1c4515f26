// Walking the files in a folder and below it.
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";

/** Folders that are skipped: they hold no sessions, and may hold very many files. */
const SKIPPED = new Set(["node_modules"]);

/**
 * Lists the `.json` files in a folder and the folders below it, in order. Hidden files and folders (`.git`) and
 * `node_modules` are skipped; a folder that several links lead to is walked once.
 */
export const jsonFilesBelow = (folder) =>
  filesBelow(folder, {
    isSkipped: (name) => name.startsWith(".") || SKIPPED.has(name),
    isWanted: (name) => name.endsWith(".json"),
  });

/**
 * Lists the files in a folder and below it that are wanted by their names, in order; calls `onSkip` for skipped ones, and
 * `onLink` for links. A folder that `enters` refuses, by its path and that without links, is left out. One that cannot be
 * read is passed to `onError`, if given, and left out.
 */
export async function* filesBelow(folder, options, walked = new Set()) {
  const { isSkipped, isWanted, onSkip, onLink, onError, enters = () => true } = options;
  let entries;
  try {
    const real = await realpath(folder);
    if (walked.has(real) || !enters(folder, real)) return;
    walked.add(real);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (onError === undefined) throw error;
    return onError(folder, error);
  }
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    if (isSkipped(entry.name)) {
      onSkip?.();
      continue;
    }
    const path = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? await leadsToFolder(path) : entry.isDirectory();
    if (entry.isSymbolicLink() && !isFolder) onLink?.(path);
    if (isFolder) yield* filesBelow(path, options, walked);
    else if (isWanted(entry.name)) yield path;
  }
}

/** True if a link leads to a folder. A link to nothing, or in a circle, counts as an unreadable file. */
const leadsToFolder = (path) => stat(path).then((found) => found.isDirectory(), () => false);
