// Git in the served folder, by its own command: what has changed, a commit of session files alone, and a push.
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { lstat, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

import { CallboardError } from "callboard";
import { isToolFolder } from "callboard/import";

import { read } from "../store/files.js";
import { isSystems, unwritable } from "../store/system.js";
import { checkedPath } from "./paths.js";
import { Refusal } from "./refusal.js";
import { isSessionBytes } from "./session-bytes.js";

/** Milliseconds that a hook, or a push over a slow line, may take. */
const TIMEOUT_MS = 10 * 60_000;

/** Bytes of output that are read. */
const MOST_OUTPUT = 64 << 20;

/** Characters of output that an answer has; the end says what went wrong. */
const SHOWN = 20_000;

/** Largest session file in bytes. */
const LIMIT = 64 << 20;

/** Options of a command that reads its paths from its input: a command line has no room for many (on Windows, 32 kB). */
const PATHS_FROM_INPUT = ["--pathspec-from-file=-", "--pathspec-file-nul"];

/**
 * Returns the input that names paths literally: a file's name is never a pattern. Git's option for this would reach the
 * hooks, whose own patterns it would break.
 */
const literal = (paths) => paths.map((path) => `:(literal)${path}\0`).join("");

/** Number of deleted files that git is asked for at a time. */
const BATCH = 200;

/** Variables by which a surrounding git command would redirect ours to another repository. */
const REDIRECTING_VARIABLES = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_PREFIX",
  "GIT_OBJECT_DIRECTORY",
  "GIT_COMMON_DIR",
  "GIT_NAMESPACE",
  "GIT_LITERAL_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

/** Hooks that may refuse a commit. */
const HOOKS = ["pre-commit", "prepare-commit-msg", "commit-msg"];

/** Files of git's folder that show an unfinished merge or the like, in which a commit of some files is impossible. */
const UNFINISHED = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"];

/** The git work tree that a served folder is in. */
export class Repository {
  #tree;
  #prefix;
  #queue = Promise.resolve();

  constructor(tree, prefix) {
    this.#tree = tree;
    this.#prefix = prefix;
  }

  /**
   * Finds the work tree of a served folder; undefined if it is in none, or if there is no git.
   * @param {import("./tree.js").Tree} tree
   */
  static async of(tree) {
    const { code, stdout } = await git(tree.root, ["rev-parse", "--is-inside-work-tree", "--show-prefix"]);
    const [inside, prefix = ""] = stdout.split("\n");
    return code === 0 && inside === "true" ? new Repository(tree, prefix) : undefined;
  }

  /** Returns the branch, the author of a commit, the state against the upstream, and the changed session files. */
  async status() {
    const [branch, author, upstream, changed] = await Promise.all([this.#branch(), this.#author(), this.#upstream(), this.#changed()]);
    const ahead = upstream === null ? null : await this.#ahead();
    return { branch, author, upstream: upstream?.name ?? null, ahead, changed: changed.map(({ path }) => path) };
  }

  /**
   * Returns the bytes that a file had in the last commit, as a checkout would write them; undefined if it was not there.
   * A file's path is checked already.
   */
  async head(path) {
    const { code, stdout } = await this.#git(["cat-file", "--filters", `HEAD:${this.#prefix}${path}`], { encoding: "buffer" });
    return code === 0 ? stdout : undefined;
  }

  /** Commits the present content of session files, and of nothing else. One commit is made at a time. */
  commit(paths, message) {
    return this.#alone(() => this.#commit(paths, message));
  }

  /** Pushes the branch to its upstream. */
  push() {
    return this.#alone(() => this.#push());
  }

  #alone(work) {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #commit(paths, message) {
    if (!Array.isArray(paths) || paths.length === 0) throw badRequest("Name the session files to commit.");
    if (typeof message !== "string" || message.trim() === "") throw badRequest("A commit needs a message.");
    const wanted = [...new Set(paths.map(checkedPath))];
    for (const path of wanted) await this.#assertSession(path);
    await this.#assertFinished();
    const changed = await this.#changed(wanted);
    if (changed.length === 0) throw nothingToCommit();
    if ((await this.#author()) === null) {
      const hint = 'Set it with: git config user.name "Your Name" and git config user.email you@example.com.';
      throw refused("no_author", "Git does not know who you are.", { hint });
    }
    const added = changed.filter(({ isUntracked }) => isUntracked).map(({ path }) => path);
    const files = changed.map(({ path }) => path);
    // A staged change that the file no longer has.
    if (added.length === 0 && !(await this.#differs(files))) throw nothingToCommit();
    await withTextFile(message, (messageFile) => this.#makeCommit({ files, added, messageFile }));
    const [hash, short, ...summary] = (await this.#demand(["log", "-1", "--no-show-signature", "--format=%H%n%h%n%s"])).trimEnd().split("\n");
    return { hash, short, summary: summary.join("\n"), branch: await this.#branch() };
  }

  /** Makes a commit of files, of which some are `added`, with the message in a file. */
  async #makeCommit({ files, added, messageFile }) {
    const before = await this.#lastCommit();
    if (added.length > 0) await this.#demand(["add", "--intent-to-add", ...PATHS_FROM_INPUT], { input: literal(added) });
    // Lines that begin with # are text: the message was not written in an editor.
    const args = ["commit", "--only", "--quiet", "--cleanup=whitespace", `--file=${messageFile}`, ...PATHS_FROM_INPUT];
    const done = await this.#git(args, { input: literal(files) });
    if (done.code === 0) return;
    // To HEAD's entries: the commit may have been made.
    if (added.length > 0) await this.#git(["reset", "--quiet", ...PATHS_FROM_INPUT], { input: literal(added) });
    if (!(await this.#isCommitted(files, before))) throw await this.#commitFailed(done);
  }

  /** False if a commit of files would be empty. */
  async #differs(paths) {
    const { code } = await this.#git(["commit", "--dry-run", "--short", "--only", ...PATHS_FROM_INPUT], { input: literal(paths) });
    // Any other failure is left to the commit.
    return code !== 1;
  }

  /** True if files were committed after `before`: a hook that runs after a commit may be ended by the time limit. */
  async #isCommitted(paths, before) {
    return (await this.#lastCommit()) !== before && (await this.#changed(paths)).length === 0;
  }

  async #commitFailed({ code, output }) {
    const hooks = await this.#hooks();
    // Git itself ends with 128 and a line of its own.
    if (hooks.length > 0 && code === 1 && !/^(?:fatal|error): /mu.test(output)) {
      const message = `The repository's ${hooks.join(" or ")} hook refused the commit.`;
      return refused("hook_failed", message, { output, hint: "Correct what the hook reports, then commit again." });
    }
    return refused("git_failed", "Git could not make the commit.", { output });
  }

  async #hooks() {
    const folder = (await this.#demand(["rev-parse", "--git-path", "hooks"])).trimEnd();
    return HOOKS.filter((name) => isExecutable(resolve(this.#tree.root, folder, name)));
  }

  async #push() {
    const upstream = await this.#upstream();
    if (upstream === null) {
      const hint = "Set one in a terminal with: git push --set-upstream origin <branch>.";
      throw refused("no_upstream", "This branch has no upstream to push to.", { hint });
    }
    // To nothing but the upstream, whatever git's settings say about other branches and tags.
    const args = ["push", "--no-follow-tags", "--recurse-submodules=no", "--", upstream.remote, `HEAD:${upstream.merge}`];
    const { code, output } = await this.#git(args);
    if (code !== 0) throw refused("push_failed", `Git could not push to ${upstream.name}.`, { output, hint: "Fetch and merge first if others have pushed." });
    return { branch: await this.#branch(), upstream: upstream.name, output: shown(output) };
  }

  async #assertSession(path) {
    if (isSessionPath(path)) {
      const file = await this.#tree.located(path);
      const isSessionFile = (await isThere(file)) ? await isSession(file) : (await this.#committedSessions([path])).has(path);
      if (isSessionFile) return;
    }
    throw new Refusal(422, { code: "not_a_session", message: `${path} is not a session file. Only session files are committed here.` });
  }

  async #assertFinished() {
    const paths = (await this.#demand(["rev-parse", ...UNFINISHED.flatMap((name) => ["--git-path", name])])).trimEnd().split("\n");
    if (!paths.some((path) => existsSync(resolve(this.#tree.root, path)))) return;
    throw refused("merging", "A merge or rebase is not finished in this repository.", { hint: "Finish or abort it in a terminal, then commit." });
  }

  /** Returns the file of a path that git has told; undefined if the server does not read it, as no page could show it. */
  async #served(path) {
    try {
      return await this.#tree.located(checkedPath(path));
    } catch (error) {
      if (error instanceof Refusal || error instanceof CallboardError) return undefined;
      throw error;
    }
  }

  /** Lists the changed, the deleted and the untracked session files: all, or those of the given paths. */
  async #changed(paths) {
    const wanted = paths && new Set(paths);
    const options = ["--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all"];
    // Without a lock, which an agent's own git command would meet.
    const text = await this.#demand(["--no-optional-locks", "status", ...options, "--", "."]);
    // By path: git has two entries for a file that was taken out of the index, of which the first is the commit's.
    const changed = new Map();
    const deleted = [];
    for (const entry of text.split("\0")) {
      const full = entry.slice(3);
      if (entry === "" || !full.startsWith(this.#prefix)) continue;
      const path = full.slice(this.#prefix.length);
      if (changed.has(path) || wanted?.has(path) === false) continue;
      const file = isSessionPath(path) ? await this.#served(path) : undefined;
      if (file === undefined) continue;
      if (!(await isThere(file))) deleted.push(path);
      else if (await isSession(file)) changed.set(path, { path, isUntracked: entry.startsWith("??") });
    }
    for (const path of await this.#committedSessions(deleted)) changed.set(path, { path, isUntracked: false });
    return [...changed.values()];
  }

  /** Returns those of the checked paths that are session files in the last commit. */
  async #committedSessions(paths) {
    const sessions = new Set();
    for (let at = 0; at < paths.length; at += BATCH) {
      const some = paths.slice(at, at + BATCH);
      const input = some.map((path) => `HEAD:${this.#prefix}${path}\n`).join("");
      const { code, stdout } = await this.#git(["cat-file", "--batch"], { input, encoding: "buffer" });
      if (code !== 0) continue;
      let from = 0;
      for (const path of some) {
        const end = stdout.indexOf("\n", from);
        const size = /^\S+ blob (\d+)$/u.exec(stdout.toString("utf8", from, end))?.[1];
        from = end + 1;
        // Without content it is not in the commit.
        if (size === undefined) continue;
        if (isSessionBytes(stdout.subarray(from, from + Number(size)))) sessions.add(path);
        from += Number(size) + 1;
      }
    }
    return sessions;
  }

  /** Returns the hash of the last commit; undefined if there is none. */
  async #lastCommit() {
    const { code, stdout } = await this.#git(["rev-parse", "--verify", "--quiet", "HEAD"]);
    return code === 0 ? stdout.trimEnd() : undefined;
  }

  async #branch() {
    // The short form has a prefix where a tag has the branch's name.
    const { code, stdout } = await this.#git(["symbolic-ref", "--quiet", "HEAD"]);
    return code === 0 ? stdout.trimEnd().replace(/^refs\/heads\//u, "") : null;
  }

  async #author() {
    const { code, stdout } = await this.#git(["var", "GIT_AUTHOR_IDENT"]);
    // The name and address, without the time.
    return code === 0 ? stdout.replace(/ \d+ [+-]\d+\s*$/u, "") : null;
  }

  async #upstream() {
    const branch = await this.#branch();
    if (branch === null) return null;
    const text = await this.#git(["for-each-ref", "--format=%(upstream:short)%00%(upstream:remotename)%00%(upstream:remoteref)", `refs/heads/${branch}`]);
    const [name, remote, merge] = text.stdout.trimEnd().split("\0");
    return name && remote && merge ? { name, remote, merge } : null;
  }

  async #ahead() {
    const { code, stdout } = await this.#git(["rev-list", "--count", "@{upstream}..HEAD"]);
    return code === 0 ? Number(stdout) : null;
  }

  /** Runs a command that only fails if something is wrong with the repository. */
  async #demand(args, options) {
    const { code, stdout, output } = await this.#git(args, options);
    if (code !== 0) throw refused("git_failed", `git ${args.find((arg) => !arg.startsWith("-"))} failed.`, { output });
    return stdout;
  }

  #git(args, options) {
    return git(this.#tree.root, args, options);
  }
}

/** Runs git, without a shell; `code` is undefined if it cannot be run. */
function git(cwd, args, { input = "", encoding = "utf8" } = {}) {
  // Nobody could answer a question for a password.
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  for (const name of REDIRECTING_VARIABLES) delete env[name];
  return new Promise((resolve) => {
    const options = { cwd, env, encoding, timeout: TIMEOUT_MS, maxBuffer: MOST_OUTPUT, windowsHide: true };
    const child = execFile("git", args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
      const reason = error !== null && code === undefined ? `${error.message}\n` : "";
      resolve({ code, stdout, output: `${reason}${stderr}${stdout}` });
    });
    // A hook or git may end before it has read everything.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** True for a path that a session file may have. */
const isSessionPath = (path) => path.endsWith(".json") && !basename(path).startsWith(".") && !path.split("/").some(isToolFolder);

/** True if there is something of this name; a link to nothing counts. */
const isThere = (file) => lstat(file).then(() => true, () => false);

/** True for a file that holds a session. */
async function isSession(file) {
  try {
    const contents = await read(file, { limit: LIMIT });
    return contents !== undefined && isSessionBytes(contents.bytes);
  } catch (error) {
    if (error instanceof CallboardError) return false;
    throw error;
  }
}

/** Runs `work` with the path of a file that has this text and is removed afterwards. */
async function withTextFile(text, work) {
  const folder = await mkdtemp(join(tmpdir(), "callboard-")).catch(notTemporary);
  try {
    const file = join(folder, "message");
    await writeFile(file, text).catch(notTemporary);
    return await work(file);
  } finally {
    // The result of the work matters more than a file that cannot be removed.
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

function notTemporary(error) {
  throw isSystems(error) ? unwritable(error, tmpdir()) : error;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const shown = (output) => output.slice(-SHOWN).trim();

const nothingToCommit = () => refused("nothing_to_commit", "These files have no changes since the last commit.");

const badRequest = (message) => new Refusal(400, { code: "bad_request", message });

const refused = (code, message, { hint, output } = {}) =>
  new Refusal(409, { code, message, hint }, { more: output === undefined ? {} : { output: shown(output) } });
