// Notices above a page: one line, shown once, without effect on shortcuts and long lists.
import assert from "node:assert/strict";

import { EP001, ep001, session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { dropFiles } from "./support/files.mjs";
import { fillDisk } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const broken = { name: "broken.json", bytes: '{\n  "session_id": "a",\n  "episode": {,}\n}\n' };
const failed = (number, topic, error) => session({ number, topic, done: 1, status: "failed", minutesAgo: number, ...(error && { error }) });

/** Waits until a list's rows cover its visible part. */
const fills = (app, selector) =>
  app.until((selector) => {
    const list = document.querySelector(selector);
    const rows = [...(list?.children ?? [])];
    if (rows.length === 0) return false;
    const view = list.closest("[data-scroller]").getBoundingClientRect();
    const rank = (row) => Number(row.getAttribute("aria-posinset") ?? row.getAttribute("aria-rowindex") - 1);
    const all = Number(rows[0].getAttribute("aria-setsize") ?? list.parentElement.getAttribute("aria-rowcount") - 1);
    const [first, last] = [rows[0], rows.at(-1)];
    return (
      (rank(first) === 1 || first.getBoundingClientRect().top <= view.top) &&
      (rank(last) === all || last.getBoundingClientRect().bottom >= view.bottom) &&
      rows.length < 200
    );
  }, selector);

/** Inserts a box of this height before an element, or removes it. */
const push = (app, selector, height) =>
  app.page.evaluate(
    (selector, height) => {
      document.querySelector("#pushes")?.remove();
      if (height === 0) return;
      const box = document.createElement("div");
      box.id = "pushes";
      box.style.height = `${height}px`;
      document.querySelector(selector).before(box);
    },
    selector,
    height,
  );

suite("notices", ({ test }) => {
  test("long lists follow changes above them and of their scroller", { firefox: true }, async ({ open }) => {
    const app = await App.open(open);
    const files = Array.from({ length: 300 }, (_, at) => failed(at + 1, `Number ${at + 1}`));
    await app.drop([...files, broken]);
    await app.find("region", "Import report");
    const follows = async (selector, pushed) => {
      await fills(app, selector);
      // The list begins below the view and is scrolled back into it.
      for (const height of [2_000, 0, 300, 0]) {
        await push(app, pushed, height);
        await fills(app, selector);
      }
    };
    await follows(".sessions tbody", ".page");
    await app.page.$eval("main", (main) => main.scrollTo(0, 4_000));
    await follows(".sessions tbody", ".page");
    await app.click("button", "Close the import report");
    await fills(app, ".sessions tbody");
    // The scroller becomes higher and narrower.
    for (const [width, height] of [[1280, 400], [1280, 1400], [390, 844], [1440, 900]]) {
      await app.page.setViewport({ width, height });
      await fills(app, ".sessions tbody");
    }
    await app.page.evaluate(() => {
      document.querySelector(".status").style.height = "500px";
    });
    await fills(app, ".sessions tbody");
    await app.page.evaluate(() => {
      document.querySelector(".status").style.height = "";
    });
    await fills(app, ".sessions tbody");
    // Rows of another height, as with touch input.
    for (const height of ["44px", "24px", ""]) {
      await app.page.$eval(".sessions tbody", (body, height) => body.style.setProperty("--list-row", height), height);
      await fills(app, ".sessions tbody");
    }
    await app.click("checkbox", "Select all shown");
    await app.click("button", "Retry\u2026");
    await app.sessions.verdicts("Preview");
    await fills(app, ".bulk-result-list");
    for (const height of ["700px", "120px", ""]) {
      await app.page.$eval(".bulk-results", (box, height) => {
        box.style.height = height;
        box.style.maxHeight = height === "" ? "" : "none";
      }, height);
      await fills(app, ".bulk-result-list");
      await fills(app, ".sessions tbody");
    }
    await app.visit("#/import");
    await follows(".import-list", ".page");
    await app.visit("#/");
    await app.dashboard.figures(300);
    await app.click("button", "Every episode as table");
    await fills(app, ".chart-sessions tbody");
    await app.page.$eval(".chart-list", (box) => {
      box.style.maxHeight = "none";
      box.style.height = "1200px";
    });
    await fills(app, ".chart-sessions tbody");
  });

  test("a successful import is reported once in the status line, another one in a notice", async ({ open }) => {
    const app = await App.open(open);
    const banner = () => app.has("region", "Import report");
    await app.drop([session({ number: 3 }), session({ number: 4 })]);
    assert.equal((await app.report()).headline, "2 sessions in 2 files");
    assert.equal(await app.page.$eval(".status .import-outcome", (line) => line.innerText), "2 sessions in 2 files");
    assert.equal(await banner(), false);
    // The import contains other files too.
    await app.drop([session({ number: 5 }), { name: "notes.md", bytes: "notes" }]);
    assert.equal(await banner(), false);
    await app.click("button", "Close the import report");
    await app.until(() => document.querySelector(".import-outcome") === null);

    await app.drop([session({ number: 6 }), broken]);
    assert.equal(await banner(), true);
    for (const width of [1440, 390]) {
      await app.page.setViewport({ width, height: 844 });
      const height = await app.page.$eval("[aria-label='Import report']", (line) => line.getBoundingClientRect().height);
      assert.ok(height <= 62, `${height} px at ${width}`);
      await assertAccessible(app.page);
    }
    // It is shown on all pages until dismissed, and then on none.
    await app.goTo("Changes");
    await app.find("heading", "Changes");
    assert.equal(await banner(), true);
    await app.click("button", "Close the import report");
    for (const place of ["Sessions", "Dashboard", "Settings"]) {
      await app.goTo(place);
      await app.find("heading", place);
      assert.equal(await banner(), false, place);
    }
    // A report read on the import page counts as seen.
    await app.drop([broken]);
    assert.equal(await banner(), true);
    await app.click("link", "See report");
    await app.import.files(1);
    await app.goTo("Sessions");
    await app.find("heading", "Sessions");
    assert.equal(await banner(), false);
    await app.reload();
    await app.find("heading", "Sessions");
    assert.equal(await banner(), false);
  });

  test("shortcuts work on every page below notices", async ({ open, downloads }) => {
    const app = await App.open(open);
    const press = async (...keys) => {
      for (const key of keys) await app.page.keyboard.press(key);
    };
    // Three sessions with one error would be one row of the dashboard.
    const made = Array.from({ length: 40 }, (_, at) => failed(at + 1, `Number ${at + 1}`, `Error ${at >> 1}`));
    const onRow = (nth) =>
      app.until((nth) => {
        const rows = [...document.querySelectorAll(".row-link, .need-fold, .import-path, .changed-file")].filter((row) => row.checkVisibility());
        return document.activeElement === rows[nth];
      }, nth);
    const walks = async () => {
      await app.page.evaluate(() => document.activeElement.blur());
      await press("j");
      await onRow(0);
      await press("j");
      await onRow(1);
      await press("k");
      await onRow(0);
    };
    const everyPage = async (keys) => {
      await press("g", "s");
      await app.find("heading", "Sessions");
      await walks();
      await press("/");
      await app.until(() => document.activeElement.id === "search");
      await press("Escape", "?");
      await app.find("region", "Help");
      await press("Escape");
      await app.until(() => document.querySelector("#keys-panel") === null);
      await walks();
      await press("Enter");
      await app.find("heading", "Timeline");
      await press("g", "d");
      await app.find("heading", "Dashboard");
      await app.page.waitForSelector(".need .row-link");
      await walks();
      await press("g", "i");
      await app.find("heading", "Import");
      if (keys.report) {
        await app.page.waitForSelector(".import-row");
        await walks();
      }
      await press("g", "c");
      await app.find("heading", "Changes");
    };

    await dropFiles(app.page, made);
    await app.report();
    await everyPage({ report: true });

    await app.drop([{ name: EP001, bytes: await ep001() }, broken]);
    await app.find("region", "Import report");
    await everyPage({ report: true });

    await press("g", "s");
    await app.drop([broken, { name: "notes.md", bytes: "notes" }]);
    await app.find("region", "Import report");
    await everyPage({ report: true });

    // A message with an undo, then an unsaved change, then a running import.
    await app.visit("#/sessions/ep_001_20240811_1430");
    await app.session.fillIn("Progress", { Cost: "1" });
    await app.session.preview();
    await app.session.apply();
    await app.find("button", "Undo");
    await everyPage({ report: true });
    await app.changes.files(1);
    await press("j");
    await onRow(0);
    const file = await downloads.one(() => press("e"));
    assert.equal(file.name, EP001);
    await app.visit("#/sessions/ep_001_20240811_1430");
    await app.session.factIs("Cost / budget", "$1.00 / $9.00");
    await press("u");
    await app.session.factIs("Cost / budget", "$0.00 / $9.00");

    await fillDisk(app.page);
    await app.session.fillIn("Progress", { Cost: "1" });
    await app.session.preview();
    await app.session.apply();
    await app.find("region", "Storage");
    await app.page.evaluate(() => {
      Blob.prototype.arrayBuffer = () => new Promise(() => {});
    });
    await dropFiles(app.page, sessions(3));
    await app.find("region", "Import");
    await everyPage({ report: false });
  });
});
