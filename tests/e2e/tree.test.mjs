// The folder of a real production: every file in a group, every session found, whichever way it is dropped.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { tarGz, zip } from "./support/archives.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { dropFiles, dropPaths } from "./support/files.mjs";
import { suite } from "./support/suite.mjs";

const FOREIGN = fileURLToPath(new URL("../fixtures/foreign/", import.meta.url));

const TITLES = {
  session: "Sessions",
  part: "Parts of sessions",
  report: "Reports and plans",
  plan: "Reports and plans",
  configuration: "Configuration",
  not_ours: "Not session files",
  damaged: "Unreadable",
};

/** The UTF-16 text of a file, with its mark. */
const utf16 = (text) => Buffer.from(`\ufeff${text}`, "utf16le");

/** What a golden table says: the sessions' keys, and each file's group, sessions and reason. */
async function golden() {
  const text = await readFile(join(FOREIGN, "tree.txt"), "utf8");
  const [sessions, files] = text.split("\n# Files\n");
  const keys = [...sessions.matchAll(/^# (.+) \([^()]+\)$/gm)].map(([, key]) => key);
  const rows = files.trim().split("\n").map((line) => {
    const [, path, group, , told, why] = /^(.+?): (\w+)( \[(.*)\])?\. (.*)$/.exec(line) ?? assert.fail(line);
    return { path, group: TITLES[group], sessions: told?.split(", ") ?? [], why };
  });
  return { keys, rows };
}

/** The files of the golden table. */
async function fixtures() {
  const entries = await readdir(join(FOREIGN, "tree"), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const read = async (path) => ({
    path: path.slice(join(FOREIGN, "tree").length + 1).replaceAll("\\", "/"),
    bytes: await readFile(path),
  });
  return Promise.all(paths.sort().map(read));
}

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const wide = session({ number: 91, topic: "Wide" });
const lone = '{"session_id": "ep_92_lone", "topic": "Packed", "status": "completed"}';
const sides = ["ours", "theirs"].map((topic) => session({ number: 93, topic }).bytes);

/** What else lies in such a folder, and the group of each; those of a tool's folder are skipped. */
const MESS = [
  { path: "mess/cover.json", bytes: PNG, group: "Unreadable", why: "This is a PNG image, not JSON." },
  { path: "mess/torn.json", bytes: Buffer.alloc(4096), group: "Unreadable", why: "4,096 zero bytes: the file was lost in a crash. Restore it from git or a backup." },
  { path: "mess/empty.json", bytes: Buffer.alloc(0), group: "Unreadable", why: "The file is empty." },
  { path: "mess/wide.json", bytes: utf16(wide.bytes), group: "Sessions" },
  { path: "mess/wide_lone.json", bytes: utf16(lone.replace("92_lone", "94_wide")), group: "Sessions", sessions: ["ep_94_wide"] },
  { path: "mess/lone.json.gz", bytes: gzipSync(lone), group: "Archives" },
  { path: "mess/lone.json", bytes: null, group: "Sessions", sessions: ["ep_92_lone"] },
  { path: "mess/answer.md", bytes: Buffer.from("Here it is:\n\n```json\n{\"session_id\": \"ep_95_fence\", \"status\": \"completed\"}\n```\n"), group: "Not session files", why: "Not JSON by its name, so not opened." },
  { path: "mess/episode.mp3", bytes: Buffer.from("ID3"), group: "Not session files", why: "Not JSON by its name, so not opened." },
];

const OF_TOOLS = [".git/config.json", "web/node_modules/left/package.json", ".git/objects/ab/cd"];

/** The rows of the report, each with its group, its reason and the keys of its sessions. */
async function rows(app) {
  await app.page.setViewport({ width: 1440, height: 6000 });
  await app.visit("#/import");
  // The list of a filter may still be shown when the address has changed: all files are those of the first count.
  await app.until(() => {
    const rows = [...document.querySelectorAll(".import-list .virtual-row")];
    const files = rows.filter((row) => !row.querySelector(".import-group"));
    const all = document.querySelector(".filters .filter-count")?.textContent;
    return rows.length > 0 && rows.length === Number(rows[0].getAttribute("aria-setsize")) && files.length === Number(all);
  });
  return app.page.$$eval(".import-list .virtual-row", (rows) => {
    let group;
    let shared;
    const files = [];
    for (const row of rows) {
      const heading = row.querySelector(".import-group");
      if (heading) {
        group = heading.querySelector("b").textContent || group;
        shared = heading.querySelector(".import-group-reason").textContent;
        continue;
      }
      const links = [...row.querySelectorAll(".import-session")];
      files.push({
        path: row.querySelector(".import-path").textContent,
        group,
        word: row.querySelector(".import-result").textContent,
        why: row.querySelector(".import-reason").textContent || shared,
        sessions: links.map((link) => decodeURIComponent(link.getAttribute("href").split("/").at(-1))),
        more: row.querySelector(".import-links .muted")?.textContent ?? "",
      });
    }
    return files;
  });
}

/** Checks the report of the golden tree and the mess, whose paths begin with `prefix`. */
async function check(app, prefix, { archive, tools }) {
  const { keys, rows: expected } = await golden();
  const own = (text) => text.replaceAll(prefix, "");
  const files = (await rows(app)).map((file) => ({
    ...file,
    path: own(file.path),
    why: own(file.why),
    sessions: file.sessions.map(own),
  }));
  const found = new Map(files.map((file) => [file.path, file]));
  assert.equal(found.size, files.length, "every path once");
  for (const { path, group, sessions, why } of expected) {
    const file = found.get(path) ?? assert.fail(`${path} is not in the report`);
    assert.equal(file.group, group, path);
    assert.deepEqual(file.sessions, sessions.slice(0, 2), path);
    assert.equal(file.more, sessions.length > 2 ? `and ${sessions.length - 2} more` : "", path);
    // A session of the workspace and a policy have words of their own.
    if (!["added", "policy in use"].includes(file.word)) assert.equal(file.why, why, path);
  }
  for (const { path, group, why, sessions = [] } of MESS) {
    const file = found.get(path) ?? assert.fail(`${path} is not in the report`);
    assert.equal(file.group, group, path);
    if (why) assert.equal(file.why, why, path);
    assert.deepEqual(file.sessions, sessions, path);
  }
  const others = files.filter(({ path }) => ![...expected, ...MESS].some((file) => file.path === path));
  assert.deepEqual(others.map(({ path, group }) => [path, group]).sort(), [...archive, ...tools].sort());
  // The counts add up to the files.
  const counts = await app.page.$$eval(".filters .filter", (buttons) => buttons.map((button) => Number(button.querySelector(".filter-count").textContent)));
  assert.equal(counts[0], files.length);
  assert.equal(counts.slice(1).reduce((sum, count) => sum + count, 0), files.length);
  // Each session once: the golden ones, three of the mess, and two of the framework's own.
  const headline = await app.page.$eval(".import-headline .import-outcome", (line) => line.innerText);
  const foreign = keys.length + 2;
  assert.match(headline, new RegExp(`^${foreign + 2} sessions, ${foreign} from other pipelines, 1 policy, in \\d+ files.*; 3 unreadable$`));
  await app.visit("#/sessions");
  await app.until((count) => document.querySelectorAll("tbody tr[data-imported]").length === count, foreign);
  const listed = await app.page.$$eval("tbody tr[data-imported]", (rows) => rows.map((row) => row.dataset.imported));
  assert.deepEqual(listed.map(own).sort(), [...keys, "ep_92_lone", "ep_94_wide"].sort());
  await app.until(() => document.querySelectorAll("tbody tr[data-session]").length === 2);
  return files;
}

/** The files of the mess that exist: the packed one is listed with what is in it. */
const messFiles = () => MESS.filter(({ bytes }) => bytes !== null);

suite("the tree of a production", ({ browser, test }) => {
  for (const [kind, pack] of [["zip", zip], ["tar.gz", tarGz]]) {
    test(`dropped as ${kind} gives its sessions and every file`, { firefox: kind === "zip" }, async ({ open }) => {
      const app = await App.open(open);
      const tools = OF_TOOLS.map((path) => ({ path, bytes: Buffer.from("{}") }));
      const files = [...(await fixtures()), ...messFiles(), ...tools].map(({ path, bytes }) => ({ path: `show-main/${path}`, bytes }));
      await dropFiles(app.page, [{ name: `show.${kind}`, bytes: pack(files), type: "application/octet-stream" }]);
      await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("archives"));
      const archive = [[`show.${kind}`, "Archives"]];
      await check(app, `show.${kind}/show-main/`, { archive, tools: [] });
    });
  }

  test("files of other names are read where they are dropped by themselves", { firefox: true }, async ({ open }) => {
    const app = await App.open(open);
    const text = '{"session_id": "ep_95_fence", "topic": "Fenced", "status": "completed"}';
    await app.drop([
      { name: "answer.md", bytes: `Here it is:\n\n\`\`\`json\n${text.replace("}", ",}")}\n\`\`\`\n` },
      { name: "notes.md", bytes: "Milk, bread" },
      { name: "cover.png", bytes: PNG, type: "image/png" },
    ]);
    const { headline } = await app.report();
    assert.equal(headline, "1 session from other pipelines in 3 files");
    const files = await rows(app);
    assert.deepEqual(files.map(({ path, group, word, sessions }) => [path, group, word, sessions]), [
      ["answer.md", "Sessions", "repaired", ["ep_95_fence"]],
      ["notes.md", "Not session files", "not a session file", []],
      ["cover.png", "Not session files", "not a session file", []],
    ]);
    assert.match(files[0].why, /fence.*Ignored the comma before "\}" \(line 4, column \d+\)\./);
    await assertAccessible(app.page);
    // The link leads to the session, and another one to where a shape is taught.
    await app.press(".import-session");
    await app.until(() => location.hash === "#/imported/ep_95_fence");
    await app.visit("#/import");
    await app.click("link", "Teach Callboard to read answer.md");
    await app.until(() => location.hash === "#/teach/answer.md");
  });

  test("a text with two documents is chosen from, and stays as it is", async ({ open }) => {
    const app = await App.open(open);
    const document = (id, topic) => `{"session_id": "${id}", "topic": "${topic}", "status": "completed"}`;
    await app.drop([
      { name: "two.md", bytes: `First:\n${document("ep_1", "One")}\nor rather:\n${document("ep_2", "Two")}\n` },
      session({ number: 4 }),
    ]);
    assert.equal((await app.report()).headline, "1 session in 2 files; 1 unreadable");
    await app.visit("#/import?show=damaged");
    const [[path, word, place, why]] = await app.import.files(1);
    assert.deepEqual([path, word, place, why], ["two.md", "unreadable", "line 4, column 1", "2 JSON documents are in this text: choose one."]);
    await app.click("button", "Choose a document");
    await app.find("region", "Choose a document");
    await assertAccessible(app.page);
    await app.click("button", "Import document 2");
    await app.says("Imported document 2 of two.md as two (2).json.");
    await app.visit("#/import");
    const files = await rows(app);
    assert.deepEqual(files.map(({ path, group, sessions }) => [path, group, sessions]), [
      ["two.md", "Unreadable", []],
      [session({ number: 4 }).name, "Sessions", []],
      ["two (2).json", "Sessions", ["ep_2"]],
    ]);
    await app.reload();
    assert.deepEqual(await rows(app), files);
  });

  test("both sides of an unresolved merge become a conflict, which is merged and exported", async ({ open, downloads }) => {
    const app = await App.open(open);
    const made = session({ number: 5, topic: "Tides" });
    const lines = made.bytes.split("\n");
    const at = lines.findIndex((line) => line.includes('"topic"'));
    const side = (topic) => lines[at].replace("Tides", topic);
    const merge = [
      ...lines.slice(0, at),
      "<<<<<<< HEAD", side("Ebb"), "||||||| 3f2a1b", lines[at], "=======", side("Flood"), ">>>>>>> theirs",
      ...lines.slice(at + 1),
    ].join("\n");
    await app.drop([{ name: made.name, bytes: merge }]);
    assert.equal((await app.report()).headline, "No sessions in 1 file; 1 unreadable");
    await app.visit("#/import");
    const [[path, word, place]] = await app.import.files(1);
    assert.deepEqual([path, word, place], [made.name, "unreadable", `line ${at + 1}, column 1`]);
    await app.click("button", "Merge both sides");
    await app.says("Both sides of the merge are loaded");
    await app.session.shown("Ebb");
    await app.find("region", "Conflict with the file");
    await app.click("button", "Merge both");
    await app.says("was merged with yours");
    await app.visit("#/changes");
    await app.changes.files(1);
    const file = await downloads.one(() => app.click("button", "Export file"));
    assert.deepEqual([file.name, String(file.bytes)], [made.name, made.bytes.replace("Tides", "Ebb")]);
    await app.changes.files(0);
    // The mended file takes the damaged one's place.
    await app.visit("#/sessions");
    await app.drop([{ name: made.name, bytes: String(file.bytes) }]);
    assert.equal((await app.report()).headline, "1 session, 1 unchanged, in 1 file");
  });

  test("a session in UTF-16 is edited and exported in it", { firefox: true }, async ({ open, downloads }) => {
    const app = await App.open(open);
    const plain = session({ number: 8, topic: "Plain" });
    await app.drop([{ name: "wide.json", bytes: utf16(wide.bytes) }, plain]);
    assert.equal((await app.report()).headline, "2 sessions in 2 files");
    await app.reload();
    const complete = async (topic) => {
      await app.visit("#/sessions");
      await app.sessions.open(topic);
      await app.session.fillIn("Complete", { Cost: "1" });
      await app.session.preview();
      await app.session.apply();
      await app.says("is complete.");
    };
    await complete("Wide");
    await app.visit("#/changes");
    await app.changes.files(1);
    const why = "wide.json is UTF-16 LE, which git treats as binary, so a patch cannot hold it. Export it as a file.";
    await app.click("button", "Export patch");
    await app.says(why);
    await app.changes.files(1);
    const file = await downloads.one(() => app.click("button", "Export file"));
    const read = (bytes) => JSON.parse(bytes.toString("utf16le").replace(/^\ufeff/, ""));
    assert.deepEqual([...file.bytes.subarray(0, 2)], [0xff, 0xfe]);
    assert.equal(read(file.bytes).episode.topic, "Wide");
    assert.notDeepEqual(file.bytes, utf16(wide.bytes));
    await app.changes.files(0);
    // In an archive too; a patch has the other file alone.
    await app.click("button", "Undo export");
    await app.changes.files(1);
    await complete("Plain");
    await app.visit("#/changes");
    await app.changes.files(2);
    const patch = await downloads.one(() => app.click("button", "Export patch"));
    assert.ok(String(patch.bytes).includes(plain.name) && !String(patch.bytes).includes("wide.json"));
    await app.changes.files(1);
    await app.says(why);
    // Dropped again it is what was exported.
    await app.visit("#/sessions");
    await app.drop([{ name: "wide.json", bytes: file.bytes }]);
    assert.match((await app.report()).headline, /^1 session, 1 caught up, in 1 file$/);
  });

  if (browser === "firefox") return;
  test("dropped as a folder gives its sessions and every file, also after a reload", async ({ open }) => {
    const dir = await mkdtemp(join(tmpdir(), "callboard-tree-"));
    try {
      const tools = OF_TOOLS.map((path) => ({ path, bytes: Buffer.from("{}") }));
      for (const { path, bytes } of [...(await fixtures()), ...messFiles(), ...tools]) {
        const file = join(dir, "show", path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
      const app = await App.open(open);
      await dropPaths(app.page, [join(dir, "show")]);
      await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("unreadable"));
      // The line above other pages takes no more than a line.
      const height = await app.page.$eval("[aria-label='Import report']", (line) => line.getBoundingClientRect().height);
      assert.ok(height <= 62, `${height} px`);
      const skipped = [[".git", "Skipped"], ["web/node_modules", "Skipped"]];
      const files = await check(app, "show/", { archive: [], tools: skipped });
      await app.reload();
      assert.deepEqual((await check(app, "show/", { archive: [], tools: skipped })), files);
      // A filter has an address, and its rows are those of its group.
      await app.visit("#/import?show=parts");
      await app.until(() => document.querySelector(".filter[aria-pressed=true]")?.innerText.startsWith("Parts of sessions"));
      await app.import.files(files.filter(({ group }) => group === "Parts of sessions").length);
      await app.visit("#/import?q=ep_027_test");
      await app.until(() => document.querySelectorAll(".import-row").length > 4);
      await app.visit("#/import");
      await assertAccessibleInBothThemes(app);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
