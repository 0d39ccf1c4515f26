// A server that listens at a port, or the next one, and stays small however it is used.
import { createServer } from "node:http";

/** Connections at a time: a browser opens about six for each tab. */
const MOST_CONNECTIONS = 500;

/** Limits of requests: bytes of the head, and milliseconds for the head, for all of it, and of silence. */
const HEAD_BYTES = 16 << 10;
const HEAD_MS = 10_000;
const REQUEST_MS = 60_000;
const SILENCE_MS = 120_000;
const KEEP_ALIVE_MS = 10_000;
const CHECK_MS = 2000;

/** Number of ports that are tried, from the wanted one on. */
const TRIES = 50;

/** Creates a server with limits, which passes every request to `answer`. */
export function limitedServer(answer) {
  const server = createServer({
    maxHeaderSize: HEAD_BYTES,
    headersTimeout: HEAD_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = SILENCE_MS;
  server.on("request", answer);
  // The body is asked for once it is wanted.
  server.on("checkContinue", answer);
  server.on("clientError", (error, socket) => {
    const status = { HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large", ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout" };
    if (socket.writable) socket.write(`HTTP/1.1 ${status[error.code] ?? "400 Bad Request"}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.destroySoon();
  });
  return server;
}

/** Listens at a port, or the next free one; at port 0, at any. Returns the port. */
export async function listenFrom(server, host, port) {
  for (let tried = 1; ; tried += 1) {
    try {
      await listen(server, host, port);
      return server.address().port;
    } catch (error) {
      if (error.code !== "EADDRINUSE" || port === 0) throw error;
      port = tried < TRIES && port < 65_535 ? port + 1 : 0;
    }
  }
}

function listen(server, host, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
