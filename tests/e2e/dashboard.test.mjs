// The dashboard, the command palette and behaviour shared by all pages.
import assert from "node:assert/strict";

import { session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { clockAt, NOON } from "./support/clock.mjs";
import { suite } from "./support/suite.mjs";

const HOME = "#/";

const failed = session({ number: 32, done: 2, status: "failed", topic: "A bell for every harbour" });
// Not late during a slow test.
const running = session({ number: 31, done: 1, topic: "The tide that came twice", due: 600 });
const stalled = session({ number: 30, done: 1, minutesAgo: 600, topic: "The lamp that nobody lit" });
const complete = session({ number: 33, done: 4, minutesAgo: 1, topic: "How to lose a lighthouse" });
const escalated = (() => {
  const made = session({ number: 29, done: 1, status: "failed", topic: "Nine ways to miss a train" });
  return { ...made, bytes: made.bytes.replace('"failed_attempts": 1', '"failed_attempts": 4').replace('"retry_count": 0', '"retry_count": 3') };
})();

async function home(open, files) {
  const app = await App.open(open, HOME);
  await app.drop(files);
  await app.click("button", "Close the import report");
  return app;
}

// Figures, charts and attention rows are the same in every browser; keyboard journeys are in keyboard.test.
suite("the dashboard", ({ test }) => {
  test("shows the six figures with their captions", async ({ open }) => {
    const app = await home(open, [running]);
    const { dashboard } = app;
    const before = await dashboard.figures(1);
    assert.equal(before["Active sessions"].value, "1");
    for (const name of ["Average time", "Average cost", "Average quality"]) {
      assert.equal(before[name].value, "\u2013", name);
      assert.match(before[name].of, /^no /);
    }
    await app.drop([complete, failed]);
    const after = await dashboard.figures(3);
    assert.equal(after["Active sessions"].value, "2");
    // It failed some minutes ago, which is yesterday shortly after midnight.
    const day = (moment) => new Date(moment).toDateString();
    const failedAt = JSON.parse(failed.bytes).timestamps.evaluation_failed;
    assert.equal(after["Failed today"].value, day(failedAt) === day(Date.now()) ? "1" : "0");
    assert.match(after["Average cost"].value, /^\$\d+\.\d\d$/);
    assert.match(after["Average cost"].of, /n\s1$/);
    assert.match(after["Average quality"].of, /n\s1 of 3$/);
    assert.equal(await app.page.title(), "Dashboard \u00b7 Callboard");
  });

  test("the address has the charts shown as tables", async ({ open }) => {
    const app = await home(open, [running, complete]);
    await app.dashboard.table("Every episode");
    await app.dashboard.table("Cost per episode");
    await app.until(() => location.hash === "#/?table=cost,episodes");
    await app.press(".chart-sessions .row-link");
    await app.find("heading", running.topic);
    await app.page.goBack();
    await app.find("region", "Every episode, figures");
    await app.find("region", "Cost per episode, figures");
    // Going back: one table, then none.
    await app.page.goBack();
    await app.until(() => location.hash === "#/?table=episodes");
    await app.find("slider", "Cost per episode");
    await app.reload();
    await app.find("region", "Every episode, figures");
    await app.visit("#/?table=funnel,duration");
    await app.find("region", "Pipeline funnel, figures");
    await app.find("region", "Duration by stage, figures");
    await app.find("slider", "Every episode");
  });

  test("the table has a row for every episode", async ({ open }) => {
    const many = Array.from({ length: 400 }, (_, index) =>
      session({ number: 1 + index, done: index % 5, minutesAgo: 10, topic: `Number ${index + 1}` }),
    );
    const unstated = session({ number: 1000, topic: "What did it cost?" });
    unstated.bytes = unstated.bytes.replace(/"cost_tracking": \{[^}]*\}/, '"cost_tracking": {}');
    const app = await App.open(open, "#/?table=episodes");
    await app.drop([...many, unstated]);
    const region = await app.find("region", "Every episode, figures");
    const rows = () =>
      region.$$eval("tbody tr", (rows) =>
        rows.map((row) => [row.ariaRowIndex ?? row.getAttribute("aria-rowindex"), ...[...row.cells].map((cell) => cell.innerText.trim())]),
      );
    await app.until(() => document.querySelector(".chart-sessions")?.getAttribute("aria-rowcount") === "402");
    await app.until(() => document.querySelector(".chart-sessions tbody tr .row-link")?.innerText === "ep 1 \u00b7 Number 1");
    const first = await rows();
    assert.ok(first.length < 40, `${first.length} rows are on the page`);
    assert.deepEqual(first[4].slice(0, 3), ["6", "ep 5 \u00b7 Number 5", "COMPLETE"]);
    assert.match(first[4][3], /^\$\d+\.\d\d \/ \$9\.00$/);
    // The legend counts each state, as below the chart.
    const complete = await app.page.$eval(".chart-episodes a.chart-key[data-state=complete]", (e) => e.innerText);
    assert.match(complete, /^COMPLETE\s*80$/);
    await app.page.focus(".chart-sessions .row-link");
    await region.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await app.until(() => [...document.querySelectorAll(".chart-sessions .row-link")].at(-1).innerText.endsWith("What did it cost?"));
    await region.evaluate((element) => element.scrollTo(0, 0));
    await app.until(() => document.activeElement.innerText === "ep 1 \u00b7 Number 1");
    await region.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await app.until(() => [...document.querySelectorAll(".chart-sessions .row-link")].at(-1).innerText.endsWith("What did it cost?"));
    const last = (await region.$$(".row-link")).at(-1);
    await last.focus();
    await app.until(() => document.querySelector("#tip")?.innerText.endsWith("No cost or budget in the file."));
    await app.page.keyboard.press("Escape");
    await assertAccessible(app.page);
    await app.page.keyboard.press("Enter");
    await app.session.shown("What did it cost?");
  });

  test("sessions that need attention are listed by urgency, with reason and action", async ({ open }) => {
    const app = await home(open, [running, failed, complete, stalled, escalated]);
    const rows = await app.dashboard.needs(3);
    assert.deepEqual(rows.map(({ kind, health, action }) => [kind, health, action]), [
      ["escalated", "failed", "Resume\u2026"],
      ["failed", "at_risk", "Retry"],
      ["stalled", "stalled", "Resume"],
    ]);
    assert.match(rows[0].why, /needs a decision/);
    assert.match(rows[1].why, /has failed: The model did not answer/);
    assert.match(rows[1].when, /^failed \d+\s(min|h).*\sago$/);
    // The time of day is in the viewer's zone; the day is there unless it is today.
    assert.match(rows[2].why, /^script_writer: no update for \d+ h.* \(expected (\d+ \w+ )?\d\d:\d\d, \d+ h.* ago\)\.$/);
    assert.match(rows[2].when, /^last update \d+\sh/);
    await app.dashboard.act(failed.id);
    await app.says("will be retried");
    await app.until((id) => document.querySelector(`.need[data-session="${id}"] button`)?.innerText === "Start", failed.id);
    await app.dashboard.needs(3);
    // One click to apply, one to undo.
    await app.click("button", "Undo");
    await app.says("Undid: ");
    await app.until((id) => document.querySelector(`.need[data-session="${id}"] button`)?.innerText === "Retry", failed.id);
    // An escalation is overridden only with the user's explicit decision.
    await app.dashboard.act(escalated.id);
    await app.click("checkbox", "Override the escalation");
    await app.click("button", "Apply");
    await app.until((id) => document.querySelector(`.need[data-session="${id}"] button`)?.innerText === "Start", escalated.id);
  });

  test("all pages agree on lateness, by the typical durations of the loaded sessions", async ({ open }) => {
    const at = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z/, "Z");
    const slow = [51, 52, 53].map((number) => {
      const made = session({ number, done: 4, minutesAgo: 5 });
      const text = JSON.parse(made.bytes);
      const { timestamps } = text;
      timestamps.research_started = new Date(Date.parse(timestamps.research_completed) - 4 * 3_600_000).toISOString();
      return { ...made, bytes: JSON.stringify(text, null, 2) };
    });
    const made = session({ number: 54, done: 0, topic: "The long way round", minutesAgo: 120 });
    const text = JSON.parse(made.bytes);
    text.agent_outputs.research_coordinator = { status: "in_progress", start_time: at(120) };
    const long = { ...made, bytes: JSON.stringify(text, null, 2) };
    const app = await home(open, [long]);
    // On its own it is long overdue.
    const [row] = await app.dashboard.needs(1);
    assert.equal(row.health, "stalled");
    await app.drop(slow);
    await app.click("button", "Close the import report");
    await app.dashboard.figures(4);
    await app.dashboard.needs(0);
    await app.visit("#/sessions?health=stalled");
    assert.deepEqual(await app.sessions.ids(0), []);
    await app.visit(`#/sessions/${long.id}`);
    await app.session.factIs("Health", "Healthy");
  });

  test("charts are read by keys, by pointer and as tables", async ({ open }) => {
    const app = await home(open, [running, failed, complete]);
    const { dashboard } = app;
    const { keyboard } = app.page;
    await dashboard.figures(3);
    await dashboard.focus("Cost per episode");
    await keyboard.press("Home");
    await dashboard.says("Cost per episode", /^ep \d+ .* of \$9\.00/);
    const first = await dashboard.reads("Cost per episode");
    await keyboard.press("ArrowRight");
    await app.until(
      (first) => document.querySelector("[role=slider][aria-label='Cost per episode']").getAttribute("aria-valuetext") !== first,
      first,
    );
    await keyboard.press("Escape");
    await dashboard.says("Cost per episode", /^3 sessions/);
    await dashboard.focus("Duration by stage");
    await keyboard.press("End");
    await dashboard.says("Duration by stage", /^synthesis: .*\(n 1\)/);
    const grid = await app.find("slider", "Every episode");
    await grid.scrollIntoView();
    // The middle of the mark of the one episode that failed; layout may still move the chart.
    const mark = await app.page.$eval(".chart-episodes .chart-fill[data-state=failed]", async (mark) => {
      let before;
      do {
        before = JSON.stringify(mark.getBoundingClientRect());
        await new Promise((resolve) => requestAnimationFrame(resolve));
      } while (before !== JSON.stringify(mark.getBoundingClientRect()));
      const { x, y, width, height } = mark.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
    await app.page.mouse.move(mark.x, mark.y);
    await dashboard.says("Every episode", /^ep 32 /);
    await app.page.mouse.move(1, 1);
    await dashboard.says("Every episode", /^3 sessions/);
    // A touch reads first, and opens with the second tap.
    const tap = () =>
      grid.evaluate((plot, { x, y }) => {
        const init = { bubbles: true, clientX: x, clientY: y, pointerType: "touch" };
        for (const [Kind, type] of [[PointerEvent, "pointerdown"], [MouseEvent, "mousemove"], [PointerEvent, "click"]]) {
          plot.dispatchEvent(new Kind(type, init));
        }
      }, mark);
    await tap();
    await dashboard.says("Every episode", /^ep 32 /);
    assert.equal(new URL(app.page.url()).hash, "#/");
    await tap();
    await app.session.shown("A bell for every harbour");
    await app.page.goBack();
    await dashboard.figures(3);
    assert.deepEqual(await dashboard.table("Pipeline funnel"), [
      ["Stage", "Reached", "Passed", "In this stage", "Failed here", "Retry pending"],
      ["research", "3", "3", "0", "0", "0"],
      ["writing", "3", "2", "1", "0", "0"],
      ["evaluation", "2", "1", "0", "1", "0"],
      ["synthesis", "1", "1", "0", "0", "0"],
      ["complete", "1", "1", "0", "0", "0"],
    ]);
    await dashboard.focus("Every episode");
    await keyboard.press("Home");
    await keyboard.press("Enter");
    await app.session.shown("The tide that came twice");
  });

  test("sessions with one reason are a group with one action, which is previewed and undone", async ({ open }) => {
    const alike = [61, 62, 63, 64, 65, 66].map((number) =>
      session({ number, done: 1, status: "failed", error: "model timeout", minutesAgo: 5 + number, topic: `Alike ${number}` }),
    );
    const app = await home(open, [...alike, failed, running]);
    const { dashboard } = app;
    const [group] = await dashboard.groups(1);
    assert.equal(group.title, "Failed: model timeout \u00b7 6 sessions");
    assert.equal(group.action, "Retry 6\u2026");
    assert.match(group.when, /^failed .*\sago$/);
    // Only the session with another error has a row; the group shows its sessions on demand, each with its action.
    assert.deepEqual((await dashboard.needs(1)).map(({ id }) => id), [failed.id]);
    await dashboard.toggleGroup("failed");
    assert.deepEqual((await dashboard.needs(7)).map(({ action }) => action), Array(7).fill("Retry"));
    await dashboard.toggleGroup("failed");
    await dashboard.needs(1);
    await dashboard.actOnGroup("failed");
    const preview = await app.find("region", "Preview");
    assert.match(await preview.evaluate((panel) => panel.innerText), /Retry 6 of 6 sessions[^]*script_writer will be retried/);
    assert.equal((await dashboard.groups(1))[0].kind, "failed", "a preview changes nothing");
    await app.click("button", "Retry 6 sessions");
    const results = await app.find("region", "Results");
    assert.match(await results.evaluate((panel) => panel.innerText), /Retried 6 of 6/);
    await app.until(() => document.querySelector(".need-group")?.dataset.kind === "retry");
    assert.equal((await dashboard.groups(1))[0].action, "Start 6\u2026");
    await assertAccessible(app.page);
    await app.click("button", "Undo all");
    await app.until(() => document.querySelector(".need-group")?.dataset.kind === "failed");
    await app.find("region", "Results");
    await app.click("button", "Close");
    await app.until(() => document.querySelector(".bulk-panel") === null);
    // By keys: a group opens as a row does.
    await app.page.focus(".need-fold");
    await app.page.keyboard.press("Enter");
    await dashboard.needs(7);
  });

  test("the next completions and what is due are named, and lead to their sessions", async ({ open }) => {
    const late = session({ number: 71, done: 3, minutesAgo: 20, due: 5, topic: "The late one" });
    const soon = session({ number: 72, done: 3, minutesAgo: 1, due: 500, topic: "The next one" });
    const later = session({ number: 73, done: 2, minutesAgo: 1, due: 700, topic: "The one after" });
    const app = await home(open, [later, failed, soon, late, complete]);
    const { due, next } = await app.dashboard.completions(3);
    assert.match(next[0], /^ep 71 \u00b7 The late one Late any minute/);
    assert.match(next[1], /^ep 72 \u00b7 The next one .*in 8 h/);
    assert.match(next[2], /^ep 73 \u00b7 The one after .*in 1\d h/);
    assert.deepEqual(due.map(([, href]) => href), ["#/sessions?due=today", "#/sessions?due=late"]);
    assert.equal(due[1][0], "1 late");
    assert.match(due[0][0], /^[012] due today$/);
    await app.click("link", "ep 72 \u00b7 The next one");
    await app.session.shown("The next one");
  });

  test("the month's costs are forecast against a budget that is set in the settings", async ({ open }) => {
    const now = NOON;
    const app = await App.open(open, HOME, clockAt(now));
    await app.drop([
      session({ number: 31, done: 1, due: 600, now }),
      session({ number: 32, done: 2, status: "failed", now }),
      session({ number: 33, done: 4, minutesAgo: 1, now }),
    ]);
    await app.click("button", "Close the import report");
    const { dashboard } = app;
    await dashboard.monthSays("Spent", /^\$\d+\.\d\d 3 sessions$/);
    await dashboard.monthSays("Expected", /^\$\d+\.\d\d by 30 Nov \u00b7 1 in progress \u00b7 unknown for 1 session$/);
    await dashboard.monthSays("Budget", /^\u2013 Set in Settings$/);
    // One session failed, and its history has no costs.
    await dashboard.monthSays("Retries", /^\u2013 unknown for 1 session$/);
    await app.until(() =>
      /research \$\d\.\d\d \(n 3\) \u00b7 writing \$2\.50 \(budget share\)/.test(document.querySelector(".cost-month").innerText),
    );
    await app.click("link", "Set in Settings");
    await app.fill("textbox", "Monthly budget", "$1");
    await app.page.keyboard.press("Tab");
    await app.goTo("Dashboard");
    await dashboard.monthSays("Budget", /^\$1\.00 exceeded by \$/);
    await app.goTo("Settings");
    await app.fill("textbox", "Monthly budget", "much");
    await app.page.keyboard.press("Tab");
    await app.until(() => document.querySelector("[role=alert]")?.innerText.includes("Or leave it empty."));
    await app.fill("textbox", "Monthly budget", "500");
    await app.page.keyboard.press("Tab");
    await app.reload();
    await app.goTo("Dashboard");
    await dashboard.monthSays("Budget", /^\$500\.00 \$[\d.]+ left$/);
  });

  test("legends name only what their charts show, and the charts are in the order of the episodes", async ({ open }) => {
    const app = await home(open, [failed, running]);
    const { dashboard } = app;
    await dashboard.figures(2);
    await dashboard.legendIs("cost", ["research", "writing", "expected"]);
    await dashboard.legendIs("funnel", ["Passed", "In this stage", "Failed here"]);
    await app.drop([complete]);
    await dashboard.figures(3);
    await dashboard.legendIs("quality", ["overall"]);
    await dashboard.legendIs("cost", ["research", "writing", "evaluation", "synthesis", "expected"]);
    const cells = await dashboard.table("Cost per episode");
    assert.deepEqual(cells.slice(1).map(([name]) => name.split(" \u00b7")[0]), ["ep 31", "ep 32", "ep 33"]);
    assert.deepEqual(cells[0].slice(-3), ["Total", "Expected", "Budget"]);
    await app.until(() => {
      const texts = [...document.querySelectorAll(".chart-quality text, .chart-episodes text")];
      return texts.filter((text) => text.textContent === "Episode").length === 2;
    });
  });

  test("charts of many sessions aggregate them and say so", async ({ open }) => {
    const app = await home(open, sessions(130));
    await app.dashboard.figures(130);
    await app.dashboard.says("Cost per episode", /^Last 60 of 130 sessions/);
    await app.dashboard.range("All");
    await app.dashboard.says("Cost per episode", /^130 sessions, each mark the mean of 2/);
    // The range is in the address, and going back undoes it.
    await app.until(() => location.hash === "#/?range=all");
    await app.reload();
    await app.dashboard.says("Cost per episode", /^130 sessions, each mark the mean of 2/);
    await app.dashboard.range("Last 20");
    await app.dashboard.says("Cost per episode", /^Last 20 of 130 sessions/);
    await app.page.goBack();
    await app.dashboard.says("Cost per episode", /^130 sessions/);
    await app.dashboard.range("Last 60");
    await app.until(() => location.hash === "#/");
    // Eight rows, of which the groups are one each; more sessions than those are in the list.
    const unlike = Array.from({ length: 9 }, (_, index) =>
      session({ number: 300 + index, done: 1, status: "failed", error: `Error number ${index}` }),
    );
    await app.drop(unlike);
    await app.dashboard.figures(139);
    await app.until(() => document.querySelectorAll(".needs > li").length === 8);
    const more = await app.page.$eval(".needs-more a", (link) => [link.innerText, link.getAttribute("href")]);
    assert.match(more[0], /^Show all \d+$/);
    assert.equal(more[1], "#/sessions?health=failed,stalled,at_risk");
    // Each count links to its sessions.
    const counts = await app.page.$$eval(".needs-count", (links) => links.map((link) => [parseInt(link.innerText, 10), link.innerText, link.hash]));
    assert.ok(counts.some(([, words]) => words.includes("over budget")));
    for (const [count, , hash] of counts) {
      await app.visit(hash);
      await app.sessions.ids(count);
    }
  });

  test("a time shows its exact stamp on hover and focus", async ({ open }) => {
    const app = await home(open, [failed, running]);
    await app.dashboard.needs(1);
    await app.hover(".need time");
    await app.until(() => / UTC$/.test(document.querySelector("[role=tooltip]:not([hidden])")?.innerText));
    await app.page.keyboard.press("Escape");
    await app.until(() => document.querySelector("[role=tooltip]").hidden);
    // A focused row shows its time; on a session's page each time is focusable.
    await app.page.focus(".need .row-link");
    await app.until(() => / UTC$/.test(document.querySelector("[role=tooltip]:not([hidden])")?.innerText));
    await app.page.keyboard.press("Enter");
    await app.session.shown("A bell for every harbour");
    await app.page.$eval("main time[tabindex]", (time) => time.focus());
    await app.until(() => document.activeElement.getAttribute("aria-describedby") === "tip");
  });

  test("the palette opens any page and session, and acts on the current one", async ({ open, downloads }) => {
    const app = await home(open, [running, failed, complete]);
    await app.dashboard.figures(3);
    const { palette } = app;
    const { keyboard } = app.page;
    await palette.open();
    await palette.type("tide twice", "ep 31 \u00b7 The tide that came twice");
    await keyboard.press("Enter");
    await palette.closed();
    await app.session.shown("The tide that came twice");
    await palette.open();
    await palette.type("complete", "Complete\u2026 script_writer");
    assert.equal(await palette.active(), "Complete\u2026 script_writer");
    await keyboard.press("Enter");
    await app.find("button", "Apply");
    await app.page.waitForSelector(".action-form input");
    await palette.open();
    await palette.type("export", "Export");
    const file = await downloads.one(() => keyboard.press("Enter"));
    assert.equal(file.name, running.name);
    await palette.open();
    await palette.type("bell", "ep 32 \u00b7 A bell for every harbour");
    await keyboard.press("Enter");
    await app.session.shown("A bell for every harbour");
    await palette.open();
    await palette.type("retry", "Retry quality_evaluator");
    await keyboard.press("Enter");
    await app.session.factIs("State", "RETRY");
    await palette.open();
    await palette.type("undo", "Undo");
    await keyboard.press("Enter");
    await app.session.factIs("State", "FAILED");
    // Exports are offered too.
    await palette.open();
    await palette.type("report csv", "Report as CSV");
    const report = await downloads.one(() => keyboard.press("Enter"));
    assert.match(report.name, /-report\.zip$/);
    await palette.open();
    await palette.type("backup", "Download backup");
    const backup = await downloads.one(() => keyboard.press("Enter"));
    assert.match(backup.name, /^callboard-workspace-/);
    await app.goTo("Settings");
    // The opened page takes the focus first.
    await app.until(() => document.activeElement.matches("h1") && document.activeElement.innerText === "Settings");
    await palette.open();
    await palette.type("theme dark", "Theme: dark");
    await keyboard.press("Enter");
    await app.until(() => document.documentElement.dataset.theme === "dark");
    // The settings change with it.
    await app.until(() => document.querySelector("[name=theme]:checked").value === "dark");
    await palette.open();
    await palette.type("dash", "Go to dashboard");
    await keyboard.press("Enter");
    await app.find("heading", "Dashboard");
    await app.until(() => document.activeElement?.innerText === "Dashboard");
  });

  test("the palette handles its own keys and restores the focus", async ({ open }) => {
    const app = await home(open, [running, failed]);
    await app.dashboard.figures(2);
    const { palette } = app;
    const { keyboard } = app.page;
    await keyboard.press("j");
    await app.until(() => document.activeElement?.className.includes("row-link"));
    await palette.open();
    // The commands apply to the focused row.
    assert.ok((await palette.answers()).includes("Retry quality_evaluator"));
    await keyboard.type("gs?");
    await keyboard.press("Tab");
    assert.equal(await app.page.$eval("[role=combobox]", (field) => field.value), "gs?");
    await app.until(() => document.querySelector("[role=option]")?.innerText.includes("No results."));
    await keyboard.press("Escape");
    await palette.closed();
    await app.until(() => document.activeElement?.className.includes("row-link"));
    await palette.open();
    const all = await palette.answers();
    await keyboard.press("ArrowUp");
    assert.equal(await palette.active(), all.at(-1));
    await keyboard.press("ArrowDown");
    assert.equal(await palette.active(), all[0]);
    await keyboard.press("Escape");
    await keyboard.press("g");
    await keyboard.press("s");
    await app.find("heading", "Sessions");
    await keyboard.press("g");
    await keyboard.press("d");
    await app.find("heading", "Dashboard");
    // Typed keys are no shortcuts.
    await keyboard.press("/");
    await keyboard.type("gc?");
    assert.equal(await app.has("region", "Help"), false);
  });

  // Firefox has the same elements and colours; axe checks them in the test of the tables.
  test("axe finds no violations", async ({ open }) => {
    const app = await App.open(open, HOME);
    await app.find("button", "Try it with sample sessions");
    await assertAccessible(app.page);
    let loaded = 0;
    for (const files of [[running], [complete, failed, stalled, escalated]]) {
      await app.drop(files);
      loaded += files.length;
      await app.dashboard.figures(loaded);
      await assertAccessibleInBothThemes(app);
    }
    for (const chart of ["Cost per episode", "Every episode"]) await app.dashboard.table(chart);
    await app.dashboard.act(escalated.id);
    await app.palette.open();
    await assertAccessibleInBothThemes(app);
  });
}, { browsers: ["chromium"] });
