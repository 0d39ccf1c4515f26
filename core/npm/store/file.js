import { findSessions } from "./locate.js";
import { Folder } from "./folder.js";
import { Store } from "./store.js";

/** Sessions as files in a folder. */
export class FileStore extends Store {
  #folder;

  /** @param {string} [folder] the one that `findSessions` finds if not given */
  constructor(folder, options = {}) {
    const located = folder === undefined ? findSessions() : { folder, config: undefined };
    const backend = new Folder(located.folder, { config: options.config ?? located.config });
    super({ ...options, backend });
    this.#folder = backend.path;
  }

  /** Absolute path of the folder. */
  get folder() {
    return this.#folder;
  }
}
