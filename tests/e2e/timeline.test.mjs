// Timelines: a session's own, and all sessions on one axis.
import assert from "node:assert/strict";

import { EP001, ep001, longStory, session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} (Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)( \d{4})?$/;

async function opened(open, files, path) {
  const app = await App.open(open);
  await app.drop(files);
  await app.click("button", "Close the import report");
  await app.visit(path);
  return app;
}

suite("a session's timeline", ({ test }) => {
  /** Opens a story that is told when its test begins, as it goes on with the time. */
  const begin = (open) => {
    const story = longStory({ number: 51, topic: "The bridge of echoes" });
    return opened(open, [story], `#/sessions/${story.id}`);
  };

  test("dates are above the axis, and long gaps are folded", async ({ open }) => {
    const app = await begin(open);
    await app.page.waitForSelector(".break-label");
    await app.until(() => document.querySelectorAll(".break-label").length === 3);
    const breaks = await app.timeline.breaks();
    for (const words of breaks) assert.match(words, /^\u22ef \d+ (h|d)( idle)?$/);
    const dates = await app.timeline.dates();
    assert.ok(dates.length >= 2, dates.join("; "));
    for (const date of dates) assert.match(date, DATE);
    assert.match(await app.timeline.now(), /^now ((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d+ \w+ \d\d:\d\d$/);
    const folded = Math.max(...(await app.session.bars()).map((bar) => bar.width));
    // Relative to the width of the widest bar while gaps are folded.
    const widest = (least, most) =>
      app.until(
        (least, most) => {
          const widths = [...document.querySelectorAll(".timeline-svg .bar-body")].map((bar) => bar.getBoundingClientRect().width);
          const widest = Math.max(...widths);
          return widest >= least && widest <= most;
        },
        folded * least,
        folded * most,
      );
    await app.click("button", "Fold gaps");
    await app.until(() => !document.querySelector("g.break"));
    await widest(0, 0.5);
    await app.click("button", "Fold gaps");
    await app.page.waitForSelector("g.break");
    await widest(0.95, 1.05);
  });

  test("attempts are numbered, overdue time is marked, and the way back is drawn", async ({ open }) => {
    const app = await begin(open);
    const bars = await app.session.bars();
    const writing = bars.filter((bar) => bar.lane === 1);
    assert.deepEqual(writing.map((bar) => bar.state), ["retry", "complete", "writing"]);
    assert.ok(writing.some((bar) => bar.words.startsWith("#2")), writing.map((bar) => bar.words).join("; "));
    const overdue = await app.page.$eval(".overdue rect", (part) => part.getBoundingClientRect().width);
    const running = writing[2].width;
    assert.ok(Math.abs(overdue / running - 1 / 3) < 0.05, "a third of the hour is overdue");
    assert.match(
      await app.page.$eval(".back", (back) => back.dataset.tip),
      /^Sent back to writing: quality gates failed: brand_consistency, technical$/,
    );
    assert.ok((await app.page.$$(".ghost")).length >= 2, "the rest of the pipeline is expected");
    await app.session.focusTimeline();
    for (let at = 0; at < 4; at += 1) await app.page.keyboard.press(".");
    await app.timeline.details(/attempt 3, running .* (19|2\d) min late/);
  });

  test("a search dims other bars and steps through the matches", { firefox: true }, async ({ open }) => {
    const app = await begin(open);
    await app.session.bars();
    await app.timeline.search("script_writer", "3 matches");
    await app.until(() => document.querySelectorAll(".timeline-svg .bar-dim").length === 2);
    await app.page.keyboard.press("Enter");
    await app.timeline.found("1 of 3");
    await app.timeline.details(/script_writer.*attempt 1, failed, retried/);
    await app.page.keyboard.down("Shift");
    await app.page.keyboard.press("Enter");
    await app.page.keyboard.up("Shift");
    await app.timeline.found("3 of 3");
    await app.timeline.search("brand_consistency", "1 match");
    await app.click("button", "Next match");
    await app.timeline.details(/gates failed/);
    await app.timeline.search("nowhere", "No matches");
    await assertAccessible(app.page);
    await app.page.focus("#timeline-search");
    await app.page.keyboard.press("Escape");
    await app.until(() => !document.querySelector(".bar-dim"));
  });

  test("an image has the dates and folded gaps of the page", async ({ open, downloads }) => {
    const app = await begin(open);
    await app.session.bars();
    await app.page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    const svg = String((await downloads.one(() => app.click("button", "Copy SVG"))).bytes);
    assert.match(svg, />\u22ef \d+ (h|d) idle</);
    assert.match(svg, />(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w+ \d{4}</);
    assert.match(svg, />now (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w+ \d\d:\d\d</);
    assert.match(svg, /url\(#overdue\)/);
  });

  test("an old session says how far away now is", async ({ open }) => {
    const app = await opened(open, [{ name: EP001, bytes: await ep001() }], "#/sessions/ep_001_20240811_1430");
    await app.session.bars();
    assert.match(await app.timeline.now(), /^now is \d+ years? later \u203a$/);
  });
});

suite("all sessions on one axis", ({ test }) => {
  const stories = [51, 52].map((number) => longStory({ number, shift: (number - 51) * 90 }));
  const quick = session({ number: 61, done: 2, minutesAgo: 3, topic: "The quick one" });
  const failed = session({ number: 62, done: 1, status: "failed", minutesAgo: 400, topic: "What failed" });
  const files = [...stories, quick, failed];

  test("rows are sessions, newest activity first; Enter opens one", { firefox: true }, async ({ open }) => {
    const app = await opened(open, files, "#/");
    await app.page.keyboard.press("g");
    await app.page.keyboard.press("t");
    await app.find("heading", "Timeline");
    const rows = await app.timeline.rows(4);
    assert.equal(rows[3], "ep 62 \u00b7 What failed");
    const bars = await app.timeline.bars();
    assert.ok(bars.some((bar) => bar.state === "researching") && bars.some((bar) => bar.state === "evaluating"));
    for (const date of await app.timeline.dates()) assert.match(date, DATE);
    await assertAccessible(app.page);
    await app.page.keyboard.press("j");
    await app.page.keyboard.press("j");
    await app.until(() => document.activeElement.closest(".work-row")?.dataset.row === "1");
    await app.page.keyboard.press("k");
    await app.until(() => document.activeElement.closest(".work-row")?.dataset.row === "0");
    const topic = rows[0].split(" \u00b7 ")[1];
    await app.page.keyboard.press("Enter");
    await app.session.shown(topic);
  });

  test("a click on a bar opens its session, and the palette leads to the page", async ({ open }) => {
    const app = await opened(open, files, "#/");
    await app.palette.open();
    await app.palette.type("timeline", "Go to timeline");
    await app.page.keyboard.press("Enter");
    await app.timeline.rows(4);
    const bar = '.work-row[data-row="3"] .bar .bar-body';
    await app.hover(bar);
    await app.timeline.details(/What failed.*research_coordinator/);
    // The axis captures the pointer, so that the bar itself is not clicked.
    await app.page.locator(bar).click();
    await app.session.shown("What failed");
  });

  test("lanes of an agent stack work at the same time", async ({ open }) => {
    const app = await opened(open, files, "#/timeline");
    await app.timeline.rows(4);
    await app.timeline.choose("Agents");
    await app.until(() => document.querySelector(".work-title")?.innerText === "research_coordinator");
    await app.until(() => {
      const rows = [...document.querySelectorAll(".work-title")].map((title) => title.innerText);
      return rows.includes("script_writer") && rows.includes("Lane 2");
    });
    await app.until(() => location.hash === "#/timeline?by=agent");
    await app.until(() => document.querySelectorAll(".work-key").length >= 3);
    await assertAccessible(app.page);
  });

  test("ranges leave out older work", async ({ open }) => {
    const old = longStory({ number: 71, shift: 60 * 24 * 60 });
    const app = await opened(open, [...files, old], "#/timeline");
    await app.timeline.rows(4);
    await app.timeline.choose("All");
    await app.timeline.rows(5);
    await app.timeline.choose("24 h");
    await app.timeline.rows(4);
    await app.until(() => location.hash.includes("range=24h"));
  });

  test("a range without work offers all of it", async ({ open }) => {
    const old = longStory({ number: 71, shift: 60 * 24 * 60 });
    const app = await opened(open, [old], "#/timeline?range=24h");
    await app.click("link", "Show all of 1 session");
    await app.timeline.rows(1);
  });

  test("a search finds topics, agents and errors, and steps through them", { firefox: true }, async ({ open }) => {
    const app = await opened(open, files, "#/timeline");
    await app.timeline.rows(4);
    await app.timeline.search("the quick", "1 match");
    await app.until(() => document.querySelectorAll(".work-row-dim").length === 3);
    await app.timeline.search("did not answer", "3 matches");
    await app.page.keyboard.press("Enter");
    await app.timeline.found("1 of 3");
    await app.timeline.details(/The model did not answer/);
    await app.until(() => location.hash.includes("q=did%20not%20answer"));
    await app.reload();
    await app.timeline.found("3 matches");
  });

  test("the axis zooms and pans by wheel, drag and keys", { firefox: true }, async ({ open }) => {
    const app = await opened(open, files, "#/timeline");
    await app.timeline.rows(4);
    // The first bar's left end and width, in pixels.
    const bar = '.work-row[data-row="0"] .bar .bar-body';
    const first = await app.page.$eval(bar, (bar) => bar.getBoundingClientRect().toJSON());
    const moves = (x, width, tolerance) =>
      app.until(
        (selector, x, width, tolerance) => {
          const bar = document.querySelector(selector)?.getBoundingClientRect();
          return bar !== undefined && Math.abs(bar.x - x) < tolerance && Math.abs(bar.width - width) < 1;
        },
        bar,
        x,
        width,
        tolerance,
      );
    const widest = Math.max(...(await app.timeline.bars()).map((bar) => bar.width));
    await app.focus(".work-axis");
    await app.page.keyboard.press("+");
    await app.until((width) => [...document.querySelectorAll(".work-list .bar-body")].some((it) => it.getBoundingClientRect().width > width * 1.3), widest);
    await app.page.keyboard.press("0");
    await moves(first.x, first.width, 1);
    const box = await (await app.page.$(".work-axis")).boundingBox();
    const { mouse } = app.page;
    await mouse.move(box.x + 300, box.y + 30);
    await mouse.down();
    await mouse.move(box.x + 380, box.y + 30, { steps: 4 });
    await mouse.up();
    // With the pointer, and about as far: a press becomes a drag only after some pixels.
    await moves(first.x + 80, first.width, 12);
  });

  test("the table has what is drawn", async ({ open }) => {
    const app = await opened(open, files, "#/timeline");
    await app.timeline.rows(4);
    await app.press(".work details summary");
    await app.until(() => {
      const told = [...document.querySelectorAll(".timeline-table tbody tr")].map((row) =>
        [0, 1, 2, 3].map((cell) => row.cells[cell].innerText).join(" | "),
      );
      return (
        told.some((row) => row.endsWith("script_writer | running, late | 3")) &&
        told.some((row) => row.includes("gates failed, sent back to writing"))
      );
    });
    await assertAccessible(app.page);
  });

  test("only the visible rows are rendered", async ({ open }) => {
    const app = await App.open(open, "#/timeline");
    const files = sessions(400);
    await app.drop(files);
    await app.click("button", "Close the import report");
    await app.timeline.choose("All");
    await app.timeline.rows(new Set(files.map(({ id }) => id)).size);
    await app.until(() => document.querySelectorAll(".work-row").length < 80);
    await app.page.$eval("main", (main) => main.scrollTo(0, 6000));
    await app.until(() => Number(document.querySelector(".work-row")?.dataset.row) > 50);
    await app.until(() => document.querySelectorAll(".work-row").length < 80);
  });

  test("nothing is covered on a phone, and a tap shows the details", async ({ open }) => {
    const app = await opened(open, files, "#/timeline");
    await app.page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
    await app.timeline.rows(4);
    await app.until(() => innerWidth === 390 && document.querySelector("main").scrollWidth <= innerWidth);
    await app.tap(".work-list .bar .bar-body");
    await app.timeline.details(/ to /);
    await assertAccessible(app.page);
  });
});
