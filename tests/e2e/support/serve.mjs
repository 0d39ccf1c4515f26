// node serve.mjs <dir> <port>: serves a folder until it is stopped. For `cargo xtask serve`.
import { startServer } from "./server.mjs";

const [dir, port] = process.argv.slice(2);
const wanted = Number(port);
const server = await startServer({ dir, port: wanted, orAnother: true });
if (wanted !== 0 && server.port !== wanted) {
  console.log(`Port ${wanted} is taken, so a free one was chosen.`);
}
console.log(`Callboard is at ${server.url} (Ctrl-C stops it).`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => server.close().then(() => process.exit(0)));
}
