// The files of a source, as lines of JSON that are sent while the next files are read.
import { isUtf8 } from "node:buffer";

import { refusalOf } from "./refusal.js";

/** Characters that are sent at once. */
const BATCH = 1 << 18;

/** Answers with every file of a source, and the id of the event before the first was read. */
export async function sendListing(source, event, response) {
  const listing = source.list();
  // A folder that cannot be read is refused before anything is sent.
  let next = await listing.next();
  response.writeHead(200, { "Content-Type": "application/x-ndjson" });
  let batch = "";
  let files = 0;
  for (; !next.done; next = await listing.next()) {
    const file = next.value;
    files += 1;
    batch += `${JSON.stringify(lineOf(file))}\n`;
    if (batch.length < BATCH) continue;
    const accepted = response.write(batch);
    batch = "";
    if (!accepted) await drained(response);
    // Nobody reads it any more.
    if (response.destroyed) return void (await listing.return());
  }
  response.end(`${batch}${JSON.stringify({ end: true, files, event: String(event) })}\n`);
}

/** Waits until a client has read what was sent, or has gone. */
function drained(response) {
  return new Promise((resolve) => {
    const end = () => {
      response.off("drain", end);
      response.off("close", end);
      resolve();
    };
    response.on("drain", end);
    response.on("close", end);
    if (response.destroyed) end();
  });
}

function lineOf({ path, bytes, etag, unopened, isFolder, error }) {
  if (unopened) return { path, unopened };
  if (error !== undefined) return { path, folder: isFolder, ...(refusalOf(error) ?? failed(error)).body };
  return { path, etag, ...(isUtf8(bytes) ? { text: bytes.toString("utf8") } : { base64: bytes.toString("base64") }) };
}

const failed = (error) => ({ body: { error: { code: "unreadable", message: String(error?.message ?? error) } } });
