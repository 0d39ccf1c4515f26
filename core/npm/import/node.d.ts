import type { Import } from "../types/import.js";

export * from "../import.js";
export { default } from "../import.js";

/** A folder of files of any pipeline, imported. `free()` it, or declare it with `using`; the data stays. */
export interface FolderImport {
  /** Path of the folder, as it was given. */
  readonly folder: string;
  /** The sessions, and the files by their paths in the folder. */
  readonly found: Import;
  /** Files that could not be read, and archives that could not be unpacked. */
  readonly unread: { path: string; code: string; message: string }[];
  /** Path of the archive that a file is in; undefined for a file of the folder itself. */
  archiveOf(path: string): string | undefined;
  /** Reads files of the import again, also those in archives; not in the order of their paths. */
  read(paths: Iterable<string>): AsyncIterable<{ path: string; bytes: Uint8Array }>;
  free(): void;
  [Symbol.dispose](): void;
}

/**
 * Imports the files of a folder and below, also in archives, as `callboard list <tree>` does. Folders of tools, such as
 * `.git`, are counted as skipped.
 *
 * Shapes are, after those in the folder: those of `shapes`; those of the nearest folder `callboard.shapes`, from the
 * working folder up to its repository's root; those of the package.
 * @param options.shapes paths of definitions, and of folders whose `.json` files are definitions
 * @param options.cwd the working folder; that of the process by default
 */
export function importFolder(
  folder: string,
  options?: { shapes?: Iterable<string> | undefined; cwd?: string | undefined },
): Promise<FolderImport>;
