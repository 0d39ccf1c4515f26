// `callboard merge`, called by git.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { Session } from "callboard";
import { FileStore } from "callboard/node";

import { folder } from "./support/folder.mjs";

const CLI = fileURLToPath(new URL("cli/callboard.js", import.meta.resolve("callboard/package.json")));
const FIXTURE = fileURLToPath(new URL("../../../tests/fixtures/sessions/ep001_session_20240811.json", import.meta.url));
const FILE = "ep001_session_20240811.json";
const ID = "ep_001_20240811_1430";

/** Creates a repository with the fixture committed, and callboard as its merge driver. */
async function repository() {
  const dir = await folder();
  const git = (...args) => {
    const { status, stdout, stderr } = spawnSync("git", args, { cwd: dir, encoding: "utf8", env: ENV });
    return { code: status, out: stdout + stderr };
  };
  const done = (...args) => assert.equal(git(...args).code, 0, args.join(" "));
  done("init", "--quiet", "--initial-branch", "ours");
  await copyFile(FIXTURE, join(dir, FILE));
  await writeFile(join(dir, ".gitattributes"), "*.json merge=callboard\n");
  done("config", "merge.callboard.driver", `"${process.execPath}" "${CLI}" merge %O %A %B %P`);
  done("add", ".");
  done("commit", "--quiet", "--message", "a session");
  done("branch", "theirs");
  return { dir, git, done, path: join(dir, FILE) };
}

const ENV = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.org",
};

/** Changes the session on a branch. */
async function on(branch, { done }, change) {
  done("checkout", "--quiet", branch);
  await change();
  done("commit", "--quiet", "--all", "--message", `what happened on ${branch}`);
}

test("two branches that both spent money are merged without a conflict", async () => {
  const repo = await repository();
  const bill = (cost, now) => () =>
    new FileStore(repo.dir).apply(ID, { type: "progress", agent: "script_writer", cost }, { now });
  await on("ours", repo, bill(0.5, "2024-08-11T15:20:00Z"));
  await on("theirs", repo, bill(0.25, "2024-08-11T15:21:00Z"));
  repo.done("checkout", "--quiet", "ours");
  const merged = repo.git("merge", "--no-edit", "theirs");
  assert.equal(merged.code, 0, merged.out);
  const text = await readFile(repo.path, "utf8");
  const before = JSON.parse(await readFile(FIXTURE, "utf8"));
  const after = JSON.parse(text);
  assert.equal(after.cost_tracking.total, before.cost_tracking.total + 0.75);
  assert.deepEqual(after.history.slice(-2).map(({ cost }) => cost), [0.5, 0.25]);
  assert.deepEqual(Session.parse(text).diagnostics().filter(({ severity }) => severity === "error"), []);
});

test("a true conflict is reported to git, with our side in the file and both on the terminal", async () => {
  const repo = await repository();
  const rename = (topic) => async () =>
    writeFile(repo.path, (await readFile(repo.path, "utf8")).replace("Why Octopuses Dream", topic));
  await on("ours", repo, rename("Our topic"));
  await on("theirs", repo, rename("Their topic"));
  repo.done("checkout", "--quiet", "ours");
  const merged = repo.git("merge", "--no-edit", "theirs");
  assert.equal(merged.code, 1);
  assert.ok(merged.out.includes(`${FILE}: episode.topic conflicts: ours "Our topic", theirs "Their topic"`), merged.out);
  assert.equal(JSON.parse(await readFile(repo.path, "utf8")).episode.topic, "Our topic");
  assert.equal(repo.git("diff", "--name-only", "--diff-filter=U").out, `${FILE}\n`);
});

test("a side that is no session is a conflict, and nothing is overwritten", async () => {
  const repo = await repository();
  await on("ours", repo, () => writeFile(repo.path, "{"));
  await on("theirs", repo, async () =>
    writeFile(repo.path, (await readFile(repo.path, "utf8")).replace("Why Octopuses Dream", "Their topic")),
  );
  repo.done("checkout", "--quiet", "ours");
  const merged = repo.git("merge", "--no-edit", "theirs");
  assert.equal(merged.code, 1, merged.out);
  assert.match(merged.out, /It cannot be merged as a session/);
  assert.equal(await readFile(repo.path, "utf8"), "{");
});

test("a file that both branches added is merged as if it had been empty before", async () => {
  const repo = await repository();
  const other = "ep002_session_20240812.json";
  const add = (branch, cost) => async () => {
    const store = new FileStore(repo.dir);
    const id = await store.initializeSession({ episode: 2, topic: "tides" }, { now: "2024-08-12T10:00:00Z" });
    await store.apply(id, { type: "start", agent: "research_coordinator" }, { now: "2024-08-12T10:01:00Z" });
    await store.apply(id, { type: "progress", agent: "research_coordinator", cost }, { now: `2024-08-12T10:0${branch}:00Z` });
    repo.done("add", ".");
  };
  await on("ours", repo, add(2, 0.5));
  await on("theirs", repo, add(3, 0.25));
  repo.done("checkout", "--quiet", "ours");
  const merged = repo.git("merge", "--no-edit", "theirs");
  assert.equal(merged.code, 0, merged.out);
  const { cost_tracking, history } = JSON.parse(await readFile(join(repo.dir, other), "utf8"));
  assert.deepEqual([cost_tracking.research, cost_tracking.total], [0.75, 0.75]);
  assert.deepEqual(history.map(({ event }) => event), ["initialize", "start", "progress", "progress"]);
});

test("a side that is not UTF-8 is a conflict, and a byte order mark stays", async () => {
  const repo = await repository();
  const latin = Buffer.from((await readFile(FIXTURE, "latin1")).replace("Why Octopuses Dream", "Pourquoi r\u00eaver"), "latin1");
  await on("ours", repo, () => writeFile(repo.path, latin));
  await on("theirs", repo, async () =>
    writeFile(repo.path, (await readFile(repo.path, "utf8")).replace("Why Octopuses Dream", "Their topic")),
  );
  repo.done("checkout", "--quiet", "ours");
  const merged = repo.git("merge", "--no-edit", "theirs");
  assert.equal(merged.code, 1, merged.out);
  assert.match(merged.out, /is not UTF-8.*It cannot be merged as a session/s);
  assert.deepEqual(await readFile(repo.path), latin);

  const marked = await repository();
  const text = `\ufeff${await readFile(FIXTURE, "utf8")}`;
  await on("ours", marked, () => writeFile(marked.path, text));
  await on("theirs", marked, () =>
    new FileStore(marked.dir).apply(ID, { type: "progress", agent: "script_writer", cost: 0.5 }, { now: "2024-08-11T15:20:00Z" }),
  );
  marked.done("checkout", "--quiet", "ours");
  assert.equal(marked.git("merge", "--no-edit", "theirs").code, 0);
  const after = await readFile(marked.path, "utf8");
  assert.ok(after.startsWith("\ufeff{") && after.includes('"cost": 0.5'));
});
