// A folder that the app opens in the browser: one of the origin's private file system, as no test can drive the dialog
// for folders. Agents write it through a tab of their own.
import { App } from "../pages/app.mjs";
import { liveSessions, Session } from "./live.mjs";

/** The folder's name. */
export const NAME = "production";

/** Defines `place` in a page, which finds the folder and the name of a path. An `OpenedFolder` needs it. */
export function definePlace() {
  globalThis.place = async (name, path) => {
    const parts = [name, ...path.split("/").filter(Boolean)];
    const file = parts.pop();
    let folder = await navigator.storage.getDirectory();
    for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
    return { folder, file };
  };
}

/** A folder in the browser, and a page that reads and writes it. */
export class OpenedFolder {
  /**
   * @param {import("puppeteer-core").Page} page in which `place` is defined
   * @param {string[]} ids
   */
  constructor(page, ids) {
    this.page = page;
    this.ids = ids;
  }

  path(id) {
    return `sessions/${id}.json`;
  }

  /** Writes a file; the browser puts the new content in its place at once. */
  write(path, text) {
    return this.writeAll({ [path]: text });
  }

  /** Writes files without a pause. */
  writeAll(files) {
    return this.page.evaluate(async (name, files) => {
      for (const [path, text] of Object.entries(files)) {
        const { folder, file } = await globalThis.place(name, path);
        const writer = await (await folder.getFileHandle(file, { create: true })).createWritable();
        await writer.write(text);
        await writer.close();
      }
    }, NAME, files);
  }

  /** Writes a file under another name, and moves it over the first, as editors and `sed -i` do. */
  replace(path, text) {
    return this.page.evaluate(async (name, path, text) => {
      const { folder, file } = await globalThis.place(name, path);
      const temporary = await folder.getFileHandle(`.${file}.swp`, { create: true });
      const writer = await temporary.createWritable();
      await writer.write(text);
      await writer.close();
      await temporary.move(file);
    }, NAME, path, text);
  }

  /** Removes a file, or a folder with all that is in it; the opened folder for an empty path. */
  remove(path) {
    return this.page.evaluate(async (name, path) => {
      const { folder, file } = await globalThis.place(name, path);
      await folder.removeEntry(file, { recursive: true });
    }, NAME, path);
  }

  /**
   * Renames a folder: its files are copied, and the old ones removed, as the browser can do no more.
   *
   * @param {string} from path; empty for the opened folder, whose new place is beside it
   * @param {string} to path
   * @param {object} [options]
   * @param {boolean} [options.back] the other way round
   */
  rename(from, to, { back = false } = {}) {
    const places = from === "" ? [[NAME, ""], [to, ""]] : [[NAME, from], [NAME, to]];
    if (back) places.reverse();
    return this.page.evaluate(async (from, to) => {
      const copy = async (one, other) => {
        for await (const entry of one.values()) {
          if (entry.kind === "directory") {
            await copy(entry, await other.getDirectoryHandle(entry.name, { create: true }));
            continue;
          }
          const writer = await (await other.getFileHandle(entry.name, { create: true })).createWritable();
          await writer.write(await entry.getFile());
          await writer.close();
        }
      };
      const old = await globalThis.place(...from);
      const next = await globalThis.place(...to);
      await copy(await old.folder.getDirectoryHandle(old.file), await next.folder.getDirectoryHandle(next.file, { create: true }));
      await old.folder.removeEntry(old.file, { recursive: true });
    }, ...places);
  }

  /** Returns the text of a session's file in a folder. */
  text(id, folder = "sessions") {
    return this.page.evaluate(async (name, path) => {
      const { folder, file } = await globalThis.place(name, path);
      return (await (await folder.getFileHandle(file)).getFile()).text();
    }, NAME, `${folder}/${id}.json`);
  }

  /** Returns a session's text after an agent's event. */
  async after(id, event) {
    const session = Session.parse(await this.text(id));
    session.apply(event, { now: new Date() });
    const text = session.toString();
    session.free();
    return text;
  }

  /** Updates a session like an agent. */
  async update(id, event) {
    await this.write(this.path(id), await this.after(id, event));
  }

  /** Returns the names of all files in the folder of sessions. */
  names() {
    return this.page.evaluate(async (name) => {
      const { folder } = await globalThis.place(name, "sessions/any");
      const names = [];
      for await (const entry of folder.keys()) names.push(entry);
      return names.sort();
    }, NAME);
  }
}

/**
 * Makes a folder with sessions in the browser, written by agents in a tab of their own.
 *
 * @param {import("./suite.mjs").Visit} visit
 * @param {number} sessions how many
 */
export async function makeFolder({ open }, sessions = 20) {
  const { ids, files } = liveSessions(sessions);
  const page = await open("icon.svg", async (page) => {
    // The browser asks for the icon of a page that names none.
    await page.setRequestInterception(true);
    page.on("request", (request) => (request.url().endsWith("favicon.ico") ? request.respond({ status: 204 }) : request.continue()));
    await page.evaluateOnNewDocument(definePlace);
  });
  const folder = new OpenedFolder(page, ids);
  // The root of a repository has folders of tools, which are not opened.
  await folder.writeAll({ ...files, ".git/HEAD": "ref: refs/heads/main\n", "node_modules/tool/package.json": "{}" });
  return folder;
}

/**
 * Opens the app in a tab whose dialog for folders chooses the agents' folder.
 *
 * @param {import("./suite.mjs").Visit} visit
 * @param {object} [options]
 * @param {boolean} [options.observed] false for a browser that reports no changes
 * @param {boolean} [options.asks] true for a browser that asks again after a reload
 */
export const openApp = ({ open }, { observed = true, asks = false } = {}) =>
  App.open((path) =>
    open(path, (page) =>
      page.evaluateOnNewDocument(
        (name, observed, asks) => {
          let isGranted = !asks;
          globalThis.showDirectoryPicker = async () => {
            isGranted = true;
            return (await navigator.storage.getDirectory()).getDirectoryHandle(name);
          };
          if (!observed) delete globalThis.FileSystemObserver;
          const state = () => (isGranted ? "granted" : "prompt");
          FileSystemHandle.prototype.queryPermission = async () => state();
          FileSystemHandle.prototype.requestPermission = async () => {
            isGranted ||= navigator.userActivation.isActive;
            return state();
          };
        },
        NAME,
        observed,
        asks,
      ),
    ),
  );
