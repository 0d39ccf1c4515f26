// Git repositories for tests, apart from the settings of the machine.
import { execFileSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { folder } from "./folder.mjs";

// The server in this process runs git too.
Object.assign(process.env, { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", EMAIL: "" });
for (const name of Object.keys(process.env)) if (/^GIT_(AUTHOR|COMMITTER)_/u.test(name)) delete process.env[name];

/** Creates a repository: `git` runs a command in it, `write` writes a file. */
export async function repository({ author = true } = {}) {
  const root = await folder();
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.useConfigOnly", "true");
  if (author) {
    git("config", "user.name", "Ada Lovelace");
    git("config", "user.email", "ada@example.com");
  }
  const write = async (path, contents) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), contents);
  };
  const hook = async (name, script) => {
    await write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
    await chmod(join(root, ".git/hooks", name), 0o755);
  };
  return { root, git, write, hook };
}
