// Text from files is never parsed as markup, never navigates, and never affects the text around it: on a session's
// page, the changes page, the reports and the form of a new session.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { suite } from "./support/suite.mjs";

const MARKUP = '<img src="x" onerror="document.title=1"><script>document.title=2</script>"\'`';
const BIDI = "\u202e\u2066txt";
const LINK = "javascript:document.title=3";
const LONG = `${MARKUP} ${BIDI} ${"long ".repeat(10_000)}${"x".repeat(50_000)}`;
const TABS = ["Diagram", "Quality & cost", "Handoffs", "History", "JSON", "Diagnostics"];

/** Two sessions with unusual text in every text field. */
function files() {
  const made = session({ number: 5, done: 1, topic: LONG, status: "in_progress" });
  const text = JSON.parse(made.bytes);
  text.session_id = `<b>${BIDI}</b>`;
  text.episode.target_audience = `${MARKUP}${BIDI}`;
  text.agent_outputs.research_coordinator.output_file = LINK;
  text.agent_outputs.research_coordinator.handoff = {
    data: { research_package: LINK, [MARKUP]: LONG },
    validation: { [`${MARKUP}${BIDI}`]: true },
  };
  text.agent_outputs.script_writer.output_file = `${LINK}${BIDI}`;
  text.agent_outputs.script_writer.error = LONG;
  text.history = [
    { at: "2026-01-01T00:00:00Z", event: "start", agent: "script_writer", stage: "writing", from: "RESEARCHING", to: "WRITING" },
    { at: "2026-01-01T00:20:00Z", event: "fail", agent: "script_writer", stage: "writing", from: "WRITING", to: "FAILED", error: LONG },
    { at: "2026-01-01T00:30:00Z", event: MARKUP, agent: `${MARKUP}${BIDI}`, from: MARKUP, to: "<b>x", error: LONG, reason: MARKUP },
  ];
  text[`<i>key${BIDI}`] = LONG;
  const other = session({ number: 6, done: 2, topic: `${MARKUP}${BIDI}`, status: "failed", error: LONG });
  return {
    id: text.session_id,
    other: other.id,
    files: [
      { name: `<b>${BIDI.slice(1)}.json`, bytes: JSON.stringify(text, null, 2) },
      { name: other.name, bytes: other.bytes },
    ],
  };
}

/** Returns everything from the file that became something other than text. */
function strange() {
  const shown = [...document.querySelectorAll("main, footer, #tip, .palette")];
  const all = shown.flatMap((part) => [...part.querySelectorAll("*")]);
  const found = [];
  for (const it of all) {
    if (["IMG", "SCRIPT", "IFRAME", "B"].includes(it.tagName) && !/^(Nothing|Only)/.test(it.innerText)) found.push(it.outerHTML);
    for (const { name, value } of it.attributes) {
      if (name.startsWith("on") || (["href", "src", "action", "xlink:href"].includes(name) && /^\s*javascript:/i.test(value))) {
        found.push(`${name}=${value.slice(0, 80)}`);
      }
    }
  }
  // A direction-changing character affects only its own text.
  for (const part of shown) {
    const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (!/[\u202e\u2066]/.test(node.data) || node.parentElement.closest("textarea, option, title, pre, .sr-only")) continue;
      let holder = node.parentElement;
      const holds = (e) => /isolate|plaintext/.test(getComputedStyle(e).unicodeBidi) && getComputedStyle(e).display === "inline";
      const alone = (e) => e.textContent === node.data && getComputedStyle(e).display !== "inline";
      while (holder !== part && !holds(holder) && !alone(holder) && holder.tagName !== "BDI") holder = holder.parentElement;
      if (holder === part) found.push(`not isolated: ${node.parentElement.outerHTML.slice(0, 160)}`);
    }
  }
  const main = document.querySelector("main");
  if (main.scrollWidth > main.clientWidth + 1) found.push(`the page is ${main.scrollWidth} wide`);
  if (/^[123]$/.test(document.title)) found.push("a script ran");
  return found;
}

// app.test checks markup in both browsers; the places of texts are the same in both.
suite("hostile text", ({ test }) => {
  const clean = async (app, where) => assert.deepEqual(await app.page.evaluate(strange), [], where);

  test("stays text on every part of a session's page", async ({ open }) => {
    const { id, other, files: dropped } = files();
    const app = await App.open(open);
    await app.drop(dropped);
    await clean(app, "the list");
    await app.visit("#/import");
    await app.import.files(2);
    await clean(app, "the report");
    await app.visit("#/sessions");
    await app.drop(dropped);
    await app.click("button", "Close the import report");
    for (const size of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
      await app.page.setViewport(size);
      for (const which of [id, other]) {
        await app.visit(`#/sessions/${encodeURIComponent(which)}`);
        await app.find("heading", "Timeline");
        for (const tab of TABS) {
          await app.session.tab(tab);
          await app.page.waitForSelector("#tab-panel > *");
          await clean(app, `${tab} of ${which} at ${size.width}`);
        }
      }
    }
    await app.page.setViewport({ width: 1280, height: 800 });
    // Each bar, the table, and a comparison.
    await app.session.focusTimeline();
    for (let bar = 0; bar < 3; bar += 1) {
      await app.page.keyboard.press(".");
      await clean(app, "a chosen bar");
    }
    await app.page.$eval(".timeline .fold > summary", (summary) => summary.click());
    await clean(app, "the timeline's table");
    await app.visit(`#/sessions/${encodeURIComponent(other)}?compare=${encodeURIComponent(id)}`);
    await app.find("heading", "Side by side");
    await clean(app, "side by side");
    // Forms: prefilled from the file, and refused by the core.
    await app.visit(`#/sessions/${encodeURIComponent(id)}?tab=json`);
    await app.session.fillIn("Complete", { "Output file": `${LINK}${BIDI}` });
    await app.click("checkbox", "Hand over to quality_evaluator");
    await clean(app, "the handoff's form");
    await app.session.fillIn("Fail", { Error: LONG });
    await app.session.preview();
    await clean(app, "a preview");
    await app.page.keyboard.press("Escape");
    await app.session.rewrite((text) => text.replace('"pipeline_state": {', `"${MARKUP.replaceAll('"', "'")}": ,`));
    await app.until(() => /line \d+/.test(document.querySelector("#editor-verdict").innerText));
    await clean(app, "an edit that cannot be read");
    await app.click("button", "Cancel edit");
    // A conflict and its diff.
    await app.session.fillIn("Fail", { Error: LONG });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "FAILED");
    await clean(app, "what the status line says");
    await app.drop([{ name: "again.json", bytes: dropped[0].bytes.replace(LINK, `${LINK}?again`) }]);
    await app.find("region", "Conflict with the file");
    await clean(app, "a text that waits");
    // The rows of the dashboard and the palette.
    await app.visit("#/");
    await app.dashboard.figures(2);
    await clean(app, "the dashboard");
    await app.palette.open();
    await app.page.keyboard.type("img");
    await app.until(() => document.querySelectorAll(".palette [role=option]").length > 0);
    await clean(app, "the palette");
  });

  test("stays text on the changes page, in the commit message and in exports", async ({ open, downloads }) => {
    const { id, other, files: dropped } = files();
    const app = await App.open(open);
    await app.drop(dropped);
    await app.click("button", "Close the import report");
    await app.visit(`#/sessions/${encodeURIComponent(id)}`);
    await app.session.fillIn("Fail", { Error: LONG });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "FAILED");
    await app.visit(`#/sessions/${encodeURIComponent(other)}?tab=json`);
    await app.session.rewrite((text) => text.replace('"general"', "1").replace('"complexity_target": 2', `"complexity_target": "${MARKUP.replaceAll('"', "'")}${BIDI}"`));
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply edit");
    await app.says("Text edited by hand.");
    await app.visit("#/changes");
    await app.changes.files(2);
    await clean(app, "unified");
    assert.ok(await app.page.$("main .diff .text-hidden"), "what turns the text is named in the diff");
    assert.ok(await app.page.$("main .diff .text-omitted"), "a line of a hundred thousand letters ends");
    await app.changes.layout("Split");
    await clean(app, "split");
    const message = await app.changes.message();
    assert.doesNotMatch(message, /[\u202a-\u202e\u2066-\u2069]/);
    assert.ok(message.split("\n")[0].length <= 72);
    await app.visit("#/report");
    await app.production.tables();
    await clean(app, "the production report");
    const csv = String((await downloads.one(() => app.click("button", "CSV: sessions.csv"))).bytes);
    const markdown = String((await downloads.one(() => app.click("button", "Markdown"))).bytes);
    assert.doesNotMatch(markdown, /(?<!\\)<(script|img)|[\u202a-\u202e\u2066-\u2069]/);
    assert.ok(csv.includes("<script>"), "a table of values is what it is");
    const page = String((await downloads.one(() => app.click("button", "HTML"))).bytes);
    assert.doesNotMatch(page, /<(script|img|iframe|link)|[\u202a-\u202e\u2066-\u2069]/i);
    await app.visit("#/changes");
    await app.changes.files(2);
    await downloads.one(() => app.click("button", "Export ZIP"));
    await app.changes.files(0);
    await clean(app, "what was handed back");
  });

  test("stays text in the form of a new session", async ({ open }) => {
    const app = await App.open(open, "#/new");
    await app.find("heading", "New session");
    await app.fill("textbox", "Audience", `${MARKUP}${BIDI}`);
    await app.page.$eval("#new-topic", (field, text) => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, LONG);
    await app.find("region", "The new file");
    await clean(app, "the file that will be made");
    await app.fill("textbox", "Complexity", MARKUP);
    await app.page.keyboard.press("Tab");
    await app.until(() => document.querySelector("#new-complexity-error") !== null);
    await clean(app, "an error");
    await app.fill("textbox", "Complexity", "3");
    await app.click("button", "Create session");
    await app.session.factIs("State", "INITIALIZED");
    await clean(app, "the new session");
    await app.visit("#/changes");
    await app.changes.files(1);
    await clean(app, "its file in the changes");
  });
}, { browsers: ["chromium"] });
