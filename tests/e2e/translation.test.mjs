// A browser that translates the page replaces every text by elements of its own, again and again. The app survives
// that and shows only current text.
import assert from "node:assert/strict";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { countWork, idle } from "./support/idle.mjs";
import { suite } from "./support/suite.mjs";

const TOPIC = "Why Octopuses Dream";

/**
 * Rewrites text nodes like a translator, from now on. Runs in the page, before the app.
 *
 * @param {"replaced" | "in two steps" | "wrapped" | "merged"} how
 */
const translate = (how) => {
  const font = () => document.createElement("font");
  const said = (text) => `${text.data}`;
  const ways = {
    // Chromium's: two nested elements in place of the text.
    replaced(text) {
      const [outer, inner] = [font(), font()];
      inner.textContent = said(text);
      outer.append(inner);
      text.parentNode.replaceChild(outer, text);
    },
    "in two steps"(text) {
      const made = font();
      made.textContent = said(text);
      text.parentNode.insertBefore(made, text);
      text.remove();
    },
    wrapped(text) {
      const made = font();
      text.parentNode.insertBefore(made, text);
      made.appendChild(text);
    },
  };
  const isOurs = (element) => element.closest("font, script, style, textarea, option, title") !== null;
  const texts = (root) => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode()) found.push(walk.currentNode);
    return found.filter((text) => text.data.trim() && !isOurs(text.parentElement));
  };
  // Firefox's: the texts of an element are merged into its first one, and the comments between them are removed.
  const merged = (root) => {
    for (const element of new Set(texts(root).map((text) => text.parentElement))) {
      const children = [...element.childNodes];
      if (children.some((child) => child instanceof Element)) continue;
      const all = children.filter((child) => child instanceof Text);
      if (all.length === children.length && all.slice(1).every((text) => text.data === "")) continue;
      const whole = all.map((text) => text.data).join("");
      // Uses the browser's own methods, like a script in an isolated world.
      const { native } = globalThis;
      for (const child of children) native.removeChild.call(element, child);
      native.setData.call(all[0], whole);
      native.appendChild.call(element, all[0]);
    }
  };
  const { appendChild, removeChild } = Node.prototype;
  const setData = Object.getOwnPropertyDescriptor(CharacterData.prototype, "data").set;
  globalThis.native = { appendChild, removeChild, setData };
  const run = () => (how === "merged" ? merged(document.body) : texts(document.body).forEach(ways[how]));
  addEventListener("DOMContentLoaded", () => {
    run();
    new MutationObserver(run).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
};

/** Returns all text of the page, whatever wraps it. */
const words = (app) =>
  app.page.evaluate(() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let said = "";
    while (walk.nextNode()) {
      let holder = walk.currentNode.parentElement;
      while (holder.localName === "font") holder = holder.parentElement;
      if (holder.checkVisibility()) said += walk.currentNode.data;
    }
    return said.replace(/\s+/g, "");
  });

/** Returns the texts of the page once it has nothing left to do and they no longer change. */
async function settled(app) {
  let before;
  let now;
  do {
    await idle(app.page);
    [before, now] = [now, await words(app)];
  } while (before !== now);
  return now;
}

/** Waits until the list's filters show this number, which follows the rows after a moment. */
const counted = (app, option, number) =>
  app.until((words) => document.querySelector(".filters").textContent.replace(/\s+/g, "").includes(words), `${option}${number}`);

/** A user's journey in steps, with the texts of the page after each. */
async function day(app, files) {
  const said = [];
  const note = async () => said.push(await settled(app));
  await app.until(() => document.querySelector("main h1") !== null);
  await note();
  await app.drop([{ name: EP001, bytes: await ep001() }, ...files]);
  await note();
  await app.click("button", "Close the import report");
  await app.sessions.ids(4);
  await note();
  // A search, and back.
  await app.sessions.search("octopus");
  await app.sessions.ids(1);
  await note();
  await app.visit("#/sessions");
  await app.sessions.ids(4);
  await app.sessions.filter("State", "Failed");
  await app.sessions.ids(1);
  await counted(app, "Writing", 1);
  await note();
  await app.visit("#/sessions");
  await app.sessions.ids(4);
  // A session: apply, undo, and each of its tabs.
  await app.visit("#/sessions/ep_001_20240811_1430");
  await app.session.shown(TOPIC);
  await app.page.waitForSelector("#tab-panel > *");
  await note();
  await app.session.fillIn("Complete", { Cost: "1.2" });
  await app.session.preview();
  await app.session.apply();
  await app.session.factIs("State", "EVALUATING");
  await app.says("script_writer");
  await note();
  await app.session.undo();
  await app.session.factIs("State", "WRITING");
  await note();
  await app.session.fillIn("Fail", { Error: "No answer" });
  await app.session.apply();
  await app.session.factIs("State", "FAILED");
  for (const tab of ["Diagram", "Quality & cost", "Handoffs", "History", "JSON", "Diagnostics"]) {
    await tabNamed(app, tab);
    await note();
  }
  await app.page.goBack();
  await note();
  for (const [place, heading] of [["Changes", "Changes"], ["Settings", "Settings"], ["Dashboard", "Dashboard"], ["Sessions", "Sessions"]]) {
    await app.visit(`#/${place === "Dashboard" ? "" : place.toLowerCase()}`);
    await app.find("heading", heading);
    if (place === "Dashboard") await app.dashboard.figures(4);
    if (place === "Changes") await app.changes.files(1);
    if (place === "Sessions") await counted(app, "Edited", 1);
    await note();
  }
  return said;
}

const others = () => [
  session({ number: 7, done: 2, status: "pending", minutesAgo: 900_000, topic: "What a forest hears" }),
  session({ number: 8, done: 1, status: "failed", minutesAgo: 900_000, topic: "Counting to one" }),
  session({ number: 9, done: 4, minutesAgo: 900_000, topic: "Salt" }),
];

/** Opens a tab of the session's page, whatever wraps its name. */
async function tabNamed(app, name) {
  await app.until((name) => [...document.querySelectorAll("[role=tab]")].some((tab) => tab.innerText.startsWith(name)), name);
  await app.page.evaluate((name) => {
    [...document.querySelectorAll("[role=tab]")].find((tab) => tab.innerText.startsWith(name)).click();
  }, name);
  await app.until((name) => document.querySelector("[role=tab][aria-selected=true]").innerText.startsWith(name), name);
  await app.page.waitForSelector("#tab-panel > *");
}

/** Techniques of the translators: Chromium's own, Firefox's own, and those of extensions. They need no browser's help. */
const WAYS = ["replaced", "in two steps", "wrapped", "merged"];

suite("a page that is translated", ({ test }) => {
  test("has the same text as untranslated", async ({ open }) => {
    let plain;
    const [files, now] = [others(), Date.now()];
    for (const how of [undefined, ...WAYS]) {
      const app = new App(await open("#/sessions", async (page) => {
        await page.evaluateOnNewDocument((now) => (Date.now = () => now), now);
        await page.evaluateOnNewDocument(countWork);
        if (how) await page.evaluateOnNewDocument(translate, how);
      }));
      await app.find("main");
      const said = await day(app, files);
      plain ??= said;
      assert.deepEqual(said, plain, how);
      await app.page.evaluate(() =>
        Promise.all(
          ["callboard", "callboard-import"].map(
            (name) => new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve)),
          ),
        ),
      );
      await app.page.close();
    }
  });
});
