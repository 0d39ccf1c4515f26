// node sizes.mjs <tarball> <package folder>: prints the package's size.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const [tarball, folder] = process.argv.slice(2);

const row = (...cells) => console.log(cells.map((c, i) => (i ? `${c}`.padStart(10) : c.padEnd(28))).join(""));
row("bytes", "raw", "gzip", "brotli");
for (const name of readdirSync(folder).sort()) {
  const path = join(folder, name);
  if (!/\.(wasm|m?js)$/.test(name) || !statSync(path).isFile()) continue;
  const bytes = readFileSync(path);
  row(name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length);
}
row(basename(tarball), statSync(tarball).size, "", "");
console.log(`\nThe package is ${tarball}`);
