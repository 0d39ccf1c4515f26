// Drags without files: paths from an editor, links, text. Each gets a response.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { dragText, dropFiles, dropPaths } from "./support/files.mjs";
import { holdApp } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const PATH = "That is only a file's path, which a browser cannot open. Drag the file from your file manager, or use Add files.";
const PATHS = "Those are only paths, which a browser cannot open. Drag the files from your file manager, or use Add files.";
const LINK = "That is a link, not a file. Download it first, then drop the file here.";

suite("a drag without files", ({ browser, test }) => {
  test("gets a message for paths, links and other text", async ({ open }) => {
    const app = await App.open(open);
    await app.find("button", "Try it with sample sessions");
    const said = async (data, words) => {
      assert.equal(await dragText(app.page, data), true, "the browser is not left to open it");
      await app.says(words);
    };
    await said({ "text/uri-list": "file:///home/a/ep001.json", "text/plain": "/home/a/ep001.json" }, PATH);
    await said({ "text/plain": "/home/a/ep001.json\n/home/a/ep002.json" }, PATHS);
    await said({ "text/uri-list": "https://example.org/a.png", "text/html": "<img src='https://example.org/a.png'>" }, LINK);
    await said({ "text/plain": "Two words" }, "Nothing was loaded: this is neither a file nor session JSON.");
    await app.paste("C:\\sessions\\ep001.json");
    await app.says(PATH);
    assert.equal(await app.page.evaluate(() => document.querySelector(".import-outcome")), null);
  });

  test("of session JSON loads it, like pasting", async ({ open }) => {
    const app = await App.open(open);
    const made = session({ number: 5, topic: "Dragged" });
    await dragText(app.page, { "text/plain": made.bytes });
    const [row] = await app.sessions.rows(1);
    assert.equal(row.id, made.id);
    await dragText(app.page, { "text/plain": '{ "session_id": ' });
    await app.find("region", "Import report");
    await app.visit("#/import");
    assert.deepEqual((await app.import.files(1))[0].slice(0, 2), ["dropped.json", "unreadable"]);
  });

  test("shows the overlay, but not for a drag that begins on the page", async ({ open }) => {
    const app = await App.open(open);
    await app.find("button", "Try it with sample sessions");
    const layer = () => app.page.$eval(".drop-layer", (layer) => (layer.hidden ? null : layer.innerText.trim().split(/\n+/)));
    await dragText(app.page, { "text/plain": "/home/a/ep001.json" }, { hover: true });
    assert.deepEqual(await layer(), [
      "Drop to load session JSON",
      "Paths and links cannot be opened: drag files from your file manager, or use Add files.",
    ]);
    await app.page.evaluate(() => document.body.dispatchEvent(new DragEvent("dragleave", { bubbles: true })));
    assert.equal(await layer(), null);
    // A text field accepts text by itself.
    assert.equal(await dragText(app.page, { "text/plain": "Alpha" }, { selector: "#search", hover: true }), false);
    assert.equal(await layer(), null);
    await app.page.evaluate(() => {
      document.body.dispatchEvent(new DragEvent("dragleave", { bubbles: true }));
      document.querySelector("main").dispatchEvent(new DragEvent("dragstart", { bubbles: true }));
    });
    assert.equal(await dragText(app.page, { "text/plain": "some words of the page" }), false);
    assert.equal(await layer(), null);
    assert.equal(await app.page.$eval(".status-text", (text) => text.innerText), "");
    await app.page.evaluate(() => document.body.dispatchEvent(new DragEvent("dragend", { bubbles: true })));
    assert.equal(await dragText(app.page, { "text/plain": "/a.json" }), true);
    await app.says(PATH);
  });

  test("before the app has started is handled afterwards", async ({ open }) => {
    let held;
    const page = await open("#/sessions", async (page) => {
      held = await holdApp(page);
    });
    const app = new App(page);
    const request = await held.asked;
    assert.equal(await dragText(page, { "text/uri-list": "file:///home/a/ep001.json" }), true);
    request.continue();
    await app.find("main");
    await app.says(PATH);
  });

  test("without any session gets advice", async ({ open }) => {
    const app = await App.open(open);
    const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
    await dropFiles(app.page, [
      { name: "cover.json", bytes: png },
      { name: "ep001.json", bytes: Buffer.from("1f8b0800000000000003", "hex") },
      { name: "wide.json", bytes: Buffer.from('{"session_id": "a"}', "utf16le") },
      { name: "nul.json", bytes: '{\n  "session_id": \0}' },
    ]);
    assert.equal((await app.report()).headline, "No sessions in 4 files; 3 unreadable, 1 not a session file");
    await app.click("link", "See report");
    const files = (await app.import.files(4)).map((words) => words.join(" | "));
    assert.deepEqual(files, [
      "cover.json | unreadable | This is a PNG image, not JSON.",
      "ep001.json | unreadable | The gzip file cannot be unpacked: incomplete deflate stream. Copy or download it again.",
      "nul.json | unreadable | line 2, column 17 | Expected a value, found a NUL byte: the file is damaged, as after a crash or on a full disk; restore it from git or a backup.",
      "wide.json | not a session file | It has a session_id, but no known shape reads its state. Read as UTF-16 LE: exports keep this encoding (line 1, column 1). | Teach",
    ]);
    const groups = await app.page.$$eval(".import-group", (groups) => groups.map((group) => group.innerText.replace(/\s+/g, " ")));
    assert.deepEqual(groups, [
      "Unreadable 3",
      "Not session files 1",
    ]);
    await app.visit("#/sessions");
    await dropFiles(app.page, [{ name: "notes.md", bytes: "notes" }, { name: "a.png", bytes: png, type: "image/png" }]);
    const line = () => app.page.$eval("[aria-label='Import report'] p", (line) => line.innerText);
    await app.until(() => document.querySelector("[aria-label='Import report'] p")?.innerText.includes("2 files"));
    assert.equal(await line(), "No sessions in 2 files; 2 not session files. Drop session files (.json) or their folder.");
    if (browser === "firefox") return;
    const dir = await mkdtemp(join(tmpdir(), "callboard-empty-"));
    try {
      await mkdir(join(dir, "sessions"));
      await dropPaths(app.page, [join(dir, "sessions")]);
      await app.until(() => document.querySelector("[aria-label='Import report'] p")?.innerText.startsWith("No files found"));
      assert.equal(await line(), "No files found. Drop session files (.json) or their folder.");
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
}, { firefox: true });
