// The list and a session side by side on wide pages.
import assert from "node:assert/strict";

import { session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

const failed = session({ number: 1, topic: "Alpha", done: 1, status: "failed", minutesAgo: 1 });
const running = session({ number: 2, topic: "Beta", done: 2, minutesAgo: 2 });
const complete = session({ number: 3, topic: "Gamma", done: 4, minutesAgo: 3 });

async function wide(open, files, width = 1700) {
  const app = await App.open(open, "#/sessions?sort=topic");
  await app.drop(files);
  await app.click("button", "Close the import report");
  await app.page.setViewport({ width, height: 1000 });
  await app.page.waitForSelector(".split-detail");
  return app;
}

suite("list and session side by side", ({ test }) => {
  test("j and k move through the list, and the session beside it follows", { firefox: true }, async ({ open }) => {
    const app = await wide(open, [failed, running, complete]);
    const { keyboard } = app.page;
    await app.find("region", "Open session");
    await keyboard.press("j");
    await app.sessions.beside("Alpha");
    await app.until((id) => location.hash === `#/sessions?sort=topic&open=${id}`, failed.id);
    await keyboard.press("j");
    await app.sessions.beside("Beta");
    // The focus stays in the list, whose row is marked.
    await app.until(
      (id) => document.activeElement.closest("tr")?.dataset.session === id && document.activeElement.closest("tr").ariaCurrent === "true",
      running.id,
    );
    // The tabs belong to the same address, and stay open while moving on.
    await app.click("tab", "JSON");
    await app.until((id) => location.hash === `#/sessions?sort=topic&open=${id}&tab=json`, running.id);
    // From the session, j goes on at its row.
    await keyboard.press("j");
    await app.sessions.beside("Gamma");
    await app.until(() => document.querySelector("#tab-json").ariaSelected === "true");
    await assertAccessible(app.page);
    // A deep link.
    await app.reload();
    await app.sessions.beside("Gamma");
    await app.until(() => document.querySelector("#tab-json").ariaSelected === "true");
    await keyboard.press("Escape");
    await app.sessions.beside(null);
    await app.until((id) => location.hash === "#/sessions?sort=topic" && document.activeElement.closest("tr")?.dataset.session === id, complete.id);
    // Enter opens the whole page, and going back returns to the row.
    await app.focus(`tr[data-session="${running.id}"] .row-link`);
    await app.sessions.beside("Beta");
    await keyboard.press("Enter");
    await app.until((id) => location.hash === `#/sessions/${id}`, running.id);
    await app.session.shown("Beta");
    await app.page.goBack();
    await app.sessions.beside("Beta");
  });

  test("a click shows the session, and its actions change it in place", { firefox: true }, async ({ open }) => {
    const app = await wide(open, [failed, running, complete]);
    await app.sessions.open("Alpha");
    await app.sessions.beside("Alpha");
    await app.click("button", "Retry");
    await app.click("button", "Apply");
    await app.until((id) => document.querySelector(`tr[data-session="${id}"] .state`)?.innerText === "RETRY", failed.id);
    await app.sessions.beside("Alpha");
    await app.click("button", "Close session");
    await app.sessions.beside(null);
    // Without the split view a click opens the page.
    await app.click("button", "Split view");
    await app.until(() => document.querySelector(".split-detail") === null);
    await app.reload();
    await app.sessions.ids(3);
    assert.equal(await app.page.$(".split-detail"), null);
    await app.sessions.open("Beta");
    await app.until((id) => location.hash === `#/sessions/${id}`, running.id);
  });

  test("it is offered from 1280 pixels on, and stays off on narrower pages", async ({ open }) => {
    const app = await App.open(open, "#/sessions");
    await app.drop(sessions(30));
    await app.click("button", "Close the import report");
    await app.page.setViewport({ width: 1280, height: 800 });
    await app.click("button", "Split view");
    await app.page.waitForSelector(".split-detail");
    // The list is as on a phone: two or three lines for each session, and no column is cut.
    await app.until(() => {
      const boxes = [...document.querySelectorAll("main, .split-detail")];
      return boxes.length === 2 && boxes.every((box) => box.scrollWidth === box.clientWidth);
    });
    await app.page.keyboard.press("j");
    await app.page.waitForSelector(".split-detail .session-head");
    await assertAccessible(app.page);
    await app.page.setViewport({ width: 1200, height: 800 });
    await app.until(() => document.querySelector(".split-detail") === null);
    assert.equal(await app.has("button", "Split view"), false);
  });
});
