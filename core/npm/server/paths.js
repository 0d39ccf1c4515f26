// Paths of requests: relative to the served folder, and never out of it.
import { outside } from "./refusal.js";

/** Characters that no segment may have: separators of any system, and controls. */
const FORBIDDEN = /[/\\\u0000-\u001f\u007f]/u;

/** Names that Windows takes for something else: drives and streams, and names with an ending that it drops. */
const WINDOWS = /:|[. ]$/u;

/** Decodes the path of an address, each of its segments once; throws for one that could lead out of the folder. */
export function decodedPath(encoded) {
  const segments = encoded.split("/").map((segment) => {
    try {
      return decodeURIComponent(segment);
    } catch {
      throw outside(encoded);
    }
  });
  assertInside(segments, encoded);
  return segments.join("/");
}

/** Returns a path from the body of a request, which is not encoded, if it stays in the folder. */
export function checkedPath(path) {
  if (typeof path !== "string") throw outside(String(path));
  assertInside(path.split("/"), path);
  return path;
}

function assertInside(segments, shown) {
  if (!segments.every(isPlain)) throw outside(shown);
}

function isPlain(segment) {
  if (segment === "" || segment === "." || segment === ".." || FORBIDDEN.test(segment)) return false;
  if (/^[A-Za-z]:$/u.test(segment)) return false;
  return process.platform !== "win32" || !WINDOWS.test(segment);
}
