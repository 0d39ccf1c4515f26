// Reading what the app hands out for download.
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** What a browser calls a download that it is still writing. */
const UNFINISHED = /\.(crdownload|part|tmp)$/;

/** The folder that a visitor's downloads go to. */
export class Downloads {
  constructor(dir, patience) {
    this.dir = dir;
    this.patience = patience;
  }

  /**
   * Does something that downloads one file, and returns the file.
   *
   * @param {() => Promise<unknown>} action
   * @returns {Promise<{name: string, bytes: Buffer}>}
   */
  async one(action) {
    const [file] = await this.several(1, action);
    return file;
  }

  /**
   * Does something that downloads several files, and returns them sorted by name.
   *
   * @param {number} count
   * @param {() => Promise<unknown>} action
   * @returns {Promise<{name: string, bytes: Buffer}[]>}
   */
  async several(count, action) {
    await action();
    const giveUp = Date.now() + this.patience;
    let names = await this.#finished();
    while (names === null || names.length < count) {
      if (Date.now() > giveUp) {
        const there = (await readdir(this.dir)).join(", ") || "nothing";
        throw new Error(`${count} downloads were expected; the folder has ${there}`);
      }
      await pause(20);
      names = await this.#finished();
    }
    const files = [];
    for (const name of names) {
      const path = join(this.dir, name);
      files.push({ name, bytes: await readFile(path) });
      // So that the next one of the same name keeps it.
      await rm(path);
    }
    return files;
  }

  /** The files that are complete; null while one is being written. */
  async #finished() {
    const names = (await readdir(this.dir)).sort();
    if (names.some((name) => UNFINISHED.test(name))) return null;
    for (const name of names) {
      // Firefox holds a file's place with an empty one before it writes beside it, and tries the
      // folder with one of another name that is gone a moment later.
      if ((await this.#size(name)) === 0) return null;
    }
    return names;
  }

  /** How large a file is; 0 where it has gone since it was listed. */
  async #size(name) {
    try {
      return (await stat(join(this.dir, name))).size;
    } catch (error) {
      if (error.code === "ENOENT") return 0;
      throw error;
    }
  }
}
