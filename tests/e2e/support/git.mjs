// A git repository for exported files, and a reader of archives.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";

const run = promisify(execFile);

/** A temporary git repository. */
export class Repository {
  constructor(dir) {
    this.dir = dir;
  }

  /** @param {Record<string, Uint8Array | string>} files the files to commit, by path */
  static async of(files) {
    const repository = new Repository(await mkdtemp(join(tmpdir(), "callboard-repository-")));
    await repository.git("init", "--quiet");
    // Git must not convert bytes, whatever its configuration.
    await repository.git("config", "core.autocrlf", "false");
    for (const [path, bytes] of Object.entries(files)) await repository.write(path, bytes);
    await repository.git("add", "--all");
    await repository.git("-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message=Before");
    return repository;
  }

  async git(...args) {
    const { stdout } = await run("git", args, { cwd: this.dir });
    return stdout;
  }

  read(path) {
    return readFile(join(this.dir, path));
  }

  async write(path, bytes) {
    const file = join(this.dir, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }

  /** Applies a patch at the root, with its paths relative to a folder. */
  async apply(patch, { folder = "" } = {}) {
    const file = join(await mkdtemp(join(tmpdir(), "callboard-patch-")), "a.patch");
    try {
      await writeFile(file, patch);
      await this.git("apply", "--whitespace=nowarn", `--directory=${folder}`, file);
    } finally {
      await rm(dirname(file), { recursive: true, force: true });
    }
  }

  /** Returns the lines that differ from the commit, with their sign and without indentation. */
  async differing() {
    const output = await this.git("diff", "--no-color", "-U0");
    const lines = output.split("\n").filter((line) => /^[+-](?!(\+\+|--) )/.test(line));
    return lines.map((line) => line[0] + line.slice(1).trim());
  }

  /** Restores the committed files. */
  async reset() {
    await this.git("reset", "--quiet", "--hard");
    await this.git("clean", "--quiet", "--force", "-d");
  }

  close() {
    return rm(this.dir, { recursive: true, force: true });
  }
}

/**
 * Returns the contents of an archive, by path, after checking every checksum.
 *
 * @param {Buffer} bytes
 * @returns {Promise<Record<string, Buffer>>}
 */
export async function unzip(bytes) {
  const zip = await promisify(yauzl.fromBuffer)(bytes, { lazyEntries: true });
  const files = {};
  const ended = new Promise((resolve, reject) => {
    zip.on("end", resolve);
    zip.on("error", reject);
    zip.on("entry", (entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const chunks = [];
        stream.on("data", (chunk) => chunks.push(chunk));
        stream.on("error", reject);
        stream.on("end", () => {
          const contents = Buffer.concat(chunks);
          assert.equal(crc32(contents), entry.crc32, `the sum of ${entry.fileName}`);
          files[entry.fileName] = contents;
          zip.readEntry();
        });
      });
    });
  });
  zip.readEntry();
  await ended;
  return files;
}
