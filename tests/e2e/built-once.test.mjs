// A session's page is rendered once: changes of the session or of settings update its text without replacing elements.
import assert from "node:assert/strict";

import { App } from "./pages/app.mjs";
import { longSession } from "./support/long.mjs";
import { suite } from "./support/suite.mjs";

/** Elements with state: focus, caret, scroll offset, zoom, open details. */
const ELEMENTS = [
  ".session",
  "h1",
  "#compare-field",
  "#timeline-track",
  ".timeline-svg",
  ".timeline-svg .bar",
  ".timeline details",
  ".timeline-table",
  ".action-form",
  "#field-cost",
  ".preview",
  ".agents",
  ".agents time",
  "[role=tab][aria-selected=true]",
  "#tab-panel",
];

/** Remembers the current elements. */
const remember = (app, selectors) =>
  app.page.evaluate((selectors) => {
    globalThis.remembered = selectors.map((selector) => [selector, document.querySelector(selector)]);
    return globalThis.remembered.filter(([, element]) => element === null).map(([selector]) => selector);
  }, selectors);

/** Returns the remembered elements that were replaced. */
const lost = (app) =>
  app.page.evaluate(() =>
    globalThis.remembered
      .filter(([selector, element]) => !element.isConnected || document.querySelector(selector) !== element)
      .map(([selector]) => selector),
  );

/** Returns everything that a user has set by hand, once the page of the front tab is laid out. */
const look = (app) =>
  app.page.evaluate(async () => {
    await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
    const track = document.querySelector("#timeline-track").getBoundingClientRect();
    const bar = document.querySelector(".bar-body").getBoundingClientRect();
    return {
      zoom: [Math.round(bar.x - track.x), Math.round(bar.width)],
      chosen: document.querySelector(".timeline-details .details-what").innerText,
      table: [document.querySelector(".timeline details").open, document.querySelector(".timeline-table").scrollTop],
      list: document.querySelector(".virtual").scrollTop,
      main: document.querySelector("main").scrollTop,
      panel: Math.round(document.querySelector("#tab-panel").getBoundingClientRect().top),
      typed: document.querySelector("#field-cost").value,
    };
  });

/** Returns the focused element and its selection. */
const focus = (app) =>
  app.page.evaluate(() => {
    const { id, localName, selectionStart, selectionEnd } = document.activeElement;
    return { at: id || localName, selected: [selectionStart, selectionEnd] };
  });

const selected = (app) => app.page.evaluate(() => getSelection().toString());

/** Returns a session with a long history and a running agent. */
function running() {
  const long = longSession(300);
  const start = new Date(Date.now() - 240_000).toISOString().replace(/\.\d+Z/, "Z");
  const [idle, busy] = ['"status": "pending"', `"status": "in_progress", "start_time": "${start}"`];
  return { ...long, bytes: long.bytes.replace(idle, busy) };
}

suite("a page rendered once", ({ test }) => {
  test("keeps its elements, focus, caret, selection, zoom and scroll offset", { firefox: true }, async ({ open }) => {
    const long = running();
    const one = await App.open(open);
    await one.drop([long]);
    await one.click("button", "Close the import report");
    const hash = `#/sessions/${long.id}?tab=history`;
    await one.visit(hash);
    await one.session.shown("The episode that never ended");
    const two = await App.open(open, hash);
    await two.session.shown("The episode that never ended");
    const spent = (app, cost) => app.session.factIs("Cost / budget", cost);
    const before = await one.session.fact("Cost / budget");

    // A user in the middle of several tasks.
    await one.page.bringToFront();
    await one.session.bars();
    await one.session.focusTimeline();
    for (const key of [".", "+", "+", "ArrowRight"]) await one.page.keyboard.press(key);
    await one.press(".timeline summary");
    await one.until(() => document.querySelectorAll(".timeline-table tbody tr").length > 100);
    await one.session.fillIn("Progress", { Cost: "1.25" });
    await one.session.preview();
    await one.page.evaluate(() => {
      document.querySelector(".timeline-table").scrollTop = 300;
      document.querySelector(".virtual").scrollTop = 2_000;
    });
    await one.until(() => parseFloat(document.querySelector(".virtual .lines").style.paddingTop) > 1_000);
    const caret = { at: "field-cost", selected: [1, 3] };
    const write = () =>
      one.page.$eval("#field-cost", (field) => {
        field.focus({ preventScroll: true });
        field.setSelectionRange(1, 3);
      });
    await write();
    assert.deepEqual(await remember(one, [...ELEMENTS, ".virtual"]), []);
    let looked = await look(one);
    assert.deepEqual([looked.table, looked.list, looked.typed], [[true, 300], 2_000, "1.25"]);

    // The clock alone computes no preview.
    await one.page.evaluate(() => {
      globalThis.previews = 0;
      const observer = new MutationObserver(() => (globalThis.previews += 1));
      observer.observe(document.querySelector(".preview"), { subtree: true, childList: true, characterData: true });
      globalThis.begun = Date.now();
    });
    await one.until(() => Date.now() - globalThis.begun > 2_500);
    assert.equal(await one.page.evaluate(() => globalThis.previews), 0);

    // A panel that was scrolled to keeps its place on the screen when something above it grows: `moving` is then its
    // scroll offset, otherwise its place.
    const stays = async (what, moving = "panel") => {
      assert.deepEqual(await lost(one), [], what);
      assert.deepEqual({ ...(await look(one)), [moving]: 0 }, { ...looked, [moving]: 0 }, what);
    };

    // Another tab applies an event.
    await two.page.bringToFront();
    await two.session.fillIn("Progress", { Cost: "2" });
    await two.session.preview();
    await two.session.apply();
    await two.until((before) => !document.querySelector(".headline").innerText.includes(before), before);
    const after = await two.session.fact("Cost / budget");
    await one.page.bringToFront();
    await spent(one, after);
    assert.deepEqual(await focus(one), caret);
    await stays("an event of another tab");
    assert.ok(await one.page.evaluate(() => globalThis.previews > 0), "the preview is of the session as it is now");

    // Undo by key, with the focus on a time in the table of agents and selected text.
    await one.page.$eval(".agents time", (time) => time.focus({ preventScroll: true }));
    await one.page.evaluate(() => getSelection().selectAllChildren(document.querySelector("h1")));
    await one.page.keyboard.press("u");
    await spent(one, before);
    assert.equal((await focus(one)).at, "time");
    assert.equal(await selected(one), "The episode that never ended");
    await stays("undo");

    // Another zone, chosen in another tab.
    await write();
    await two.page.bringToFront();
    await two.visit("#/settings");
    await two.settings.chooseZone("Asia/Tokyo");
    await one.page.bringToFront();
    await one.until(() => document.querySelector(".timeline .panel-head").innerText.includes("Asia/Tokyo"));
    await one.until(() => /JST|GMT\+9/.test(document.querySelector(".timeline-details").innerText));
    assert.deepEqual(await focus(one), caret);
    await stays("another zone");

    // The text, while it is read and edited.
    await two.visit(hash);
    await two.session.shown("The episode that never ended");
    await one.page.bringToFront();
    await one.session.tab("JSON");
    await one.page.$eval(".virtual", (text) => {
      text.scrollTop = 1_000;
    });
    assert.deepEqual(await remember(one, [...ELEMENTS, ".virtual"]), []);
    looked = await look(one);
    assert.equal(looked.list, 1_000);
    await two.page.bringToFront();
    await two.click("button", "Redo");
    await spent(two, after);
    await one.page.bringToFront();
    await spent(one, after);
    await stays("redo of another tab", "main");
  });

  test("keeps an open editor in place", async ({ open }) => {
    const long = running();
    const one = await App.open(open);
    await one.drop([long]);
    const hash = `#/sessions/${long.id}?tab=json`;
    await one.visit(hash);
    await one.session.shown("The episode that never ended");
    const two = await App.open(open, hash);
    await two.session.shown("The episode that never ended");
    await one.page.bringToFront();
    await one.session.rewrite((text) => text.replace("never ended", "ended"));
    // The browser shows the caret in a separate frame, then the user scrolls.
    await one.page.$eval("#editor-field", async (field) => {
      field.focus();
      field.setSelectionRange(70, 77);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      field.scrollTop = 500;
    });
    const editor = () =>
      one.page.$eval("#editor-field", (field) => [field.selectionStart, field.selectionEnd, field.scrollTop, field.scrollLeft]);
    const held = await editor();
    assert.deepEqual(held.slice(0, 3), [70, 77, 500]);
    assert.deepEqual(await remember(one, [".session", ".editor", "#editor-field"]), []);
    await two.page.bringToFront();
    await two.session.fillIn("Progress", { Cost: "2" });
    await two.session.preview();
    await two.session.apply();
    await two.find("button", "Undo");
    await one.page.bringToFront();
    await one.find("region", "Session changed");
    assert.deepEqual(await lost(one), []);
    assert.equal((await focus(one)).at, "editor-field");
    assert.deepEqual(await editor(), held);
    // The editor also stays when the other tab undoes its change.
    await two.page.bringToFront();
    await two.session.undo();
    await two.says("Undid: ");
    await one.page.bringToFront();
    await one.until(() => document.querySelector("[aria-label='Session changed']") === null);
    assert.deepEqual(await lost(one), []);
    assert.equal((await focus(one)).at, "editor-field");
    assert.deepEqual(await editor(), held);
  });
});
