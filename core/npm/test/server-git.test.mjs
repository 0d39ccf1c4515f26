// Commits and pushes of the local server, in real repositories.
import assert from "node:assert/strict";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { folder } from "./support/folder.mjs";
import { repository } from "./support/repository.mjs";
import { TEXT, served, tree } from "./support/server.mjs";

const changed = (text, word = "More ") => text.replace('"topic": "', `"topic": "${word}`);

/** Creates a repository with a committed session, and serves it. */
async function production(options) {
  const made = await repository(options);
  await made.write("sessions/a.json", TEXT);
  await made.write("notes.md", "notes\n");
  made.git("add", ".");
  made.git("-c", "user.name=First", "-c", "user.email=first@example.com", "commit", "--quiet", "-m", "first");
  const server = await served(made.root);
  const commit = async (paths, message = "ep 1: complete writing") => {
    const response = await server.post("/api/git/commit", { paths, message });
    return { status: response.status, ...(await response.json()) };
  };
  return { ...made, ...server, commit };
}

const filesOf = (git, at = "HEAD") => git("show", "--name-only", "--no-renames", "--format=", "-z", at).split("\0").filter(Boolean).sort();

test("the changed and untracked session files are told, and nothing else", async () => {
  const { json, git, write } = await production();
  assert.deepEqual(await json("/api/git"), { branch: "main", author: "Ada Lovelace <ada@example.com>", upstream: null, ahead: null, changed: [] });
  await write("sessions/a.json", changed(TEXT));
  await write("sessions/ünï cödé.json", TEXT);
  await write("sessions/-dash.json", TEXT);
  await write("sessions/broken.json", "{");
  await write("other.json", '{"a": 1}');
  await write("notes.md", "more\n");
  await write("node_modules/x.json", TEXT);
  await write(".gitignore", "ignored.json\n");
  await write("ignored.json", TEXT);
  git("add", "notes.md");
  const { changed: found } = await json("/api/git");
  assert.deepEqual(found.sort(), ["sessions/-dash.json", "sessions/a.json", "sessions/ünï cödé.json"]);
  assert.equal((await json("/api/source")).commit, true);
});

test("a deleted and a renamed session file are committed as such", async () => {
  const { root, git, write, commit, json } = await production();
  await write("sessions/b.json", TEXT.replace("ep_1", "ep_2"));
  await write("other.json", '{"a": 1}');
  git("add", ".");
  git("-c", "user.name=First", "-c", "user.email=first@example.com", "commit", "--quiet", "-m", "second");
  for (const path of ["sessions/a.json", "other.json", "notes.md"]) await rm(join(root, path));
  git("mv", "sessions/b.json", "b.json");
  assert.deepEqual((await json("/api/git")).changed.sort(), ["b.json", "sessions/a.json", "sessions/b.json"]);
  for (const path of ["other.json", "notes.md", "gone.json"]) assert.equal((await commit([path])).error.code, "not_a_session");
  assert.equal((await commit(["b.json", "sessions/b.json", "sessions/a.json"])).status, 200);
  assert.deepEqual(filesOf(git), ["b.json", "sessions/a.json", "sessions/b.json"]);
  assert.equal(git("status", "--porcelain"), " D notes.md\n D other.json\n");
  assert.equal((await json("/api/git")).changed.length, 0);
});

test("a commit has these files alone, and what else is staged stays staged", async () => {
  const { git, write, commit } = await production();
  await write("sessions/a.json", changed(TEXT));
  await write("sessions/b.json", TEXT);
  await write("notes.md", "staged\n");
  git("add", "notes.md");
  await write("notes.md", "staged, and changed again\n");
  await write("sessions/c.json", TEXT);
  git("add", "sessions/c.json");
  const message = "ep 1: complete writing, start evaluation\n\n# not a comment\n- gates: 3 of 3\n";
  const { status, hash, short, summary, branch } = await commit(["sessions/a.json", "sessions/b.json"], message);
  assert.equal(status, 200);
  assert.equal(hash, git("rev-parse", "HEAD").trim());
  assert.ok(hash.startsWith(short));
  assert.deepEqual([summary, branch], ["ep 1: complete writing, start evaluation", "main"]);
  assert.deepEqual(filesOf(git), ["sessions/a.json", "sessions/b.json"]);
  assert.equal(git("log", "-1", "--format=%B").trimEnd(), message.trimEnd());
  assert.equal(git("log", "-1", "--format=%an <%ae> %cn").trim(), "Ada Lovelace <ada@example.com> Ada Lovelace");
  assert.equal(git("show", ":notes.md"), "staged\n");
  assert.deepEqual(git("diff", "--cached", "--name-only").trim().split("\n"), ["notes.md", "sessions/c.json"]);
  assert.equal(git("diff", "--name-only").trim(), "notes.md");
});

test("names with spaces, umlauts, patterns and leading dashes are names", async () => {
  const { git, write, commit, json } = await production();
  const names = ["-dash.json", "--all.json", "a b.json", "ünï.json", "[a].json", "*.json", ":(top)x.json", "é'\"`$(id).json"];
  for (const name of names) await write(name, TEXT);
  await write("a.json", TEXT);
  assert.deepEqual((await json("/api/git")).changed.sort(), [...names, "a.json"].sort());
  const { status, error } = await commit(names);
  assert.equal(status, 200, JSON.stringify(error));
  assert.deepEqual(filesOf(git), [...names].sort());
  assert.equal(git("status", "--porcelain").trim(), "?? a.json");
});

test("a hook runs, and its refusal is shown; the untracked files stay untracked", async () => {
  const { git, write, commit, hook } = await production();
  await write("sessions/a.json", changed(TEXT));
  await write("sessions/new.json", TEXT);
  await hook("pre-commit", "git diff --cached --name-only -- '*.json' >&2\necho 'no commits on Sundays' >&2\nexit 1");
  const before = git("rev-parse", "HEAD");
  const { status, error } = await commit(["sessions/a.json", "sessions/new.json"]);
  assert.deepEqual([status, error.code], [409, "hook_failed"]);
  assert.match(error.output, /sessions\/a\.json[\s\S]*no commits on Sundays/u, "and the hook's patterns work");
  assert.equal(git("rev-parse", "HEAD"), before);
  assert.equal(git("status", "--porcelain"), " M sessions/a.json\n?? sessions/new.json\n");
  await hook("pre-commit", "exit 0");
  await hook("commit-msg", 'grep -q "^ep" "$1" || { echo "begin with ep"; exit 1; }');
  assert.equal((await commit(["sessions/a.json"], "wrong")).error.code, "hook_failed");
  assert.equal((await commit(["sessions/a.json"], "ep 1: right")).status, 200);
});

test("what fails after the commit is made leaves no file staged for deletion, and the commit is told", async () => {
  const { git, write, commit, hook, json } = await production();
  await write("sessions/a.json", changed(TEXT));
  await write("sessions/new.json", TEXT);
  // As the time limit does it to a hook that takes too long.
  await hook("post-commit", 'kill -TERM "$PPID"');
  const { status, hash, summary } = await commit(["sessions/a.json", "sessions/new.json"]);
  assert.equal(git("status", "--porcelain"), "");
  assert.deepEqual(filesOf(git), ["sessions/a.json", "sessions/new.json"]);
  assert.deepEqual([status, hash, summary], [200, git("rev-parse", "HEAD").trim(), "ep 1: complete writing"]);
  await write("sessions/later.json", TEXT);
  await hook("pre-commit", 'kill -TERM "$PPID"');
  assert.deepEqual((await commit(["sessions/later.json"])).error.code, "git_failed");
  assert.equal(git("status", "--porcelain"), "?? sessions/later.json\n");
  assert.deepEqual((await json("/api/git")).changed, ["sessions/later.json"]);
});

test("a new repository gets its first commit", async () => {
  const { root, git, write, hook } = await repository();
  await write("a.json", TEXT);
  await write("b.md", "staged");
  git("add", "b.md");
  const { post, json } = await served(root);
  assert.deepEqual(await json("/api/git"), { branch: "main", author: "Ada Lovelace <ada@example.com>", upstream: null, ahead: null, changed: ["a.json"] });
  await hook("pre-commit", "exit 1");
  assert.equal((await post("/api/git/commit", { paths: ["a.json"], message: "first" })).status, 409);
  assert.equal(git("status", "--porcelain"), "A  b.md\n?? a.json\n");
  await hook("pre-commit", "exit 0");
  const response = await post("/api/git/commit", { paths: ["a.json"], message: "first" });
  assert.equal(response.status, 200, await response.clone().text());
  assert.deepEqual(filesOf(git), ["a.json"]);
  assert.equal(git("diff", "--cached", "--name-only").trim(), "b.md");
});

test("nothing to commit, no author, and an unfinished merge are told apart", async () => {
  const { git, write, commit } = await production();
  assert.deepEqual((await commit(["sessions/a.json"])).error.code, "nothing_to_commit");
  await write("sessions/a.json", changed(TEXT));
  git("config", "--unset", "user.email");
  const anonymous = await commit(["sessions/a.json"]);
  assert.deepEqual([anonymous.status, anonymous.error.code], [409, "no_author"]);
  assert.match(anonymous.error.hint, /git config user\.name/u);
  git("config", "user.email", "ada@example.com");
  git("stash", "--quiet");
  git("checkout", "--quiet", "-b", "side");
  await write("notes.md", "side\n");
  git("commit", "--quiet", "-am", "side");
  git("checkout", "--quiet", "main");
  await write("notes.md", "main\n");
  git("commit", "--quiet", "-am", "main");
  assert.throws(() => git("merge", "side"));
  await write("sessions/a.json", changed(TEXT));
  const merging = await commit(["sessions/a.json"]);
  assert.deepEqual([merging.status, merging.error.code], [409, "merging"]);
});

test("a file that is as it was last committed is nothing to commit, whatever is staged", async () => {
  const { git, write, commit, hook } = await production();
  await hook("pre-commit", "exit 0");
  await write("sessions/a.json", changed(TEXT));
  git("add", "sessions/a.json");
  await write("sessions/a.json", TEXT);
  assert.equal((await commit(["sessions/a.json"])).error.code, "nothing_to_commit");
  assert.equal(git("status", "--porcelain"), "MM sessions/a.json\n", "what is staged stays staged");
  git("rm", "--cached", "--quiet", "--force", "sessions/a.json");
  assert.equal((await commit(["sessions/a.json"])).error.code, "nothing_to_commit");
  await write("sessions/b.json", TEXT);
  assert.equal((await commit(["sessions/a.json", "sessions/b.json"])).status, 200);
  assert.deepEqual(filesOf(git), ["sessions/b.json"]);
});

test("more paths are committed than a command line holds", { skip: process.platform !== "linux" && "the limit is Linux's" }, async () => {
  const { git, commit, root, hook } = await production();
  const folders = Array.from("abcd", (letter) => letter.repeat(200)).join("/");
  const paths = Array.from({ length: 300 }, (_, at) => `${folders}/${String(at).padStart(200, "0")}.json`);
  await mkdir(join(root, folders), { recursive: true });
  for (const path of paths) await writeFile(join(root, path), TEXT);
  // Variables count too: Linux commonly has room for 2 MB, which is more than a request may have, but Windows for 32 kB.
  const fillers = Array.from({ length: 15 }, (_, at) => `CALLBOARD_TEST_FILLER_${at}`);
  for (const name of fillers) process.env[name] = "x".repeat(120_000);
  try {
    await hook("pre-commit", "exit 1");
    assert.equal((await commit(paths)).error.code, "hook_failed");
    assert.match(git("status", "--porcelain"), /^\?\? a+\/\n$/u);
    await hook("pre-commit", "exit 0");
    const message = `all\n\n${"line\n".repeat(40_000)}`;
    const { status, hash, error } = await commit(paths, message);
    assert.deepEqual([status, hash], [200, git("rev-parse", "HEAD").trim()], JSON.stringify(error));
    assert.equal(git("log", "-1", "--format=%B").trimEnd(), message.trimEnd());
  } finally {
    for (const name of fillers) delete process.env[name];
  }
  assert.deepEqual(filesOf(git), paths);
});

test("a file that was taken out of the index is listed once and committed", async () => {
  const { git, write, commit, json, hook } = await production();
  git("rm", "--cached", "--quiet", "sessions/a.json");
  await write("sessions/a.json", changed(TEXT));
  assert.deepEqual((await json("/api/git")).changed, ["sessions/a.json"]);
  await hook("pre-commit", "exit 1");
  assert.equal((await commit(["sessions/a.json"])).error.code, "hook_failed");
  assert.equal(git("diff", "--cached", "--name-status"), "D\tsessions/a.json\n", "what is staged stays staged");
  await hook("pre-commit", "exit 0");
  assert.equal((await commit(["sessions/a.json"])).status, 200);
  assert.equal(git("status", "--porcelain"), "");
});

test("a commit is told without its signature, which git's settings may show", async () => {
  const { root, git, write, commit, hook } = await production();
  const signer = [
    "cat > /dev/null",
    'case " $* " in',
    `*" --verify "*) echo "[GNUPG:] GOODSIG 0 Ada"; echo "Good signature" >&2;;`,
    `*) echo "[GNUPG:] SIG_CREATED D" >&2; printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n';;`,
    "esac",
  ];
  // Not a hook: a program in GnuPG's place.
  await hook("signer", signer.join("\n"));
  git("config", "gpg.program", join(root, ".git/hooks/signer"));
  git("config", "commit.gpgSign", "true");
  git("config", "log.showSignature", "true");
  await write("sessions/a.json", changed(TEXT));
  const { status, hash, short, summary } = await commit(["sessions/a.json"]);
  assert.match(git("log", "-1"), /Good signature/u);
  assert.deepEqual([status, hash, summary], [200, git("rev-parse", "HEAD").trim(), "ep 1: complete writing"]);
  assert.ok(hash.startsWith(short));
});

test("a locked index is git's failure, shown with its words", async () => {
  const { write, commit } = await production();
  await write("sessions/a.json", changed(TEXT));
  await write(".git/index.lock", "");
  const { status, error } = await commit(["sessions/a.json"]);
  assert.deepEqual([status, error.code], [409, "git_failed"]);
  assert.match(error.output, /index\.lock/u);
});

test("only session files of the tree are committed", async () => {
  const { git, write, commit, post, root } = await production();
  await write("notes.md", "more\n");
  await write("other.json", "{}");
  await write("sessions/a.json", changed(TEXT));
  await symlink("../notes.md", join(root, "sessions/link.json"));
  for (const path of ["notes.md", "other.json", "none.json", "sessions", "sessions/link.json", ".git/config"]) {
    const { status, error } = await commit(["sessions/a.json", path]);
    assert.deepEqual([status, error.code], [422, "not_a_session"], path);
  }
  for (const path of ["../a.json", "/etc/passwd", "sessions/../notes.md", "", "a\0b.json", 5, null]) {
    const { status, error } = await commit([path]);
    assert.deepEqual([status, error.code], [403, "outside"], String(path));
  }
  for (const body of [{}, { paths: [] }, { paths: "a", message: "x" }, { paths: ["sessions/a.json"] }, { paths: ["sessions/a.json"], message: "  " }, []]) {
    assert.equal((await post("/api/git/commit", body)).status, 400, JSON.stringify(body));
  }
  assert.equal(git("rev-list", "--count", "HEAD").trim(), "1");
});

test("a session file that the server does not read is not listed, and the others are committed", async () => {
  const { root, git, write, commit, json, request } = await production();
  const elsewhere = await folder();
  await writeFile(join(elsewhere, "ep.json"), TEXT);
  const names = ["sessions/link.json", "sessions/gone.json", "sessions/circle.json", "tab\there.json", "line\nend.json", "back\\slash.json"];
  await symlink(join(elsewhere, "ep.json"), join(root, names[0]));
  await write("sessions/gone.json", TEXT);
  git("add", "sessions/gone.json");
  git("commit", "--quiet", "-m", "second");
  await rm(join(root, names[1]));
  await symlink("nothing.json", join(root, names[1]));
  await symlink("circle.json", join(root, names[2]));
  for (const name of names.slice(3)) await write(name, TEXT);
  await write("sessions/a.json", changed(TEXT));
  assert.deepEqual((await json("/api/git")).changed, ["sessions/a.json"]);
  const linked = await commit(["sessions/a.json", names[0]]);
  assert.deepEqual([linked.status, linked.error.code], [403, "outside"]);
  assert.equal((await commit([names[1]])).error.code, "not_a_session");
  assert.equal((await request(`/api/files/${names[1]}`)).status, 409, "as a link to nothing is unreadable");
  assert.equal((await commit(["sessions/a.json"])).status, 200);
  assert.deepEqual(filesOf(git), ["sessions/a.json"]);
});

test("a folder below the root of the repository has its own paths", async () => {
  const { root, git, write } = await repository();
  await write("show/one/a.json", TEXT);
  await write("b.json", TEXT);
  const { json, post } = await served(join(root, "show"));
  assert.deepEqual((await json("/api/git")).changed, ["one/a.json"]);
  assert.equal((await post("/api/git/commit", { paths: ["one/a.json"], message: "one" })).status, 200);
  assert.deepEqual(filesOf(git), ["show/one/a.json"]);
});

test("a push goes to the upstream of the branch, and to nothing else", async () => {
  const { git, write, commit, post, json } = await production();
  const push = async () => {
    const response = await post("/api/git/push", {});
    return { status: response.status, ...(await response.json()) };
  };
  assert.deepEqual((await push()).error.code, "no_upstream");
  const remote = await folder();
  await mkdir(join(remote, "bare"));
  git("init", "--quiet", "--bare", join(remote, "bare"));
  git("remote", "add", "origin", join(remote, "bare"));
  git("push", "--quiet", "--set-upstream", "origin", "main:production");
  git("branch", "other");
  git("tag", "main");
  git("tag", "-a", "v1", "-m", "v1");
  git("config", "push.followTags", "true");
  git("config", "push.default", "matching");
  await write("sessions/a.json", changed(TEXT));
  await commit(["sessions/a.json"]);
  const { upstream, ahead } = await json("/api/git");
  assert.deepEqual([upstream, ahead], ["origin/production", 1]);
  const pushed = await push();
  assert.deepEqual([pushed.status, pushed.branch, pushed.upstream], [200, "main", "origin/production"], JSON.stringify(pushed));
  assert.equal(git("--git-dir", join(remote, "bare"), "for-each-ref", "--format=%(refname)").trim(), "refs/heads/production");
  assert.equal((await json("/api/git")).ahead, 0);
  // Somebody else has pushed.
  git("push", "--quiet", "--force", "origin", "HEAD~1:production");
  git("-c", "core.editor=true", "commit", "--quiet", "--allow-empty", "-m", "theirs");
  git("push", "--quiet", "--force", "origin", "HEAD:production");
  git("reset", "--quiet", "--hard", "HEAD~1");
  git("commit", "--quiet", "--allow-empty", "-m", "ours");
  const refused = await push();
  assert.deepEqual([refused.status, refused.error.code], [409, "push_failed"]);
  assert.match(refused.error.output, /rejected/u);
});

test("with readOnly, and out of a repository, nothing is committed", async () => {
  const { root, write } = await repository();
  await write("a.json", TEXT);
  const closed = await served(root, { readOnly: true });
  assert.equal((await closed.post("/api/git/commit", { paths: ["a.json"], message: "x" })).status, 403);
  assert.equal((await closed.post("/api/git/push", {})).status, 403);
  assert.equal((await closed.json("/api/source")).commit, false);
  const { request, json } = await served(await tree({ "a.json": TEXT }));
  assert.equal((await json("/api/source")).commit, false);
  assert.equal((await request("/api/git")).status, 404);
});

test("what is committed is what the file holds", async () => {
  const { root, git, write, commit } = await production();
  await write("sessions/a.json", changed(TEXT, "Staged "));
  git("add", "sessions/a.json");
  await write("sessions/a.json", changed(TEXT, "Saved "));
  assert.equal((await commit(["sessions/a.json"])).status, 200);
  assert.equal(git("show", "HEAD:sessions/a.json"), await readFile(join(root, "sessions/a.json"), "utf8"));
  assert.equal(git("status", "--porcelain"), "");
});

test("a file is there as it was last committed", async () => {
  const { request, git, write } = await production();
  await write("sessions/a.json", changed(TEXT));
  await write("sessions/new.json", TEXT);
  const head = async (path) => {
    const response = await request(`/api/git/head/${path}`);
    return { status: response.status, text: await response.text() };
  };
  assert.deepEqual(await head("sessions/a.json"), { status: 200, text: git("show", "HEAD:sessions/a.json") });
  assert.deepEqual(await head("sessions/new.json"), { status: 204, text: "" });
  assert.equal((await head("notes.md")).status, 422);
  assert.equal((await head("..%2Fa.json")).status, 403);
});
