// The session list: filters, address, bulk actions.
import assert from "node:assert/strict";

import { session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
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

suite("the list", ({ test }) => {
  test("filters, sorting and search are in the address, and going back undoes them", { firefox: true }, async ({ open }) => {
    const files = [failed(1, "Alpha"), running(2, "Beta"), running(3, "Gamma"), failed(4, "Delta")];
    const [alpha, beta, gamma, delta] = files.map(({ id }) => id);
    const app = await withFiles(open, files);
    await app.sessions.filter("State", "Failed");
    assert.deepEqual(await app.sessions.ids(2), [alpha, delta]);
    await app.until(() => location.hash === "#/sessions?state=FAILED");
    await app.page.keyboard.press("Escape");
    await app.click("button", "Topic");
    await app.until(() => location.hash === "#/sessions?state=FAILED&sort=topic");
    await app.click("button", "Topic");
    await app.until(() => location.hash.endsWith("sort=-topic"));
    await app.page.goBack();
    await app.page.goBack();
    await app.page.goBack();
    assert.deepEqual(await app.sessions.ids(4), [alpha, beta, gamma, delta]);
    await app.sessions.search("SCRIPT_WRITER did not answer");
    assert.deepEqual(await app.sessions.ids(2), [alpha, delta]);
    await app.until(() => location.hash.startsWith("#/sessions?q=SCRIPT_WRITER%20did"));
    await app.reload();
    assert.deepEqual(await app.sessions.ids(2), [alpha, delta]);
    await app.visit("#/sessions?q=amm&sort=-cost");
    assert.deepEqual(await app.sessions.ids(1), [gamma]);
    await app.visit("#/sessions?q=nowhere");
    assert.deepEqual(await app.sessions.ids(0), []);
    await app.click("button", "Clear filters");
    await app.sessions.ids(4);
  });

  test("a row tells keyboard and touch users why a value is unknown", async ({ open }) => {
    const known = running(1, "All is known");
    const made = running(2, "Little is known");
    const bare = JSON.stringify({ session_id: made.id, episode: { topic: "Little is known" }, pipeline_state: { current_stage: "writing" } });
    const app = await withFiles(open, [known, { name: made.name, bytes: bare }], "#/sessions?sort=topic");
    assert.deepEqual(await app.sessions.ids(2), [known.id, made.id]);
    const why = ["No episode number in the file.", "Not started: no estimate yet.", "No cost or budget in the file.", "No time in the file."];
    const tells = (why) => why.every((words) => document.querySelector("#tip:not([hidden])")?.innerText.includes(words));
    const link = `tr[data-session="${made.id}"] .row-link`;
    await app.page.focus(link);
    await app.until(tells, why);
    // Screen readers hear it with the row's name.
    assert.equal(await app.page.evaluate(() => document.activeElement.getAttribute("aria-describedby")), "tip");
    await app.page.focus(`tr[data-session="${known.id}"] .row-link`);
    await app.until(() => document.querySelector("#tip")?.innerText.includes("UTC"));
    // Walking through the rows shows no tips, which would cover the next ones.
    await app.page.keyboard.press("j");
    await app.until((id) => document.activeElement.closest("tr")?.dataset.session === id, made.id);
    await app.until(() => document.querySelector("#tip").hidden);
    await app.page.keyboard.press("k");
    await app.until((id) => document.activeElement.closest("tr")?.dataset.session === id, known.id);
    assert.equal(await app.page.$eval("#tip", (tip) => tip.hidden), true);
    // Tapping the placeholder opens nothing.
    for (const width of [1200, 390]) {
      await app.page.setViewport({ width, height: 800, hasTouch: true });
      await app.page.waitForFunction((width) => innerWidth === width, {}, width);
      await app.tap(`tr[data-session="${made.id}"] .spent`);
      await app.until(() => document.querySelector("#tip")?.innerText === "No cost or budget in the file.");
      assert.match(app.page.url(), /#\/sessions\?sort=topic$/);
      // A mouse that rests elsewhere, as when the page changes below it, hides nothing; a press does.
      for (const x of [90, 2]) await app.page.mouse.move(x, 2);
      assert.equal(await app.page.$eval("#tip", (tip) => tip.hidden), false);
      await app.page.mouse.click(2, 2);
      await app.until(() => document.querySelector("#tip").hidden);
    }
  });

  test("returning from a session restores position, query and selection", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, sessions(200), "#/sessions?sort=topic");
    await app.page.waitForSelector("tbody tr[data-session] .row-link");
    const first = await app.page.$eval("tbody tr[data-session] input", (box) => {
      box.click();
      return box.closest("tr").dataset.session;
    });
    await app.page.$eval("main", (main) => {
      main.scrollTop = 2_500;
    });
    await app.until(() => Number(document.querySelector("tbody tr[aria-rowindex]").getAttribute("aria-rowindex")) > 40);
    const { id, scrolled } = await app.page.evaluate(() => {
      const links = [...document.querySelectorAll("tbody .row-link")];
      const link = links.find((link) => link.getBoundingClientRect().top > 300);
      link.focus({ preventScroll: true });
      return { id: link.closest("tr").dataset.session, scrolled: document.querySelector("main").scrollTop };
    });
    await app.page.keyboard.press("Enter");
    await app.find("heading", "Timeline");
    await app.until(() => document.querySelector("main").scrollTop === 0);
    await app.page.goBack();
    const isBack = ([id, scrolled]) =>
      document.activeElement.closest("tr")?.dataset.session === id && document.querySelector("main").scrollTop === scrolled;
    await app.until(isBack, [id, scrolled]);
    await app.until(() => document.querySelector(".bulk-count")?.innerText === "1 selected");
    await app.page.goForward();
    await app.find("heading", "Timeline");
    await app.click("link", "Sessions");
    await app.until(() => location.hash === "#/sessions?sort=topic");
    // A page opened anew begins at its top.
    await app.until(() => document.querySelector("main").scrollTop === 0 && document.activeElement.tagName === "H1");
    assert.equal(await app.page.$eval("tbody tr.row-selected", (row) => row.dataset.session), first);
  });

  test("on a phone the list is sorted, selected and filtered without scrolling sideways", async ({ open }) => {
    const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta")]);
    const [alpha, beta] = await app.sessions.ids(2);
    await app.page.setViewport({ width: 390, height: 844 });
    const order = await app.find("combobox", "Sort by");
    await order.select("topic");
    await app.until(() => location.hash === "#/sessions?sort=topic");
    assert.deepEqual(await app.sessions.ids(2), [alpha, beta]);
    await app.click("button", "Ascending, reverse");
    await app.until(() => location.hash === "#/sessions?sort=-topic");
    assert.deepEqual(await app.sessions.ids(2), [beta, alpha]);
    await app.click("checkbox", "Select all");
    await app.find("group", "Actions for the selection");
    const beyond = await app.page.$eval("main", (main) => main.scrollWidth - main.clientWidth);
    assert.equal(beyond, 0);
    await assertAccessible(app.page);
    await app.click("button", "Filter");
    await app.sessions.filter("Health", "Escalated or unreadable");
    await app.page.keyboard.press("Escape");
    await app.find("button", "Filter1 active");
    const small = await app.page.$$eval(".filters .button, .narrow-heads :is(select, button, label), .tick", (all) =>
      all
        .filter((it) => it.checkVisibility())
        .map((it) => [it.className, it.getBoundingClientRect().height])
        .filter(([, height]) => height < 44),
    );
    assert.deepEqual(small, []);
  });

  test("a truncated topic has its full text as a tip, and its mark is visible", async ({ open }) => {
    const topic = `Alpha, ${"and on ".repeat(40)}`.trim();
    const app = await withFiles(open, [running(1, topic)]);
    await app.hover(".row-link > bdi");
    await app.until((topic) => document.querySelector("#tip")?.innerText === topic, topic);
    await app.page.mouse.move(2, 2);
    await app.page.focus(".row-link");
    await app.until((topic) => document.querySelector("#tip")?.innerText.startsWith(`${topic} \u00b7 `), topic);
    await app.sessions.open(topic);
    await app.session.fillIn("Progress", { Cost: "1" });
    await app.session.preview();
    await app.session.apply();
    await app.find("button", "Undo");
    await app.goTo("Sessions");
    const mark = await app.page.waitForSelector("td.col-topic .edited");
    const cell = await app.page.$("td.col-topic");
    const [inner, outer] = [await mark.boundingBox(), await cell.boundingBox()];
    assert.ok(inner.x + inner.width <= outer.x + outer.width, "the mark is within its cell");
  });

  test("unreadable sessions can be filtered, as from the dashboard's charts", async ({ open }) => {
    const strange = running(2, "Beta");
    strange.bytes = strange.bytes.replace('"current_stage": "evaluation"', '"current_stage": "elsewhere"');
    const app = await withFiles(open, [failed(1, "Alpha"), strange]);
    await app.sessions.filter("State", "Unreadable");
    assert.deepEqual(await app.sessions.ids(1), [strange.id]);
    await app.visit("#/sessions?state=unreadable,failed");
    await app.sessions.ids(2);
  });

  test("a view keeps its name and its query", async ({ open }) => {
    const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta")]);
    await app.visit("#/sessions?stage=evaluation");
    await app.sessions.ids(1);
    await app.sessions.menu("Views");
    await app.fill("textbox", "View name", "Being judged");
    await app.click("button", "Save");
    await app.visit("#/sessions");
    await app.sessions.ids(2);
    await app.reload();
    await app.sessions.ids(2);
    await app.sessions.menu("Views");
    await app.click("link", "Being judged");
    await app.until(() => location.hash === "#/sessions?stage=evaluation");
    await app.sessions.ids(1);
    await app.sessions.menu("Views");
    await app.click("button", "Remove view");
    await app.until(() => !document.body.innerText.includes("Being judged"));
  });

  test("views saved by two tabs are all kept", async ({ open }) => {
    const one = await withFiles(open, [failed(1, "Alpha")]);
    const two = await App.open(open, "#/sessions");
    const save = async (app, name) => {
      await app.page.bringToFront();
      await app.sessions.ids(1);
      await app.sessions.menu("Views");
      await app.fill("textbox", "View name", name);
      await app.click("button", "Save");
      await app.until(() => document.querySelector("details.menu-end[open]") === null);
    };
    await save(one, "First");
    await save(two, "Second");
    await save(one, "Third");
    await two.page.bringToFront();
    await two.reload();
    await two.sessions.ids(1);
    await two.sessions.menu("Views");
    for (const name of ["First", "Second", "Third"]) await two.find("link", name);
  });

  test("many sessions are retried at once, with preview and results", async ({ open }) => {
    const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta"), failed(3, "Gamma")]);
    await app.click("checkbox", "Select all shown");
    await app.click("button", "Retry…");
    const promised = await app.sessions.verdicts("Preview");
    assert.deepEqual(promised.map(({ title, refused }) => [title, refused]), [
      ["Alpha", false],
      ["Gamma", false],
      ["Beta", true],
    ]);
    assert.match(promised[2].words, /has not failed/);
    await assertAccessible(app.page);
    await app.click("button", "Retry 2 sessions");
    const done = await app.sessions.verdicts("Results");
    assert.deepEqual(done.map(({ title, refused }) => [title, refused]), [
      ["Alpha", false],
      ["Gamma", false],
    ]);
    // Everything is undone at once, one step each.
    await app.click("button", "Undo all");
    await app.until(() => document.querySelector(".bulk-panel p")?.innerText === "Undone in 2 of 2");
    await app.until(() => !document.querySelector(".nav-item[href='#/changes']").innerText.match(/\d/));
    await app.click("button", "Retry…");
    await app.click("button", "Retry 2 sessions");
    await app.until(() => document.querySelector(".bulk-panel p")?.innerText === "Retried 2 of 2");
    await app.visit("#/sessions?state=RETRY");
    await app.sessions.ids(2);
    await app.reload();
    await app.sessions.ids(2);
  });

  test("Shift extends the selection; several sessions are exported as one archive", async ({ open, downloads }) => {
    const app = await withFiles(open, sessions(6));
    const boxes = await app.page.$$("tbody .col-select input");
    await boxes[1].click();
    await app.page.keyboard.down("Shift");
    await boxes[4].click();
    await app.page.keyboard.up("Shift");
    await app.until(() => document.querySelector(".bulk-count")?.innerText.startsWith("4 selected"));
    await app.click("button", "Export\u2026");
    const promised = await app.sessions.verdicts("Preview");
    assert.equal(promised.length, 4);
    for (const { words } of promised) assert.match(words, /^Will export .*, unchanged\.$/);
    const file = await downloads.one(() => app.click("button", "Export 4 files"));
    assert.match((await app.sessions.verdicts("Results"))[0].words, /^Exported /);
    assert.match(file.name, /^callboard-\d{8}-\d{4}\.zip$/);
    const names = [...Buffer.from(file.bytes).toString("latin1").matchAll(/PK\x01\x02.{42}(ep\d+_session_\d+\.json)/gs)];
    assert.equal(names.length, 4);
    await app.click("button", "Deselect");
    await app.until(() => document.querySelector(".bulk") === null);
  });

  test("sessions are grouped by episode", async ({ open }) => {
    const second = session({ number: 1, topic: "Alpha again", done: 3, minutesAgo: 900 });
    const app = await withFiles(open, [failed(1, "Alpha"), running(2, "Beta"), second]);
    await app.click("button", "Group by episode");
    // Three sessions and a heading.
    const ids = await app.sessions.ids(4);
    assert.equal(ids[1], second.id);
    const head = await app.page.$eval(".row-episode", (row) => row.innerText.replace(/\s+/g, " "));
    assert.equal(head, "Episode 1 2 sessions");
    await assertAccessible(app.page);
  });

  test("a long list renders only the rows in view", { firefox: true }, async ({ open }) => {
    const app = await withFiles(open, sessions(300));
    await app.sessions.ids(300);
    const rows = () => app.page.$$eval("tbody tr[data-session]", (rows) => rows.length);
    assert.ok((await rows()) < 80);
    await app.page.evaluate(() => {
      const main = document.querySelector("main");
      main.scrollTop = main.scrollHeight;
    });
    await app.until(() => document.querySelector("tr[aria-rowindex='301']") !== null);
    assert.ok((await rows()) < 80);
    // The keys walk through the whole list.
    await app.page.evaluate(() => document.querySelector("main").scrollTo(0, 0));
    await app.until(() => document.querySelector("tr[aria-rowindex='2']") !== null);
    await app.page.evaluate(() => document.querySelector("tr[aria-rowindex='2'] a").focus());
    const focused = (index) =>
      app.until((index) => document.activeElement.closest("tr")?.ariaRowIndex == index || document.activeElement.closest("tr")?.getAttribute("aria-rowindex") == index, index);
    for (let step = 1; step <= 60; step++) {
      await app.page.keyboard.press("j");
      await focused(2 + step);
    }
    await app.page.keyboard.press("x");
    await app.until(() => document.querySelector(".bulk-count")?.innerText.startsWith("1 selected"));
  });
});
