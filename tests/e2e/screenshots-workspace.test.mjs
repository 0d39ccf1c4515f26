// Screenshots of the import page, the list and the settings in each of their states; see screenshots.test.mjs.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EP001, ep001, session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { dropFiles, dropPaths } from "./support/files.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { suite } from "./support/suite.mjs";

const failed = (number, topic) => session({ number, topic, done: 1, status: "failed", minutesAgo: number });
const running = (number, topic) => session({ number, topic, done: 2, minutesAgo: number });

/** Opens an app with these files and a dismissed report. */
async function withFiles(open, files, path = "#/sessions") {
  const app = await App.open(open, path);
  await app.drop(files);
  await app.click("button", "Close the import report");
  return app;
}

suite(
  "screenshots of the workspace",
  ({ test }) => {
    test("the import page", async ({ open }) => {
      const app = await App.open(open, "#/import");
      await app.find("heading", "Import");
      await everywhere(app, "import-empty");
      const mine = session({ number: 3, topic: "Mine" });
      await app.visit("#/sessions");
      await app.drop([{ name: EP001, bytes: await ep001() }, mine, ...sessions(20)]);
      await app.click("button", "Close the import report");
      await app.sessions.open("Mine");
      await app.session.fillIn("Complete", { Cost: "1" });
      await app.session.preview();
      await app.session.apply();
      await app.says("is complete.");
      const other = { name: mine.name, bytes: String(mine.bytes).replace("Mine", "Theirs") };
      const broken = { name: "broken.json", bytes: '{\n  "session_id": "a",\n  "episode": {,}\n}\n' };
      const cut = { name: "cut-off-in-the-middle-by-a-full-disk.json", bytes: mine.bytes.slice(0, 400) };
      const other_json = { name: "package.json", bytes: '{"name": "callboard"}' };
      await app.visit("#/import");
      await dropFiles(app.page, [{ name: EP001, bytes: await ep001() }, other, broken, cut, other_json, { name: "notes.txt", bytes: "x" }, session({ number: 80 })]);
      await app.import.files(7);
      await everywhere(app, "import-kinds");
      await app.visit("#/import?show=damaged");
      await app.import.files(1);
      await everywhere(app, "import-damaged");
    });

    test("a running import and a stopped one", async ({ open }) => {
      const app = await App.open(open, "#/import");
      // The disk's response is delayed, so that there is time to look.
      await app.page.evaluate(() => {
        const { arrayBuffer } = Blob.prototype;
        let begun = 0;
        const released = new Promise((resolve) => {
          globalThis.goOn = resolve;
        });
        Blob.prototype.arrayBuffer = async function () {
          begun += 1;
          if (begun > 640) await released;
          // Slow enough for the progress to appear.
          else await new Promise((resolve) => setTimeout(resolve, 20));
          return arrayBuffer.call(this);
        };
      });
      await dropFiles(app.page, sessions(1_000));
      await app.until(() => Number(document.querySelector("progress")?.value) > 300);
      await everywhere(app, "import-running");
      await app.click("button", "Cancel");
      await app.page.evaluate(() => globalThis.goOn());
      await app.until(() => document.querySelector(".import-headline") !== null);
      await everywhere(app, "import-stopped");
      await app.visit("#/");
      await everywhere(app, "report-stopped");
    });

    test("the list", async ({ open }) => {
      const again = session({ number: 1, topic: "Alpha again, with a title that is too long for any column of any list in the world", done: 3, minutesAgo: 900 });
      const app = await withFiles(open, [failed(1, "Alpha")]);
      await everywhere(app, "list-1");
      await app.drop([running(2, "Beta"), again, ...sessions(47)]);
      await app.click("button", "Close the import report");
      for (const menu of ["State", "Health", "Stage", "Updated", "Cost"]) {
        await app.sessions.menu(menu);
        await everywhere(app, `list-menu-${menu.toLowerCase()}`);
        await app.page.keyboard.press("Escape");
      }
      await app.visit("#/sessions?state=FAILED,RETRY&stage=writing,evaluation,synthesis&from=2024-01-01&min=1&max=9&edited=1");
      await app.sessions.ids(0);
      await everywhere(app, "list-none");
      await app.visit("#/sessions?group=episode&sort=episode");
      await app.page.waitForSelector(".row-episode");
      await everywhere(app, "list-grouped");
      await app.visit("#/sessions");
      await app.sessions.menu("Views");
      await app.fill("textbox", "View name", "What I look at each morning before anything else");
      await app.click("button", "Save");
      await app.sessions.menu("Views");
      await everywhere(app, "list-views");
      await app.page.keyboard.press("Escape");
      await app.click("checkbox", "Select all shown");
      await everywhere(app, "list-selected");
      await app.click("button", "Retry\u2026");
      await app.sessions.verdicts("Preview");
      await everywhere(app, "list-bulk-preview");
      const verdicts = await app.sessions.verdicts("Preview");
      await app.press(".bulk-panel .button-primary");
      await app.sessions.verdicts("Results");
      await everywhere(app, `list-bulk-done`);
      if (verdicts.length === 0) throw new Error("Nothing was foreseen.");
    });

    test("ten thousand sessions", async ({ open }) => {
      const dir = await mkdtemp(join(tmpdir(), "callboard-many-"));
      try {
        const made = Array.from({ length: 10_000 }, (_, at) =>
          session({ number: at + 1, done: (at * 7) % 5, status: at % 9 === 0 ? "failed" : "pending", minutesAgo: 3 + at * 45 }),
        );
        await Promise.all(made.map(({ name, bytes }) => writeFile(join(dir, name), bytes)));
        const app = await App.open(open, "#/");
        // On a busy machine this many files take long.
        app.page.setDefaultTimeout(100_000);
        await dropPaths(app.page, [dir]);
        await app.until(() => document.querySelector(".import-outcome")?.innerText.startsWith("10000 sessions"));
        await app.click("button", "Close the import report");
        await app.dashboard.figures(10_000);
        await app.dashboard.range("All");
        await everywhere(app, "dashboard-10000", { whole: true });
        await app.visit("#/sessions");
        await app.sessions.ids(10_000);
        await everywhere(app, "list-10000");
        await app.click("checkbox", "Select all shown");
        await everywhere(app, "list-10000-selected");
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    });

    test("settings, shortcuts, storage, a backup", async ({ open, downloads }) => {
      const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta"), ...sessions(20)]);
      await app.goTo("Settings");
      await app.find("heading", "Settings");
      await everywhere(app, "settings-loaded", { whole: true });
      await app.page.keyboard.press("?");
      await app.find("region", "Help");
      await everywhere(app, "keys");
      await app.page.keyboard.press("Escape");
      const file = await downloads.one(() => app.click("button", "Download backup"));
      await app.click("button", "Clear\u2026");
      await app.find("button", "Clear workspace");
      await everywhere(app, "settings-clear", { whole: true });
      await app.click("button", "Clear workspace");
      await app.says("The workspace is empty.");
      await dropFiles(app.page, [{ name: file.name, bytes: file.bytes }]);
      await app.report();
      await everywhere(app, "restored");
      await app.page.evaluate(() => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException("The disk is full.", "QuotaExceededError");
        };
      });
      await app.visit("#/sessions");
      await app.sessions.open("Beta");
      await app.session.fillIn("Progress", { Cost: "1" });
      await app.session.preview();
      await app.session.apply();
      await app.find("region", "Storage");
      await everywhere(app, "storage-full");
    });
  },
  { browsers: ["chromium"] },
);
