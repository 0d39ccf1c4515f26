// Buttons, links and fields stay the same elements while other sessions change: a click whose press and release are on
// different elements is lost, and so are the focus and the text of a replaced field.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { suite } from "./support/suite.mjs";

const escalated = (made) => ({
  ...made,
  bytes: made.bytes.replace('"failed_attempts": 1', '"failed_attempts": 4').replace('"retry_count": 0', '"retry_count": 3'),
});

/** A time in minutes after which no session of a slow test is late. */
const HOURS = 600;

const SESSIONS = [
  session({ number: 41, topic: "Ash", due: HOURS }),
  session({ number: 42, topic: "Birch", due: HOURS }),
  session({ number: 43, topic: "Cedar", due: HOURS }),
  escalated(session({ number: 44, topic: "Dogwood", status: "failed" })),
];
const [ASH, BIRCH, CEDAR, DOGWOOD] = SESSIONS;
const LATER = session({ number: 45, topic: "Elm", status: "failed" });

/** Remembers the controls in a part of the page. Returns their number. */
const remember = (app, part) =>
  app.page.evaluate((part) => {
    const controls = document.querySelectorAll(`${part} :is(a[href], button, input, select, summary, textarea)`);
    globalThis.remembered = [...controls].filter((control) => control.closest(".diff") === null);
    return globalThis.remembered.length;
  }, part);

/** Returns the remembered controls that are gone, by their texts. */
const gone = (app) =>
  app.page.evaluate(() =>
    globalThis.remembered
      .filter((control) => !control.isConnected)
      .map((control) => control.getAttribute("aria-label") ?? (control.innerText || control.name)),
  );

/** Opens the app in two tabs: the first at an address, and the second to change sessions meanwhile. */
async function twoTabs(open, hash) {
  const one = await App.open(open);
  await one.drop(SESSIONS);
  await one.click("button", "Close the import report");
  const two = await App.open(open);
  const spend = async ({ id }, cost) => {
    await two.page.bringToFront();
    await two.visit(`#/sessions/${id}`);
    await two.until((id) => document.querySelector(".session")?.dataset.session === id, id);
    const before = await two.session.fact("Cost / budget");
    await two.session.fillIn("Progress", { Cost: cost });
    await two.session.preview();
    await two.session.apply();
    await two.until((before) => !document.querySelector(".headline").innerText.replace(/\s+/g, " ").includes(before), before);
    await one.page.bringToFront();
  };
  const importMore = async () => {
    await two.page.bringToFront();
    await two.visit("#/sessions");
    await two.drop([LATER]);
    await one.page.bringToFront();
  };
  await one.page.bringToFront();
  await one.visit(hash);
  return { one, two, spend, importMore };
}

suite("controls", ({ test }) => {
  test("stay on the page of changes", async ({ open }) => {
    const { one, spend } = await twoTabs(open, "#/changes");
    await spend(ASH, "1");
    await spend(BIRCH, "1");
    await one.changes.files(2);
    await one.find("radio", "Unified");
    assert.ok((await remember(one, "main")) > 15);
    await spend(CEDAR, "1");
    await one.changes.files(3);
    // Also those of a file that changes itself.
    await spend(ASH, "2");
    await one.until((id) => document.querySelectorAll(`section[data-session="${id}"] ol li`).length === 2, ASH.id);
    assert.deepEqual(await gone(one), []);
  });

  test("stay in the list: filters, headings, and the bar of the selected sessions", async ({ open }) => {
    const { one, spend, importMore } = await twoTabs(open, "#/sessions?state=WRITING,FAILED");
    await one.sessions.rows(4);
    await one.sessions.select("Ash");
    await one.sessions.select("Birch");
    await one.find("button", "Select all 4");
    assert.ok((await remember(one, "main :is(.page-head, .filters, .bulk, thead)")) > 20);
    await importMore();
    await one.find("button", "Select all 5");
    await spend(ASH, "1");
    await one.until(() => document.querySelector("main").innerText.includes("edited"));
    await one.sessions.select("Cedar");
    await one.until(() => document.querySelector(".bulk-count").innerText.startsWith("3"));
    assert.deepEqual(await gone(one), []);
  });

  test("stay on a session's page: its head, a conflict, and the next events", async ({ open }) => {
    const { one, two, spend } = await twoTabs(open, `#/sessions/${ASH.id}`);
    await one.session.shown("Ash");
    await spend(ASH, "1");
    await two.page.bringToFront();
    await two.drop([{ ...ASH, bytes: ASH.bytes.replace('"Ash"', '"Alder"') }]);
    await one.page.bringToFront();
    await one.find("button", "Keep mine");
    await one.find("button", "Fail");
    await one.find("heading", "Unavailable");
    assert.ok((await remember(one, "main")) > 20);
    await spend(BIRCH, "1");
    await spend(ASH, "2");
    await one.session.factIs("Cost / budget", await two.session.fact("Cost / budget"));
    assert.deepEqual(await gone(one), []);
  });

  test("stay on the dashboard: the sessions that need attention, and the form of one", async ({ open }) => {
    const { one, spend, importMore } = await twoTabs(open, "#/");
    await one.dashboard.needs(1);
    await one.dashboard.act(DOGWOOD.id);
    await one.click("checkbox", "Override the escalation");
    await one.fill("textbox", "Reason", "The model answers again");
    assert.ok((await remember(one, ".needs-attention")) > 6);
    await importMore();
    await one.dashboard.needs(2);
    await spend(ASH, "20");
    await one.dashboard.needs(3);
    assert.deepEqual(await gone(one), []);
    assert.equal(await one.page.evaluate(() => document.activeElement.value), "The model answers again");
  });

  test("stay on the dashboard when the rest of the stored files is read", async ({ open }) => {
    const one = await App.open(open);
    await one.drop(SESSIONS);
    const page = await open("#/", (page) =>
      page.evaluateOnNewDocument(() => {
        const seen = new Set();
        globalThis.seen = seen;
        const look = () => document.querySelectorAll(".needs-attention").forEach((section) => seen.add(section));
        new MutationObserver(look).observe(document, { childList: true, subtree: true });
      }),
    );
    const app = new App(page);
    await app.dashboard.needs(1);
    await app.drop([LATER]);
    await app.dashboard.needs(2);
    assert.equal(await page.evaluate(() => globalThis.seen.size), 1);
  });
});
