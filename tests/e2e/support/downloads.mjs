// Reads the app's downloads.
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Suffixes of unfinished downloads. */
const UNFINISHED = /\.(crdownload|part|tmp)$/;

/** The folder of a visit's downloads. */
export class Downloads {
  constructor(dir, patience) {
    this.dir = dir;
    this.patience = patience;
  }

  /**
   * Runs an action that downloads one file, and returns the file.
   *
   * @param {() => Promise<unknown>} action
   * @returns {Promise<{name: string, bytes: Buffer}>}
   */
  async one(action) {
    const [file] = await this.several(1, action);
    return file;
  }

  /**
   * Runs an action that downloads several files, and returns them sorted by name.
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
      // Removed, so that the next download of this name keeps its name.
      await rm(path);
    }
    return files;
  }

  /** Returns the complete files; null while one is being written. */
  async #finished() {
    const names = (await readdir(this.dir)).sort();
    if (names.some((name) => UNFINISHED.test(name))) return null;
    for (const name of names) {
      // Firefox reserves a file's name with an empty file before it writes a separate one, and tests
      // the folder with a short-lived file of another name.
      if ((await this.#size(name)) === 0) return null;
    }
    return names;
  }

  /** Returns a file's size; 0 if it was removed since it was listed. */
  async #size(name) {
    try {
      return (await stat(join(this.dir, name))).size;
    } catch (error) {
      if (error.code === "ENOENT") return 0;
      throw error;
    }
  }
}
