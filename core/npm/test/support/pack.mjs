// Archives of files given as pairs of path and contents.
import * as archives from "../../../../tests/e2e/support/archives.mjs";

const named = (files) => files.map(([path, contents]) => ({ path, bytes: Buffer.from(contents) }));

/** Makes a tar archive. */
export const tar = (files) => archives.tar(named(files));

/** Makes a ZIP archive. */
export const zip = (files) => archives.zip(named(files));
