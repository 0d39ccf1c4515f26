// Import of a folder with the files of any pipeline.
import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";

import { CallboardError } from "callboard";

import { read } from "../store/files.js";
import { isSystems, unreadable } from "../store/system.js";
import { UsageError } from "./usage.js";
import { filesBelow } from "./walk.js";

/** Option for definitions of shapes. */
export const SHAPES = { type: "string", value: "<path>", about: "definition of a shape, or a folder of them, for other pipelines' files" };

/** Throws for --shapes on a command without a tree. */
export function assertNoShapes({ shapes }) {
  if (shapes !== undefined) throw new UsageError("--shapes needs a tree.", "Add the folder, or a dot for the working folder.");
}

/** Names of files that a session may be in. */
const WANTED = /\.(?:json|jsonl|ndjson|gz|tgz|tar|zip)$/iu;

/** First bytes of archives, which may have any name: gzip and ZIP. */
const PACKED = ["1f8b", "504b"];

/** Loads the module that reads other pipelines' files: most commands do not need it. */
const engine = () => import("callboard/import");

/** Imports the files below a folder; with the files that could not be read, and their errors. */
export async function importTree(folder, { shapes } = {}) {
  await assertFolder(folder);
  const { Importer, isDefinition, isToolFolder, unpack } = await engine();
  const importer = new Importer({ shapes: await definitions(shapes) });
  const isShape = ({ name }) => isDefinition(name);
  try {
    const paths = await below(folder, isToolFolder, () => importer.skip());
    const unread = [];
    const named = paths.map((path) => ({ path, name: relative(folder, path).split(sep).join("/") }));
    // Definitions count for the files after them.
    for (const { path, name } of [...named.filter(isShape), ...named.filter((file) => !isShape(file))]) {
      try {
        add(importer, unpack, name, await bytesOf(path), unread);
      } catch (error) {
        if (!(error instanceof CallboardError)) throw error;
        unread.push({ file: name, code: error.code, message: error.message });
      }
    }
    return { found: importer.finish(), unread };
  } finally {
    importer.free();
  }
}

async function below(folder, isSkipped, onSkip) {
  const paths = [];
  try {
    for await (const path of filesBelow(folder, { isSkipped, isWanted: (name) => WANTED.test(name), onSkip })) paths.push(path);
  } catch (error) {
    throw isSystems(error) ? unreadable(error, error.path ?? folder) : error;
  }
  return paths;
}

/** Adds a file, or the files in an archive. */
function add(importer, unpack, name, bytes, unread) {
  const isPacked = PACKED.includes(Buffer.from(bytes.subarray(0, 2)).toString("hex")) || /\.tar$/iu.test(name);
  const unpacked = isPacked ? unpack(name, bytes, { wanted: (path) => WANTED.test(path) }) : undefined;
  if (unpacked === undefined) return importer.add(name, bytes);
  for (const entry of unpacked.entries) importer.add(entry.path, entry.bytes);
  importer.skip(unpacked.skipped);
  for (const { path, message } of unpacked.refused) unread.push({ file: path, code: "unreadable", message });
}

async function bytesOf(path) {
  const bytes = (await read(path))?.bytes;
  if (bytes === undefined) throw new CallboardError({ code: "unreadable", message: "The file has been removed." });
  return bytes;
}

/** Reads the definitions that --shapes names. */
async function definitions(path) {
  if (path === undefined) return [];
  if (path === "") throw new UsageError("--shapes is empty: it must be the path of a file or folder.");
  const { Importer, isToolFolder } = await engine();
  const files = (await stat(path)).isDirectory() ? await below(path, isToolFolder) : [path];
  const texts = [];
  for (const file of files) {
    const text = Buffer.from(await bytesOf(file)).toString("utf8");
    // Read alone first, for an error with the file's name.
    check(Importer, text, file);
    texts.push(text);
  }
  return texts;
}

function check(Importer, text, file) {
  try {
    new Importer({ shapes: [text] }).free();
  } catch (error) {
    throw error instanceof CallboardError ? new CallboardError(error.toJSON(), file) : error;
  }
}

async function assertFolder(folder) {
  const found = await stat(folder).catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw isSystems(error) ? unreadable(error, folder) : error;
  });
  if (found?.isDirectory() !== true) throw new CallboardError({ code: "folder_not_found", message: `There is no folder ${folder}.` });
}
