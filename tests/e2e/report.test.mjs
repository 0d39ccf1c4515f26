// The production report: on the page, on paper, as files to send and for other tools.
import assert from "node:assert/strict";

import { session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { unzip } from "./support/git.mjs";
import { suite } from "./support/suite.mjs";

const FORMULA = '=HYPERLINK("x"), |pipe|';

/** Opens the app with a running, a failed and a complete session. */
async function production(open) {
  const app = await App.open(open, "#/");
  await app.drop([
    session({ number: 8, done: 1, minutesAgo: 9, topic: FORMULA }),
    session({ number: 9, done: 2, status: "failed", minutesAgo: 25, topic: "A bell for every harbour" }),
    session({ number: 10, done: 4, minutesAgo: 190, topic: "How to lose a lighthouse" }),
  ]);
  await app.click("button", "Close the import report");
  return app;
}

suite("the production report", ({ browser, test }) => {
  test("is where people look for it, and shows figures, attention, costs and sessions", { firefox: true }, async ({ open }) => {
    const app = await production(open);
    await app.click("link", "Report");
    const tables = await app.production.tables();
    assert.deepEqual(Object.keys(tables), ["Needs attention", "Costs by stage", "Sessions"]);
    assert.deepEqual(tables.Sessions.map((row) => row.slice(0, 4)).sort(), [
      ["10", "How to lose a lighthouse", "COMPLETE", "healthy"],
      ["8", FORMULA, "WRITING", "healthy"],
      ["9", "A bell for every harbour", "FAILED", "at risk"],
    ]);
    assert.equal(tables["Needs attention"][0][0], "ep 9 \u00b7 A bell for every harbour");
    assert.deepEqual(tables["Costs by stage"].map(([stage]) => stage), ["research", "writing", "evaluation", "synthesis", "total"]);
    const figures = await app.production.figures();
    assert.equal(figures["Active sessions"], "2");
    await assertAccessibleInBothThemes(app);
    await everywhere(app, "report-production");
    // From Changes, and by keys.
    await app.visit("#/changes");
    await app.click("link", "Report");
    await app.production.tables();
    await app.visit("#/sessions");
    await app.sessions.rows(3);
    await app.page.evaluate(() => document.activeElement.blur());
    await app.page.keyboard.press("g");
    await app.page.keyboard.press("r");
    await app.find("heading", "Production report");
    await app.click("link", "How to lose a lighthouse");
    await app.session.shown("How to lose a lighthouse");
  });

  test("is downloaded as plain CSV tables, each with its header", { firefox: true }, async ({ open, downloads }) => {
    const app = await production(open);
    await app.visit("#/report");
    await app.production.tables();
    const zip = await downloads.one(() => app.click("button", "CSV"));
    assert.match(zip.name, /^callboard-\d{8}-\d{4}-report\.zip$/);
    const files = await unzip(zip.bytes);
    const lines = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, String(bytes).split("\r\n")]));
    assert.deepEqual(Object.keys(lines).sort(), ["costs.csv", "costs_by_stage.csv", "figures.csv", "needs_attention.csv", "sessions.csv", "stages.csv"]);
    assert.match(lines["sessions.csv"][0], /^session_id,episode,topic,owner,labels,state,.*due_date,.*cost_usd,budget_usd,.*overall_quality_0_to_1,created_utc,/);
    assert.equal(lines["sessions.csv"].length, 1 + 3 + 1);
    // No spreadsheet takes a topic for a formula.
    assert.ok(lines["sessions.csv"].some((line) => line.includes('"\'=HYPERLINK(""x""), |pipe|"')));
    assert.equal(lines["stages.csv"].length, 1 + 3 * 4 + 1);
    assert.match(lines["stages.csv"][0], /duration_seconds,cost_usd,/);
    assert.equal(lines["costs.csv"].length, 1 + 3 + 1);
    const one = await downloads.one(() => app.click("button", "CSV: sessions.csv"));
    assert.equal(one.name, "sessions.csv");
    assert.deepEqual(String(one.bytes), String(files["sessions.csv"]));
    const markdown = await downloads.one(() => app.click("button", "Markdown"));
    assert.ok(markdown.bytes.toString().includes('=HYPERLINK("x"), \\|pipe\\| |'));
  });

  test("is one page to send, which loads and runs nothing", async ({ open, downloads }) => {
    const app = await production(open);
    await app.visit("#/report");
    await app.production.tables();
    const file = await downloads.one(() => app.click("button", "HTML"));
    assert.match(file.name, /^callboard-\d{8}-\d{4}-report\.html$/);
    const text = String(file.bytes);
    assert.doesNotMatch(text, /<(script|img|link|iframe)|url\(|@import|https?:/);
    const page = await app.page.browserContext().newPage();
    try {
      const requests = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.setContent(text);
      assert.deepEqual(await page.$$eval("h1, h2", (heads) => heads.map((head) => head.firstChild.data.trim())), [
        "Production report",
        "Needs attention",
        "Costs by stage",
        "Sessions",
      ]);
      assert.ok((await page.$$eval("td", (cells) => cells.map((cell) => cell.innerText))).includes(FORMULA));
      assert.deepEqual(requests.filter((url) => /^(https?|file):/.test(url)), []);
      await assertAccessible(page);
    } finally {
      await page.close();
    }
  });

  test("is printed without the app around it, all of its rows", async ({ open }) => {
    const app = await App.open(open, "#/");
    await app.drop(sessions(260));
    await app.click("button", "Close the import report");
    await app.visit("#/report");
    const { Sessions: first } = await app.production.tables();
    assert.ok(first.length <= 200);
    await app.page.evaluate(() => {
      globalThis.print = () => {
        globalThis.printed = document.querySelectorAll(".report-sessions tbody tr").length;
      };
    });
    await app.click("button", "Print");
    await app.until(() => globalThis.printed === 260);
    if (browser !== "chromium") return;
    await app.page.emulateMediaType("print");
    const seen = await app.page.evaluate(() =>
      [".rail", ".top", ".status", ".report-tools", ".report-page h1", ".report-sessions"].filter((part) =>
        document.querySelector(part)?.checkVisibility(),
      ),
    );
    assert.deepEqual(seen, [".report-page h1", ".report-sessions"]);
    // Nothing is cut at the end of the window.
    assert.equal(await app.page.evaluate(() => getComputedStyle(document.querySelector("main")).overflow), "visible");
    const pdf = Buffer.from(await app.page.pdf({ format: "A4" }));
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    const pages = Number(pdf.toString("latin1").match(/\/Count (\d+)/)[1]);
    assert.ok(pages > 3, `${pages} pages`);
  });
});
