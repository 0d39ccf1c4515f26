// Every way in, and what becomes of every file.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EP001, ep001, session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { dropPaths } from "./support/files.mjs";
import { suite } from "./support/suite.mjs";

suite("import", ({ browser, test }) => {
  test("the report accounts for every file", async ({ open }) => {
    const app = await App.open(open);
    const mine = session({ number: 3, topic: "Mine" });
    await app.drop([{ name: EP001, bytes: await ep001() }, mine]);
    await app.sessions.open("Mine");
    await app.session.fillIn("Complete", { Cost: "1" });
    await app.session.preview();
    await app.session.apply();
    await app.says("is complete.");
    const other = { name: mine.name, bytes: String(mine.bytes).replace("Mine", "Theirs") };
    const broken = { name: "broken.json", bytes: '{\n  "session_id": "a",\n  "episode": {,}\n}\n' };
    await app.drop([{ name: EP001, bytes: await ep001() }, other, broken, { name: "notes.txt", bytes: "x" }, session({ number: 8 })]);
    await app.visit("#/import");
    const files = await app.import.files(5);
    assert.deepEqual(files[0].slice(0, 2), [mine.name, "kept your edits"]);
    assert.deepEqual(files[1].slice(0, 3), ["broken.json", "broken", "line 3, column 15"]);
    assert.deepEqual(files.slice(2).map(([, word]) => word).sort(), ["added", "not a session", "unchanged"]);
    for (const theme of ["light", "dark"]) {
      await app.page.evaluate((theme) => {
        document.documentElement.dataset.theme = theme;
      }, theme);
      await assertAccessible(app.page);
    }
    await app.import.show("broken");
    await app.import.files(1);
    await app.until(() => location.hash === "#/import?show=broken");
    await app.page.goBack();
    await app.import.files(5);
    await app.fill("searchbox", "Search the report", "notes");
    await app.import.files(1);
    for (const _letter of "notes") await app.page.keyboard.press("Backspace");
    await app.import.files(5);
    // The report leads to the decision, which shows both texts.
    await app.click("link", mine.name);
    await app.find("region", "A dropped text waits");
    await app.page.click("details.fold > summary");
    await app.find("region", "From your text to the dropped one");
    await app.click("button", "Keep mine");
    await app.says("Your edits stay.");
    await app.session.shown("Mine");
  });

  test("pasted text is loaded, outside of fields only", async ({ open }) => {
    const app = await App.open(open);
    const pasted = session({ number: 5, topic: "Pasted" });
    await app.find("button", "Try it with sample sessions");
    await app.paste("not JSON at all");
    await app.says("What was pasted is not JSON");
    await app.paste(String(pasted.bytes));
    await app.sessions.rows(1);
    await app.page.focus("#search");
    await app.paste(String(session({ number: 6 }).bytes));
    await app.visit("#/import");
    await app.import.files(1);
    await app.fill("textbox", "A session's JSON", String(session({ number: 7, topic: "Typed" }).bytes));
    await app.click("button", "Load it");
    await app.until(() => document.querySelector(".fate-path")?.innerText.startsWith("ep007_session_"));
    await app.goTo("Sessions");
    await app.sessions.rows(2);
  });

  test("a long import can be stopped", async ({ open }) => {
    const app = await App.open(open);
    const many = sessions(3_000).map(({ name, bytes }, at) => ({ name: `${at}-${name}`, bytes }));
    await app.page.evaluate((files) => {
      const data = new DataTransfer();
      for (const { name, bytes } of files) data.items.add(new File([bytes], name));
      document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
    }, many);
    await app.click("button", "Cancel");
    await app.until(() => document.querySelector("[aria-label='Import report'] summary")?.innerText.startsWith("Stopped after"));
    const { headline } = await app.report();
    const [, through] = /Stopped after (\d+) of 3000 files/.exec(headline);
    assert.ok(Number(through) < 3_000);
    await app.reload();
    // What was taken in stays.
    await app.until((count) => document.querySelector(".page-count")?.innerText === count || count === "0", through);
  });

  if (browser === "firefox") return;
  test("folders are walked", async ({ open }) => {
    const dir = await mkdtemp(join(tmpdir(), "callboard-folder-"));
    try {
      await mkdir(join(dir, "season", "one"), { recursive: true });
      // More than a reader gives at a time.
      const files = sessions(130);
      await Promise.all(files.map(({ name, bytes }) => writeFile(join(dir, "season", "one", name), bytes)));
      await writeFile(join(dir, "season", "notes.md"), "notes");
      const app = await App.open(open);
      await dropPaths(app.page, [join(dir, "season"), join(dir, "season", "one", files[0].name)]);
      await app.until(() => document.querySelector("[aria-label='Import report'] summary")?.innerText.startsWith("132 files: 130 added, 1 unchanged, 1 not a session"));
      await app.visit("#/import?show=not-a-session");
      const [[path]] = await app.import.files(1);
      assert.equal(path, "season/notes.md");
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
