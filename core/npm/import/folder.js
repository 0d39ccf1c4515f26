// Import of a folder with the files of any pipeline.
import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

import { Importer, isDefinition, isToolFolder, unpack } from "callboard/import";

import { CallboardError } from "../error.js";
import { upwards } from "../store/config.js";
import { read } from "../store/files.js";
import { isSystems, unreadable } from "../store/system.js";
import { filesBelow } from "../store/walk.js";

/** Names of files that a session may be in. */
const WANTED = /\.(?:json|jsonl|ndjson|gz|tgz|tar|zip)$/iu;

/** True for a file that a session may be in, by its name. */
export const isRead = (name) => WANTED.test(name);

/** First bytes of archives, which may have any name: gzip and ZIP. */
const PACKED = ["1f8b", "504b"];

/** Name of a folder with definitions of shapes. */
const SHAPES = "callboard.shapes";

/** A folder of files of any pipeline, imported. */
class FolderImport {
  /** Paths of archives by those of the files in them. */
  #archives;

  constructor(folder, found, unread, archives) {
    this.folder = folder;
    this.found = found;
    this.unread = unread;
    this.#archives = archives;
  }

  archiveOf(path) {
    return this.#archives.get(path);
  }

  async *read(paths) {
    const packed = new Map();
    const plain = [];
    for (const path of paths) {
      const archive = this.archiveOf(path);
      if (archive === undefined) plain.push(path);
      else packed.set(archive, (packed.get(archive) ?? new Set()).add(path));
    }
    for await (const { file, bytes } of readAhead(plain, (path) => join(this.folder, path))) yield { path: file, bytes: await bytes };
    // An archive is unpacked once for all of its files.
    for (const [archive, wanted] of packed) {
      const bytes = await bytesOf(join(this.folder, archive));
      const unpacked = unpack(archive, bytes, { wanted: (name) => wanted.has(`${archive}/${name}`) });
      for (const entry of unpacked?.entries ?? []) yield { path: wanted.has(entry.path) ? entry.path : archive, bytes: entry.bytes };
    }
  }

  free() {
    this.found.free();
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.free();
  }
}

export async function importFolder(folder, { shapes = [], cwd = process.cwd() } = {}) {
  await assertFolder(folder);
  const importer = new Importer({ shapes: await definitions(folder, shapes, cwd) });
  const unread = [];
  const archives = new Map();
  try {
    const paths = await below(folder, () => importer.skip());
    const named = paths.map((path) => ({ path, name: relative(folder, path).split(sep).join("/") }));
    const names = new Set(named.map(({ name }) => name));
    for await (const { file, bytes } of readAhead(definitionsFirst(named, ({ name }) => name), ({ path }) => path)) {
      const { name } = file;
      try {
        add(importer, name, await bytes, { names, unread, archives });
      } catch (error) {
        if (!(error instanceof CallboardError)) throw error;
        unread.push({ path: name, code: error.code, message: error.message.replace(`${name}: `, "") });
      }
    }
    return new FolderImport(folder, importer.finish(), unread, archives);
  } finally {
    importer.free();
  }
}

/** Moves definitions to the front: they count for the files after them. */
function definitionsFirst(files, nameOf) {
  const isShape = (file) => isDefinition(nameOf(file));
  return [...files.filter(isShape), ...files.filter((file) => !isShape(file))];
}

/** Adds a file, or the files in an archive. */
function add(importer, name, bytes, { names, unread, archives }) {
  const isPacked = PACKED.includes(Buffer.from(bytes.subarray(0, 2)).toString("hex")) || /\.tar$/iu.test(name);
  const unpacked = isPacked ? unpack(name, bytes, { wanted: isRead }) : undefined;
  if (unpacked === undefined) return importer.add(name, bytes);
  for (const { path: inner, bytes } of definitionsFirst(unpacked.entries, ({ path }) => path)) {
    // `a.json.gz` is `a.json`, unless that is a file too.
    const path = names.has(inner) ? name : inner;
    archives.set(path, name);
    importer.add(path, bytes);
  }
  importer.skip(unpacked.skipped);
  for (const { path, message } of unpacked.refused) unread.push({ path, code: "unreadable", message });
}

/**
 * Reads the definitions at paths of files and folders, and before them those of the nearest folder `callboard.shapes`, from
 * the working folder up to its repository's root. If that is in the imported folder, they are among the files.
 */
async function definitions(folder, paths, cwd) {
  const nearest = await nearestShapes(resolve(cwd));
  const texts = [];
  for (const path of nearest === undefined || isWithin(nearest, resolve(folder)) ? paths : [nearest, ...paths]) {
    for (const file of await definitionFiles(path)) texts.push(await definition(file));
  }
  return texts;
}

async function nearestShapes(cwd) {
  for (const above of upwards(cwd)) {
    const folder = join(above, SHAPES);
    if ((await statOf(folder))?.isDirectory()) return folder;
  }
  return undefined;
}

function isWithin(path, folder) {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== "..";
}

/** Lists the `.json` files of a folder; a file named by itself may have any name. */
async function definitionFiles(path) {
  const found = await statOf(path);
  if (found === undefined) throw new CallboardError({ code: "unreadable", message: `There is no file or folder ${path}.` });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path).catch((error) => {
    throw isSystems(error) ? unreadable(error, path) : error;
  });
  return names.filter((name) => name.endsWith(".json")).sort().map((name) => join(path, name));
}

/** Reads a definition. It is checked by itself, for an error with the file's name. */
async function definition(file) {
  const text = Buffer.from(await bytesOf(file)).toString("utf8");
  try {
    new Importer({ shapes: [text] }).free();
  } catch (error) {
    throw error instanceof CallboardError ? new CallboardError(error.toJSON(), file) : error;
  }
  return text;
}

async function below(folder, onSkip) {
  const paths = [];
  const wanted = { isSkipped: isToolFolder, isWanted: isRead, onSkip };
  try {
    for await (const path of filesBelow(folder, wanted)) paths.push(path);
  } catch (error) {
    throw isSystems(error) ? unreadable(error, error.path ?? folder) : error;
  }
  return paths;
}

/** Number of files that are read ahead of their turn. */
const AHEAD = 8;

/** Reads files in their order, some ahead; yields each with a promise of its bytes. */
async function* readAhead(files, pathOf) {
  const pending = [];
  for (const file of files) {
    const bytes = bytesOf(pathOf(file));
    // It is awaited in its turn, and must not count as unhandled until then.
    bytes.catch(() => {});
    pending.push({ file, bytes });
    if (pending.length > AHEAD) yield pending.shift();
  }
  yield* pending;
}

async function bytesOf(path) {
  const bytes = (await read(path))?.bytes;
  if (bytes === undefined) throw new CallboardError({ code: "unreadable", message: "The file has been removed." });
  return bytes;
}

async function assertFolder(folder) {
  if (typeof folder !== "string" || (await statOf(folder))?.isDirectory() !== true) {
    throw new CallboardError({ code: "folder_not_found", message: `There is no folder ${folder}.` });
  }
}

/** Status of a file or folder; undefined if there is none. */
async function statOf(path) {
  try {
    return await stat(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
    throw isSystems(error) ? unreadable(error, path) : error;
  }
}
