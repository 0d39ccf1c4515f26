// Bodies of requests, limited.
import { Refusal } from "./refusal.js";

/** Largest body of a file, and of a command, in bytes. */
export const FILE_LIMIT = 16 << 20;
const COMMAND_LIMIT = 1 << 20;

/** Reads a body of at most `limit` bytes; throws before reading one that is larger. */
export async function readBody(request, response, limit) {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  if (request.headers.expect !== undefined) response.writeContinue();
  const chunks = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const onData = (chunk) => {
      length += chunk.length;
      if (length <= limit) return chunks.push(chunk);
      // The rest stays unread: the answer ends the connection.
      request.pause();
      request.off("data", onData);
      reject(tooLarge(limit));
    };
    request.on("data", onData);
    request.on("end", () => resolve(Buffer.concat(chunks, length)));
    request.on("close", () => reject(new Error("The request ended before its body.")));
    request.on("error", reject);
  });
}

/** Reads a body that is a JSON object. */
export async function readCommand(request, response) {
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/json") throw badCommand(415, "The request must be JSON.");
  const bytes = await readBody(request, response, COMMAND_LIMIT);
  let command;
  try {
    command = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw badCommand(400, "The request is no valid JSON.");
  }
  if (command === null || typeof command !== "object" || Array.isArray(command)) throw badCommand(400, "The request must be a JSON object.");
  return command;
}

export const badCommand = (status, message) => new Refusal(status, { code: "bad_request", message });

function tooLarge(limit) {
  const message = `The request is larger than ${limit >> 20} MB, the limit.`;
  return new Refusal(413, { code: "too_large", message, hint: "Split the file, or shorten it." });
}
