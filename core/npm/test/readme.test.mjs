// The READMEs and the examples, followed from an empty folder: they have the described results.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { Session } from "callboard";

import { PACKAGE, env } from "./support/cli.mjs";
import { folder } from "./support/folder.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const own = await readFile(join(PACKAGE, "README.md"), "utf8");
const repositorys = await readFile(join(ROOT, "README.md"), "utf8");

/** A tarball of the installed package, as `<path>/callboard-<version>.tgz` in the READMEs. */
async function tarball() {
  const { version } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
  const path = await folder();
  npm(["pack", "--silent", "--ignore-scripts", "--pack-destination", path, PACKAGE], path);
  return { path, version };
}

/** The environment of a user without a network, which the package does not need. */
const offline = { ...env, npm_config_offline: "true", npm_config_audit: "false", npm_config_fund: "false", npm_config_update_notifier: "false" };

function npm(args, cwd) {
  const { status, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8", env: offline, shell: process.platform === "win32" });
  assert.equal(status, 0, stderr);
}

/** The code of a text in order: `sh` for indented commands, `js` for the fenced examples. */
function codeOf(text) {
  const found = text.matchAll(/^```js\n(?<js>.*?)^```$|(?<sh>(?:^ {4}\S[^\n]*\n)+)/gms);
  return [...found].map(({ groups: { js, sh } }) => (js === undefined ? { sh: sh.trim().split(/\n */u) } : { js }));
}

/** The output of a program according to its own comments. */
const printed = (js) => [...js.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => `${said}\n`).join("");

/** Follows a text step by step in an empty folder, and checks the output of its programs against their comments. */
async function followed(text, { path, version }) {
  const cwd = await folder();
  const programs = new Map();
  const shell = (line) => spawnSync(line, { cwd, encoding: "utf8", env: offline, shell: true });
  const node = (name) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [name], { cwd, encoding: "utf8", env: offline });
    assert.equal(status, 0, `${name}: ${stderr}`);
    assert.equal(stdout, printed(programs.get(name)), name);
  };
  for (const [at, { sh, js }] of codeOf(text).entries()) {
    if (js !== undefined) {
      const [, named] = /^\/\/ (\S+\.mjs)\n/.exec(js) ?? [];
      const name = named ?? `example-${at}.mjs`;
      programs.set(name, js);
      await writeFile(join(cwd, name), js);
      // A named program runs when the text says so.
      if (named === undefined) node(name);
      continue;
    }
    for (const line of sh) {
      const [, program] = /^node (\S+)$/.exec(line) ?? [];
      if (program !== undefined) node(program);
      else {
        const { status, stdout, stderr } = shell(line.replaceAll("<path>", path).replaceAll("<version>", version));
        assert.equal(status, 0, `${line}\n${stdout}${stderr}`);
      }
    }
  }
  for (const [name, js] of programs) assert.ok(!/^\/\/ \S+\.mjs\n/.test(js) || text.includes(`    node ${name}\n`), `${name} is run`);
  return cwd;
}

/** Returns the part of a README between two headings. */
const part = (text, from, to) => text.slice(text.indexOf(`## ${from}`), text.indexOf(`## ${to}`));

test("the package's README can be followed word by word in an empty folder", async () => {
  const packed = await tarball();
  // Bundles and git's configuration have their own tests.
  const text = own.slice(own.indexOf("## Begin")).replace(/^In `\.gitattributes`:[^]*/mu, "").replace(/^## Bundl[^]*?(?=^## )/mu, "");
  assert.ok(codeOf(text).filter(({ js }) => js !== undefined).length >= 5, "it has its examples");
  assert.ok(codeOf(text).flatMap(({ sh = [] }) => sh).length >= 12, "it has its commands");
  const cwd = await followed(text, packed);
  const sessions = await readdir(join(cwd, "projects", "nobody-knows", "output", "sessions"));
  assert.deepEqual(sessions.map((name) => name.slice(0, 5)).sort(), ["ep001", "ep002", "ep004"]);
});

test("the repository's README can be followed word by word in an empty folder", async () => {
  const cwd = await followed(part(repositorys, "The package", "Licence"), await tarball());
  const sessions = await readdir(join(cwd, "projects", "nobody-knows", "output", "sessions"));
  assert.deepEqual(sessions.map((name) => name.slice(0, 5)).sort(), ["ep001", "ep003"]);
});

test("the README distinguishes the four similar names in a sentence", () => {
  const sentence = /^Four names are similar: [^]*?\.$/m.exec(own)?.[0];
  for (const name of ["`callboard session init`", "`store.initializeSession`", "`Session.initialize`", "`initialize`", "`init`"]) {
    assert.ok(sentence?.includes(name), name);
  }
});

test("events in the READMEs and examples carry their attempt and a key", async () => {
  const examples = join(PACKAGE, "examples");
  const programs = await Promise.all((await readdir(examples)).filter((name) => name.endsWith(".mjs")).map((name) => readFile(join(examples, name), "utf8")));
  const js = [own, repositorys].flatMap((text) => codeOf(text).flatMap(({ js = [] }) => js));
  for (const code of [...js, ...programs]) {
    for (const [event] of code.matchAll(/\{[^{}]*(?:type: "(?:start|complete|fail)"|status: "(?:in_progress|complete)")[^{}]*\}/g)) {
      // The example of a refusal.
      if (code.includes("wrong_stage")) continue;
      assert.match(event, /\bkey\b/);
      if (/complete|fail/.test(event)) assert.match(event, /\battempt\b/);
    }
    for (const [, options] of code.matchAll(/handleAgentFailure\(([^;]*)\);/g)) assert.match(options, /failure|attempt/);
  }
});

test("the README sets the merge driver as the command's help does, and never lets npx fetch another package", () => {
  const [line] = /git config merge\.callboard\.driver .*/.exec(own);
  assert.equal(line, 'git config merge.callboard.driver "npx --no -- callboard merge %O %A %B %P"');
  const { stdout } = spawnSync(process.execPath, [join(PACKAGE, "cli", "callboard.js"), "merge", "--help"], { encoding: "utf8" });
  assert.ok(stdout.includes(line), stdout);
});

test("the example episode goes through a failure, a retry, failed gates and a resume to its end", async () => {
  const folder = join(HERE, "readme", `${process.pid}-episode`);
  const script = join(PACKAGE, "examples", "episode.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /audio_synthesizer has failed and is out of retries: the voice is out of order/);
  assert.match(stdout, /100 %, \$5\.40, quality 0\.91\n$/);
  const [file] = await readdir(folder);
  const session = Session.parse(await readFile(join(folder, file), "utf8"), { file });
  assert.equal(session.state, "COMPLETE");
  assert.deepEqual(session.diagnostics(), []);
  const { history, pipeline_state } = session.data();
  const count = (event) => history.filter((entry) => entry.event === event).length;
  assert.deepEqual(
    [count("start"), count("fail"), count("retry"), count("quality_failure"), count("resume"), count("complete")],
    [11, 5, 4, 1, 1, 5],
  );
  assert.deepEqual([pipeline_state.failed_attempts, pipeline_state.gate_failures], [5, 0]);
});
