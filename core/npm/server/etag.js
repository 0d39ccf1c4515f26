// ETags: the SHA-256 of a file's bytes, as hexadecimal digits.
import { createHash } from "node:crypto";

/** Returns the ETag of contents, without its quotes. */
export const etagOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Converts an ETag to the revision of the same contents in a folder of sessions. */
export const revisionOfEtag = (etag) => Buffer.from(etag, "hex").toString("base64url");

/** True if a client has the contents with this ETag already, so that it needs no body. */
export function isCached(request, etag) {
  const known = etagsIn(request.headers["if-none-match"]);
  return known === "*" || known?.includes(etag) === true;
}

/** Reads the ETags of an If-Match or If-None-Match header: `*`, or a list without quotes; undefined if there is none. */
export function etagsIn(header) {
  if (header === undefined) return undefined;
  if (header.trim() === "*") return "*";
  return [...header.matchAll(/(?:W\/)?"([^"]*)"/gu)].map(([, etag]) => etag);
}
