// Many changes: long files, long lines, many files. The page stays small.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { unzip } from "./support/git.mjs";
import { suite } from "./support/suite.mjs";

/** Returns a session of two megabytes: ten thousand lines of notes, and one of a hundred thousand characters. */
function long() {
  const made = session({ number: 3 });
  const notes = Array.from({ length: 10_000 }, (_, at) => `line ${at} ${"and what was said of it ".repeat(7)}`);
  const text = JSON.stringify({ ...JSON.parse(made.bytes), transcript: `old ${"x".repeat(100_000)}`, notes }, null, 2);
  return { ...made, bytes: `${text}\n` };
}

const count = (app, selector) => app.page.$$eval(selector, (found) => found.length);

// Layout and limits are the same in every browser.
suite("many changes", ({ test }) => {
  test("ten thousand changed lines are shown in parts", async ({ open, downloads }) => {
    const file = long();
    const app = await App.open(open);
    await app.drop([file]);
    await app.visit(`#/sessions/${file.id}?tab=json`);
    await app.find("heading", "Timeline");
    const changed = (text) => text.replaceAll('"line ', '"row ').replace('"old ', '"new ');
    await app.session.rewrite(changed);
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply edit");
    await app.says("Text edited by hand.");
    await app.visit("#/changes");
    const [{ tally }] = await app.changes.files(1);
    assert.equal(tally, "10001 lines added, 10001 lines removed");
    const first = await count(app, "main .diff-table tr");
    assert.ok(first > 400 && first < 900, `${first} rows`);
    // The changed part of the long line is visible, and no more than can be read.
    const lengths = await app.page.$$eval("main .diff-text", (cells) => cells.map((cell) => cell.textContent.length));
    assert.ok(Math.max(...lengths) < 2_100, `${Math.max(...lengths)} letters`);
    assert.ok((await app.changes.words()).includes("new"));
    await app.press("main .diff-more");
    await app.until((first) => document.querySelectorAll("main .diff-table tr").length > first, first);
    assert.ok((await count(app, "main .diff-table tr")) < 1_800);
    await app.changes.layout("Split");
    const back = await downloads.one(() => app.click("button", "Export file"));
    assert.equal(String(back.bytes), changed(file.bytes));
  });

  test("a hundred and twenty files are exported at once and shown in parts", async ({ open, downloads }) => {
    const files = Array.from({ length: 120 }, (_, at) =>
      session({ number: at + 1, done: at % 4, status: "failed", minutesAgo: 20 + at }),
    );
    const app = await App.open(open, "#/sessions");
    await app.drop(files);
    await app.click("button", "Close the import report");
    await app.sessions.ids(120);
    await app.click("checkbox", "Select all shown");
    await app.click("button", "Retry\u2026");
    await app.click("button", "Retry 120 sessions");
    await app.until(() => document.querySelector(".nav-item[href='#/changes']").innerText.includes("120"));
    await app.visit("#/changes");
    await app.changes.files(50);
    assert.equal(await count(app, ".export-file"), 120);
    // The list links to a file that is not rendered yet.
    await app.page.$$eval(".export-path", (paths) => paths.at(-1).click());
    await app.changes.files(120);
    await app.until(() => document.activeElement.matches("main section[data-session]:last-of-type"));
    const writes = await app.page.evaluate(() => {
      globalThis.begun = 0;
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function begin(stores, mode, options) {
        if (mode === "readwrite") globalThis.begun += 1;
        return transaction.call(this, stores, mode, options);
      };
      return globalThis.begun;
    });
    assert.equal(writes, 0);
    const zip = await downloads.one(() => app.click("button", "Export ZIP"));
    await app.changes.files(0);
    assert.equal(Object.keys(await unzip(zip.bytes)).length, 120);
    assert.equal(await app.page.evaluate(() => globalThis.begun), 1, "they are stored in one transaction");
    await app.click("button", "Undo export");
    await app.changes.files(120);
    assert.equal(await app.page.evaluate(() => globalThis.begun), 2);
    // After a reload they are unchanged.
    await app.reload();
    await app.changes.files(50);
  });
}, { browsers: ["chromium"] });
