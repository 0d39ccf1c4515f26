// Files that sessions name as their outputs, sent as they are: whole or in part.
import { createHash } from "node:crypto";
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";

import { disk } from "../store/disk.js";
import { isSystems, unreadable } from "../store/system.js";
import { isCached } from "./etag.js";
import { OUTPUT_POLICY } from "./policy.js";
import { Refusal, notFound } from "./refusal.js";
import { versionOf } from "./tree-watch.js";

/** Content types by ending. Others are bytes of which a browser makes nothing. */
const TYPES = {
  ".md": "text/markdown; charset=utf-8",
  ".markdown": "text/markdown; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".log": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".json": "application/json",
  ".jsonl": "application/x-ndjson",
  ".html": "text/html; charset=utf-8",
  ".pdf": "application/pdf",
  ".srt": "application/x-subrip",
  ".vtt": "text/vtt; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".svg": "image/svg+xml",
  ".mp3": "audio/mpeg",
  ".m4a": "audio/mp4",
  ".aac": "audio/aac",
  ".wav": "audio/wav",
  ".flac": "audio/flac",
  ".ogg": "audio/ogg",
  ".oga": "audio/ogg",
  ".opus": "audio/ogg",
  ".weba": "audio/webm",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
};

/** Number of times that an output is opened which is replaced at that moment. */
const ATTEMPTS = 8;

/** Answers with a file of a tree, or the part of it that the request asks for. */
export async function sendOutput(tree, path, request, response) {
  const file = await opened(tree, path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw notFound(path);
    // By its version, since hashing hours of audio on every request would take as long as sending them.
    const etag = createHash("sha256").update(versionOf(stat)).digest("hex");
    response.setHeader("Content-Security-Policy", OUTPUT_POLICY);
    response.setHeader("Content-Disposition", "inline");
    response.setHeader("Accept-Ranges", "bytes");
    response.setHeader("ETag", `"${etag}"`);
    if (isCached(request, etag)) return void response.writeHead(304).end();
    const part = partOf(request, stat.size, etag);
    const { start, end } = part ?? { start: 0, end: stat.size - 1 };
    response.writeHead(part === undefined ? 200 : 206, {
      "Content-Type": TYPES[extname(path).toLowerCase()] ?? "application/octet-stream",
      "Content-Length": end - start + 1,
      ...(part !== undefined && { "Content-Range": `bytes ${start}-${end}/${stat.size}` }),
    });
    if (request.method === "HEAD" || stat.size === 0) return void response.end();
    // A page that has seen enough of it closes the connection.
    await pipeline(file.createReadStream({ start, end, autoClose: false }), response).catch(() => response.destroy());
  } finally {
    await file.close();
  }
}

/** Opens an output. Its place is checked again once it is open, as a link out of the folder may have taken it meanwhile. */
async function opened(tree, path) {
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const file = await openedFile(await tree.locatedOutput(path), path);
      let isInPlace = false;
      try {
        isInPlace = isSame(await file.stat(), await disk.stat(await tree.locatedOutput(path)));
        if (isInPlace) return file;
      } finally {
        if (!isInPlace) await file.close();
      }
    }
    throw notFound(path);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") throw notFound(path);
    throw isSystems(error) ? unreadable(error, path) : error;
  }
}

async function openedFile(absolute, path) {
  // A pipe without a writer would block its reader for ever.
  if (!(await disk.stat(absolute)).isFile()) throw notFound(path);
  return disk.open(absolute, "r");
}

/** True for the same file. On Windows some versions of Node tell another device of an open file than of its path. */
const isSame = (one, other) => one.ino === other.ino && (one.dev === other.dev || process.platform === "win32");

/** Returns the part that a request asks for; undefined for the whole file. Throws for a part that there is not. */
function partOf({ headers: { range, "if-range": condition } }, size, etag) {
  // A part of another version than the one known to the page would not fit to its other parts.
  if (range === undefined || (condition !== undefined && condition !== `"${etag}"`)) return undefined;
  const [, from, to] = /^bytes=(\d*)-(\d*)$/u.exec(range.trim()) ?? [];
  // Several parts at once, and other units, may be answered with the whole.
  if (from === undefined || (from === "" && to === "")) return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (start <= end) return { start, end };
  const error = { code: "no_such_part", message: `The file has ${size} bytes, and the requested range is outside of it.` };
  throw new Refusal(416, error, { headers: { "Content-Range": `bytes */${size}` } });
}
