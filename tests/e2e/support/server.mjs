// The static file server of `cargo xtask serve` and of the tests.
import { createServer } from "node:http";
import sirv from "sirv";

const HOST = "127.0.0.1";

/**
 * Serves a folder on this machine only.
 *
 * @param {object} options
 * @param {string} options.dir the folder
 * @param {number} [options.port] 0 for any free port
 * @param {boolean} [options.orAnother] true to use another port if this one is taken
 * @param {string} [options.base] the path prefix, with `/` at both ends
 * @param {(request: object, response: object) => Promise<boolean>} [options.answer] answers a request, or returns
 *   `false` to serve a file of the folder
 * @returns {Promise<{url: string, origin: string, port: number, close: () => Promise<void>}>}
 */
export async function startServer({ dir, port = 0, orAnother = false, base = "/", answer = async () => false }) {
  // `dev` reads from the disk on every request, and with `etag` sends `Cache-Control: no-cache`,
  // so that a reload shows a rebuilt bundle.
  const files = sirv(dir, { dev: true, etag: true });
  const server = createServer((request, response) => {
    response.setHeader("X-Content-Type-Options", "nosniff");
    const notFound = () => {
      response.statusCode = 404;
      response.end("There is no such file here.\n");
    };
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.statusCode = 405;
      response.end();
      return;
    }
    if (!request.url.startsWith(base)) {
      notFound();
      return;
    }
    request.url = request.url.slice(base.length - 1);
    answer(request, response).then(
      (answered) => answered || files(request, response, notFound),
      (error) => response.destroy(error),
    );
  });
  try {
    await listen(server, port);
  } catch (error) {
    if (!orAnother || error.code !== "EADDRINUSE") throw error;
    await listen(server, 0);
  }
  const taken = server.address().port;
  const origin = `http://${HOST}:${taken}`;
  return {
    origin,
    url: origin + base,
    port: taken,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Browsers keep connections open for later requests.
        server.closeAllConnections();
      }),
  };
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
