// Screenshots of every state of a session's page; see screenshots.test.mjs.
import { EP001, ep001, sentBack, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { longSession } from "./support/long.mjs";
import { suite } from "./support/suite.mjs";

const ID = "ep_001_20240811_1430";
const TABS = ["Diagram", "Quality & cost", "Handoffs", "History", "JSON", "Diagnostics"];

const running = session({ number: 31, done: 1, minutesAgo: 9, topic: "The tide that came twice" });
const evaluating = session({ number: 34, done: 2, minutesAgo: 5, topic: "What the bridge was told" });
const failed = session({ number: 32, done: 2, status: "failed", minutesAgo: 25, topic: "A bell for every harbour" });

async function openAt(open, files, id, query = "") {
  const app = await App.open(open);
  await app.drop(files);
  await app.click("button", "Close the import report");
  await app.visit(`#/sessions/${id}${query}`);
  await app.find("heading", "Timeline");
  await app.page.waitForSelector("#tab-panel > *");
  return app;
}

/** Applies an event, and waits for its resulting state. */
async function go(app, transition, fields, state) {
  await app.session.fillIn(transition, fields);
  await app.session.preview();
  await app.session.apply();
  await app.session.factIs("State", state);
}

suite(
  "screenshots of a session",
  ({ test }) => {
    test("its tabs", async ({ open }) => {
      const app = await openAt(open, [failed, { name: EP001, bytes: await ep001() }], ID);
      await go(app, "Complete", { Cost: "1.2", Quality: "0.9" }, "EVALUATING");
      for (const tab of TABS) {
        await app.session.tab(tab);
        await app.page.waitForSelector("#tab-panel > *");
        await everywhere(app, `tab-${tab.split(" ")[0].toLowerCase()}`, { show: "#tab-panel" });
      }
      await app.session.tab("Diagram");
      await app.session.way("FAILED to RETRY");
      await everywhere(app, "diagram-shut", { show: "#tab-panel" });
    });

    test("zoomed in, and compared", async ({ open }) => {
      const app = await openAt(open, [running, failed], failed.id);
      await app.session.bars();
      await app.session.focusTimeline();
      for (const key of [".", ".", ".", "+", "+"]) await app.page.keyboard.press(key);
      await app.page.waitForSelector(".bar-chosen");
      await everywhere(app, "zoomed");
      await app.page.keyboard.press("0");
      await app.visit(`#/sessions/${failed.id}?compare=${running.id}`);
      await app.find("heading", "Side by side");
      await everywhere(app, "compare", { show: ".session-timeline" });
    });

    test("its forms", async ({ open }) => {
      const app = await openAt(open, [running, evaluating], running.id);
      await app.session.fillIn("Complete", { Cost: "much" });
      await app.session.apply();
      await app.page.waitForSelector(".field-error");
      await everywhere(app, "form-refused");
      await app.fill("textbox", "Cost", "1.2");
      await app.click("checkbox", "Hand over to quality_evaluator");
      await app.find("textbox", "Word count");
      await everywhere(app, "form-handoff");
      await app.visit(`#/sessions/${evaluating.id}`);
      await app.session.shown("What the bridge was told");
      await app.session.fillIn("Quality failure", { "Brand consistency": "0.5", Technical: "0.7" });
      await app.session.preview();
      await everywhere(app, "form-gates");
    });

    test("its arrows back", async ({ open }) => {
      const app = await openAt(open, [evaluating], evaluating.id, "?tab=history");
      await go(app, "Quality failure", { "Brand consistency": "0.5" }, "WRITING");
      await go(app, "Start", {}, "WRITING");
      await everywhere(app, "routed-back");
      await app.click("button", "Undo all");
      await app.session.factIs("State", "EVALUATING");
      await everywhere(app, "stepped-back", { show: "#tab-panel" });
    });

    test("sent back, and complete", async ({ open }) => {
      const reviewed = sentBack({ number: 35, topic: "What the tide took" });
      const done = session({ number: 36, done: 3, status: "in_progress", topic: "The last bell" });
      const app = await openAt(open, [reviewed, done, running], reviewed.id, "?tab=quality");
      await everywhere(app, "sent-back", { whole: true });
      await app.session.fillIn("Start");
      await app.click("button", "Set time");
      await app.page.$eval("#field-when", (field) => {
        field.value = "2020-02-02T10:30";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      await app.page.waitForSelector("#when-warning");
      await everywhere(app, "form-when");
      await app.visit(`#/sessions/${done.id}`);
      await app.session.shown("The last bell");
      await go(app, "Complete", { Duration: "1h 5m" }, "COMPLETE");
      await app.find("link", "Review and export");
      await everywhere(app, "complete");
    });

    test("escalated", async ({ open }) => {
      const app = await openAt(open, [failed], failed.id);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await go(app, "Retry", {}, "RETRY");
        await go(app, "Start", {}, "EVALUATING");
        await go(app, "Fail", { Error: "The sources of part three do not open", Cost: "0.2" }, "FAILED");
      }
      await everywhere(app, "escalated");
    });

    test("its editor", async ({ open }) => {
      const app = await openAt(open, [{ name: EP001, bytes: await ep001() }], ID, "?tab=json");
      await app.session.rewrite((text) => text.replace('"number": 1,', '"number": ,'));
      await app.page.waitForSelector(".refusal-loud");
      await everywhere(app, "edit-broken", { show: "#tab-panel" });
      await app.click("button", "Cancel edit");
      await app.session.rewrite((text) => text.replace("Octopuses", "Squid"));
      await app.page.waitForSelector("#editor-verdict .tally");
      // Simulates another tab.
      await go(app, "Progress", { Cost: "1" }, "WRITING");
      await app.find("region", "Session changed");
      await everywhere(app, "edit-moved", { show: "#tab-panel" });
    });

    test("with two thousand entries", async ({ open }) => {
      const long = longSession(2000);
      const app = await openAt(open, [long], long.id, "?tab=history");
      await app.session.bars();
      await everywhere(app, "long");
      await everywhere(app, "long-history", { show: "#tab-panel" });
    });
  },
  { browsers: ["chromium"] },
);
