// Screenshots of the app: wide and narrow, light and dark. `CALLBOARD_PICTURES=1 cargo xtask test e2e -- screenshots`
// keeps them in target/screenshots; the README's picture, tests/screenshots/session.png, is sample-failed-wide-dark.
import { App } from "./pages/app.mjs";
import { EP001, ep001, longStory, session, sessions } from "./data.mjs";
import { dragText, dropFiles } from "./support/files.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { suite } from "./support/suite.mjs";

const running = session({ number: 31, done: 1, minutesAgo: 9, topic: "The tide that came twice" });
const failed = session({ number: 32, done: 2, status: "failed", minutesAgo: 25, topic: "A bell for every harbour" });
const complete = session({ number: 33, done: 4, minutesAgo: 190, topic: "How to lose a lighthouse" });

suite(
  "screenshots",
  ({ test }) => {
    test("first visit", async ({ open }) => {
      const app = await App.open(open);
      await app.find("heading", "See where every podcast episode is in your AI agents' pipeline, and move it forward.");
      await everywhere(app, "first-visit");
    });

    test("files hover", async ({ open }) => {
      const app = await App.open(open);
      await app.drop([running, failed, complete]);
      await app.page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File(["{}"], "a.json"));
        document.body.dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer: data }));
      });
      await everywhere(app, "hover");
      await app.page.evaluate(() => document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: new DataTransfer() })));
      await dragText(app.page, { "text/plain": "/home/a/ep001.json" }, { hover: true });
      await everywhere(app, "hover-text");
      await dragText(app.page, { "text/plain": "/home/a/ep001.json" });
      await everywhere(app, "dropped-path");
    });

    test("lists and the import report", async ({ open }) => {
      const app = await App.open(open);
      const broken = { name: "ep040_session_20240811.json", bytes: '{\n  "session_id": "ep_040",\n  "episode": {,}\n}\n' };
      const notes = { name: "notes.txt", bytes: "not a session" };
      await app.drop([running, broken, failed, complete, notes]);
      await everywhere(app, "report");
      await app.click("link", "See report");
      await app.import.files(5);
      await everywhere(app, "report-page");
      await app.visit("#/sessions");
      await everywhere(app, "list-3");
      await app.drop([broken, notes, { name: "cover.json", bytes: Buffer.from("89504e470d0a1a0a00", "hex") }]);
      await everywhere(app, "report-broken");
      await app.drop([notes, { ...notes, name: "README.md" }]);
      await everywhere(app, "report-nothing");
      await app.visit("#/import");
      await app.import.files(2);
      await everywhere(app, "report-page-nothing");
      await app.visit("#/sessions");
      await app.drop(sessions(47));
      await everywhere(app, "report-added");
      await app.click("button", "Close the import report");
      await app.sessions.ids(50);
      await everywhere(app, "list-50");
    });

    test("a session's page", async ({ open }) => {
      const app = await App.open(open);
      await app.drop([running, failed, complete, { name: EP001, bytes: await ep001() }]);
      await app.click("button", "Close the import report");
      for (const [name, { id }] of Object.entries({ running, failed, complete })) {
        await app.page.goto(`${app.page.url().split("#")[0]}#/sessions/${id}`);
        await app.find("heading", "Timeline");
        await everywhere(app, `session-${name}`);
      }
      await app.goTo("Sessions");
      await app.sessions.open("The tide that came twice");
      await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
      await app.session.preview();
      await everywhere(app, "form");
      await app.session.apply();
      await app.says("script_writer is complete.");
      await everywhere(app, "applied");
      await app.goTo("Changes");
      await app.changes.files(1);
      await everywhere(app, "changes");
      await app.goTo("Settings");
      await app.find("heading", "Settings");
      await everywhere(app, "settings");
      await app.goTo("Sessions");
      await app.sessions.open("Why Octopuses Dream");
      await app.session.shown("Why Octopuses Dream");
      await everywhere(app, "session-old");
    });

    test("the dashboard", async ({ open }) => {
      const app = await App.open(open, "#/");
      await app.drop([running]);
      await app.click("button", "Close the import report");
      await app.dashboard.figures(1);
      await everywhere(app, "dashboard-1", { whole: true });
      await app.drop(sessions(49));
      await app.click("button", "Close the import report");
      const loaded = Number(await app.page.$eval(".nav-number", (number) => number.innerText));
      await app.dashboard.figures(loaded);
      await everywhere(app, "dashboard-50", { whole: true });
      await app.dashboard.focus("Cost per episode");
      await app.page.keyboard.press("End");
      await everywhere(app, "dashboard-cursor", { whole: true });
      await app.palette.open();
      await everywhere(app, "palette");
      await app.palette.type("map", "ep 41 \u00b7 The map that was wrong on purpose");
      await everywhere(app, "palette-search");
      await app.page.keyboard.press("Escape");
      await app.visit("#/report");
      await app.production.tables();
      await everywhere(app, "production-report", { whole: true });
    });

    test("timelines", async ({ open }) => {
      const app = await App.open(open, "#/timeline");
      const stories = [51, 52, 53].map((number) => longStory({ number, shift: (number - 51) * 200, overdue: number === 53 ? -460 : 20 }));
      await app.drop([...stories, ...sessions(30), failed, complete]);
      await app.click("button", "Close the import report");
      await app.visit(`#/sessions/${stories[0].id}`);
      await app.find("heading", "Timeline");
      await app.page.waitForSelector(".overdue");
      await everywhere(app, "session-long");
      await app.visit("#/timeline");
      await app.page.waitForSelector(".work-list .bar");
      await everywhere(app, "timeline");
      await app.timeline.search("gates failed", "3 matches");
      await app.page.keyboard.press("Enter");
      await app.timeline.found("1 of 3");
      await everywhere(app, "timeline-search");
      await app.visit("#/timeline?by=agent&range=24h");
      await app.page.waitForSelector(".work-list .bar");
      await everywhere(app, "timeline-agents");
      await app.visit("#/timeline?range=all");
      await app.page.waitForSelector(".work-list .bar");
      await everywhere(app, "timeline-all");
    });

    test("the dashboard of a thousand", async ({ open }) => {
      const app = await App.open(open, "#/");
      await app.drop(sessions(1000));
      await app.click("button", "Close the import report");
      await app.dashboard.figures(1000);
      await app.dashboard.range("All");
      await everywhere(app, "dashboard-1000", { whole: true });
    });

    test("exporting", async ({ open }) => {
      const app = await App.open(open, "#/changes");
      await app.changes.files(0);
      await everywhere(app, "changes-empty");
      await app.page.goto(`${app.page.url().split("#")[0]}#/sessions`);
      const others = [41, 42].map((number) => session({ number, done: 1, minutesAgo: 9 }));
      await app.drop([running, ...others, { name: EP001, bytes: await ep001() }]);
      await app.click("button", "Close the import report");
      for (const [at, { id }] of [{ id: "ep_001_20240811_1430" }, running, ...others].entries()) {
        await app.page.goto(`${app.page.url().split("#")[0]}#/sessions/${id}`);
        await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
        await app.session.preview();
        await app.session.apply();
        await app.says("script_writer is complete.");
        if (at > 0 && at < 3) continue;
        await app.goTo("Changes");
        await app.changes.files(at + 1);
        await app.changes.layout("Split");
        await everywhere(app, `changes-${at + 1}-split`);
        await app.changes.layout("Unified");
        await everywhere(app, `changes-${at + 1}-unified`);
      }
      await app.click("button", "Export ZIP");
      await app.changes.files(0);
      await everywhere(app, "changes-handed");
      await app.page.goto(`${app.page.url().split("#")[0]}#/new`);
      await app.fill("textbox", "Topic", "The weather in the next room");
      await app.find("region", "The new file");
      await everywhere(app, "new-session");
    });

    test("conflicts", async ({ open, downloads }) => {
      const mine = session({ number: 44, done: 1, minutesAgo: 9, topic: "The map that was folded wrong" });
      const app = await App.open(open);
      await app.drop([mine]);
      await app.click("button", "Close the import report");
      const complete = async (cost) => {
        await app.visit(`#/sessions/${mine.id}`);
        await app.session.fillIn("Complete", { Cost: cost });
        await app.session.preview();
        await app.session.apply();
        await app.says("script_writer is complete.");
      };
      await complete("1.5");
      await app.goTo("Settings");
      const backup = await downloads.one(() => app.click("button", "Download backup"));
      // The workspace does not know the backup's version afterwards.
      await app.click("button", "Clear\u2026");
      await app.click("button", "Clear workspace");
      await app.says("The workspace is empty.");
      await app.drop([mine]);
      await complete("1.2");
      const theirs = { ...mine, bytes: mine.bytes.replace("folded wrong", "never unfolded") };
      await dropFiles(app.page, [theirs, { name: backup.name, bytes: backup.bytes }]);
      await app.find("region", "Conflict with a backup");
      await app.click("button", "Close the import report");
      await everywhere(app, "waiting", { whole: true });
      await app.page.$$eval(".notice details.fold > summary", (summaries) => summaries[0].click());
      await app.find("region", "From your version to the file's");
      await everywhere(app, "waiting-diff", { whole: true });
    });

    test("samples", async ({ open }) => {
      const app = await App.open(open);
      await app.click("button", "Try it with sample sessions");
      await app.sessions.rows(8);
      await everywhere(app, "samples");
      await app.goTo("Dashboard");
      await app.dashboard.figures(8);
      await everywhere(app, "samples-dashboard", { whole: true });
      await app.goTo("Sessions");
      await app.sessions.open("Sample: a short history of silence");
      await app.session.shown("Sample: a short history of silence");
      await app.click("button", "Close the tour");
      await everywhere(app, "sample-failed");
    });
  },
  { browsers: ["chromium"] },
);
