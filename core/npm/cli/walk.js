// The session files below a folder.
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";

/** Folders that hold no sessions, and may hold very many files. */
const SKIPPED = new Set(["node_modules"]);

/**
 * The `.json` files in a folder and the folders below it, in order. Hidden files and folders (`.git`) and
 * `node_modules` are left out; a folder that links lead to several times is walked once.
 */
export async function* jsonFilesBelow(folder, walked = new Set()) {
  const place = await realpath(folder);
  if (walked.has(place)) return;
  walked.add(place);
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? await leadsToFolder(path) : entry.isDirectory();
    if (isFolder) yield* jsonFilesBelow(path, walked);
    else if (entry.name.endsWith(".json")) yield path;
  }
}

/** Whether a link leads to a folder; one that leads to nothing, or in a circle, is a file that cannot be read. */
const leadsToFolder = (path) => stat(path).then((found) => found.isDirectory(), () => false);
