// Answers in JSON, and the end of a connection whose request is not read to its end.

/** Milliseconds for which an answer can still be read by a client that is busy sending what nobody reads. */
const LINGER_MS = 1000;

/** Bytes of a body that are read to its end and dropped, so that its connection can be used again. */
const SMALL = 1 << 20;

/** Answers with a JSON document. */
export function sendJson(request, response, status, document, headers = {}) {
  const bytes = Buffer.from(`${JSON.stringify(document)}\n`);
  const isUnread = !request.complete && mayBeLarge(request);
  response.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": bytes.length,
    ...(isUnread && { Connection: "close" }),
  });
  if (!isUnread || request.method === "HEAD") return response.end(bytes);
  // To end the answer would read the rest of the request; to end the connection would discard the answer.
  response.write(bytes);
  const { socket } = request;
  const ending = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(ending));
}

/** True if a request announces a body. */
export const hasBody = ({ headers }) => Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined;

const mayBeLarge = ({ headers }) => Number(headers["content-length"] ?? 0) > SMALL || headers["transfer-encoding"] !== undefined;
