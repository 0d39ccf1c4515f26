// A session's page: timeline, diagram, tabs, editor.
import assert from "node:assert/strict";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { longSession } from "./support/long.mjs";
import { suite } from "./support/suite.mjs";

const TABS = ["Diagram", "Quality & cost", "Handoffs", "History", "JSON", "Diagnostics"];

async function openAt(open, files, id, query = "") {
  const app = await App.open(open);
  await app.drop(files);
  await app.visit(`#/sessions/${encodeURIComponent(id)}${query}`);
  await app.find("heading", "Timeline");
  return app;
}

const fixture = async (open, query) =>
  openAt(open, [{ name: EP001, bytes: await ep001() }], "ep_001_20240811_1430", query);

suite("a session's page", ({ browser, test }) => {
  test("the timeline zooms, pans and fits", async ({ open }) => {
    const failed = session({ number: 32, done: 2, status: "failed", minutesAgo: 25 });
    const app = await openAt(open, [failed], failed.id);
    const before = await app.session.bars();
    assert.equal(before.length, 3);
    assert.deepEqual(before.map((bar) => bar.state), ["complete", "complete", "failed"]);
    assert.ok(before.some((bar) => bar.words.includes("The model did not answer within 15 minutes")));
    await app.session.focusTimeline();
    const width = async () => (await app.session.bars())[0].width;
    const first = before[0];
    await app.page.keyboard.press("+");
    await app.until((width) => document.querySelector(".bar-body").getBoundingClientRect().width > width * 1.3, first.width);
    const zoomed = (await app.session.bars())[0];
    await app.page.keyboard.press("ArrowLeft");
    await app.until((x) => document.querySelector(".bar-body").getBoundingClientRect().x > x + 40, zoomed.x);
    await app.page.keyboard.press("0");
    await app.until((x) => Math.abs(document.querySelector(".bar-body").getBoundingClientRect().x - x) < 2, first.x);
    assert.ok(Math.abs((await width()) - first.width) < 2);
    // Selecting a bar by keyboard shows its details.
    await app.page.keyboard.press(".");
    await app.until(() => document.querySelector(".timeline-details").innerText.includes("research_coordinator"));
  });

  test("its table has attempts, waits and returns", async ({ open }) => {
    const evaluating = session({ number: 34, done: 2, minutesAgo: 5 });
    const app = await openAt(open, [evaluating], evaluating.id);
    await app.session.fillIn("Quality failure", { "Brand consistency": "0.5" });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "WRITING");
    await app.press(".timeline details summary");
    await app.page.waitForSelector(".timeline-table tbody tr");
    const told = await app.page.$$eval(".timeline-table tbody tr", (rows) =>
      rows.map((row) => `${row.cells[0].innerText}: ${row.cells[1].innerText}`),
    );
    assert.ok(told.includes("evaluation: sent back to writing"), told.join("; "));
    assert.ok(told.includes("writing: waiting"), told.join("; "));
    assert.ok(told.includes("research: complete"), told.join("; "));
    await assertAccessible(app.page);
    // Estimated and unknown values show their tips on focus.
    await app.page.focus(".timeline-table .derived");
    await app.until(() => document.querySelector("#tip")?.innerText.startsWith("Estimated"));
    await app.page.evaluate(() => {
      const unknown = [...document.querySelectorAll(".agents tbody td [data-tip]")];
      unknown.find((value) => /^(Not started|Still running|No )/.test(value.dataset.tip)).focus();
    });
    await app.until(() => /^(Not started|Still running|No )/.test(document.querySelector("#tip")?.innerText ?? ""));
  });

  test("refusals are grouped by reason", async ({ open }) => {
    const failed = session({ number: 32, done: 2, status: "failed", minutesAgo: 25 });
    const app = await openAt(open, [failed], failed.id);
    await app.find("heading", "Unavailable");
    const groups = await app.page.$$eval(".refused", (groups) =>
      groups.map((group) => [group.querySelectorAll("button").length, group.querySelector(".refusal").innerText]),
    );
    assert.equal(new Set(groups.map(([, why]) => why)).size, groups.length);
    assert.ok(groups.some(([names]) => names > 1), JSON.stringify(groups));
    const why = await app.page.$eval(".refused button", (button) => document.getElementById(button.getAttribute("aria-describedby")).innerText);
    assert.equal(why, groups[0][1]);
  });

  test("an address with a line shows that line", async ({ open }) => {
    const app = await fixture(open, "?tab=json&line=40");
    await app.page.waitForSelector(".json-target");
    await app.until(() => {
      const line = document.querySelector(".json-target").getBoundingClientRect();
      const view = document.querySelector("main").getBoundingClientRect();
      return line.top >= view.top && line.bottom <= view.bottom;
    });
  });

  test("a drag pans the timeline, and the wheel zooms around the pointer", { firefox: true }, async ({ open }) => {
    const running = session({ number: 31, done: 1, minutesAgo: 9 });
    const app = await openAt(open, [running], running.id);
    const [bar] = await app.session.bars();
    const track = await app.page.$(".timeline-track");
    const box = await track.boundingBox();
    const { mouse } = app.page;
    await mouse.move(box.x + box.width / 2, box.y + 140);
    await mouse.down();
    await mouse.move(box.x + box.width / 2 + 90, box.y + 140, { steps: 4 });
    await mouse.up();
    await app.until((x) => Math.abs(document.querySelector(".bar-body").getBoundingClientRect().x - x - 90) < 3, bar.x);
    await track.evaluate((e) => {
      const box = e.getBoundingClientRect();
      const init = { bubbles: true, cancelable: true, clientX: box.x + 200, clientY: box.y + 50, deltaY: -240, ctrlKey: true };
      e.dispatchEvent(new WheelEvent("wheel", init));
    });
    await app.until((width) => document.querySelector(".bar-body").getBoundingClientRect().width > width * 1.8, bar.width);
  });

  test("two thousand entries are a page like any other", async ({ open }) => {
    const long = longSession(2000);
    const app = await openAt(open, [long], long.id, "?tab=history");
    const bars = await app.session.bars();
    assert.ok(bars.length > 20 && bars.length < 600, `${bars.length} bars are in the page`);
    await app.until(() => document.querySelectorAll(".history-row").length > 5);
    const rows = await app.page.$$eval(".history-row", (rows) => rows.length);
    assert.ok(rows < 60, `${rows} rows are in the page`);
    await app.page.$eval(".history-list .virtual", (list) => {
      list.scrollTop = list.scrollHeight;
    });
    await app.until(() => [...document.querySelectorAll(".history-line")].some((line) => line.innerText === "line 27"));
  });

  test("the timeline is copied as a standalone image", { firefox: true }, async ({ open, downloads }) => {
    const hostile = "<script>alert(1)</script>";
    const failed = session({ number: 32, done: 2, status: "failed", error: hostile });
    const app = await openAt(open, [failed], failed.id);
    // Without a clipboard it is downloaded.
    await app.page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    const svg = await downloads.one(() => app.click("button", "Copy SVG"));
    assert.equal(svg.name, `${failed.id}-timeline.svg`);
    const text = String(svg.bytes);
    assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(text, /&lt;script&gt;/);
    assert.doesNotMatch(text, /<script|var\(|class=|currentColor|oklch/);
    assert.match(text, /#[0-9a-f]{6}/);
    const png = await downloads.one(() => app.click("button", "Copy PNG"));
    assert.equal(png.name, `${failed.id}-timeline.png`);
    assert.deepEqual([...png.bytes.subarray(1, 4)], [...Buffer.from("PNG")]);
    assert.ok(png.bytes.readUInt32BE(16) > 2000, "it is twice as fine");
  });

  test("two sessions are compared", async ({ open }) => {
    const one = session({ number: 41, done: 2 });
    const other = session({ number: 42, done: 3, topic: "The other one" });
    const app = await openAt(open, [one, other], one.id);
    await app.click("combobox", "Compare with");
    await app.session.offered("1 session");
    await app.session.setBeside("ep 42 \u00b7 The other one");
    await app.find("heading", "Side by side");
    assert.match(app.page.url(), new RegExp(`compare=${other.id}`));
    const rows = await app.page.$$eval(".compare-table tbody tr", (rows) => rows.length);
    assert.equal(rows, 12);
    await assertAccessible(app.page);
    await app.click("link", "Close");
    await app.until(() => !document.querySelector(".compare"));
  });

  test("the session to compare with is found among hundreds by keyboard", async ({ open }) => {
    const one = session({ number: 41, done: 2 });
    const other = session({ number: 42, done: 3, topic: "The lighthouse at the end" });
    const many = Array.from({ length: 300 }, (_, index) => session({ number: 100 + index, minutesAgo: 30 + index }));
    const app = await openAt(open, [one, other, ...many], one.id);
    const { keyboard } = app.page;
    const field = await app.find("combobox", "Compare with");
    await field.focus();
    assert.equal(await field.evaluate((e) => e.ariaExpanded ?? e.getAttribute("aria-expanded")), "false");
    await keyboard.press("ArrowDown");
    assert.equal((await app.session.offered("20 of 301 sessions: type to filter")).length, 20);
    await assertAccessible(app.page);
    await keyboard.type("lighthouse");
    assert.deepEqual(await app.session.offered("1 session"), ["ep 42 \u00b7 The lighthouse at the end"]);
    assert.equal(await app.session.pointedAt(), "ep 42 \u00b7 The lighthouse at the end");
    await keyboard.press("Escape");
    assert.equal(await app.has("listbox", "Sessions"), false);
    await keyboard.type("ep 1");
    await app.until(() => document.querySelectorAll(".compare-options [role=option]").length === 20);
    const first = await app.session.pointedAt();
    await keyboard.press("ArrowDown");
    await app.until((first) => {
      const id = document.activeElement.getAttribute("aria-activedescendant");
      return document.getElementById(id).querySelector(".palette-title").innerText !== first;
    }, first);
    await keyboard.press("ArrowUp");
    assert.equal(await app.session.pointedAt(), first);
    await keyboard.press("Escape");
    await keyboard.type("lighthouse");
    await app.session.offered("1 session");
    await keyboard.press("Enter");
    await app.find("heading", "Side by side");
    assert.match(app.page.url(), new RegExp(`compare=${other.id}`));
    assert.equal(await field.evaluate((e) => e.value), "The lighthouse at the end");
    // The comparison is closed again.
    await keyboard.press("ArrowDown");
    assert.equal((await app.session.offered("20 of 301 sessions: type to filter"))[0], "Stop comparing");
    await keyboard.press("Enter");
    await app.until(() => !document.querySelector(".compare"));
    assert.doesNotMatch(app.page.url(), /compare=/);
  });

  test("the list of sessions to compare with stays open when another tab changes the session", async ({ open }) => {
    const one = session({ number: 41, done: 2 });
    const other = session({ number: 42, done: 3, topic: "The lighthouse at the end" });
    const app = await openAt(open, [one, other], one.id);
    const second = await App.open(open, `#/sessions/${one.id}`);
    await second.find("heading", "Next");
    await app.page.bringToFront();
    await app.click("combobox", "Compare with");
    await app.page.keyboard.type("light");
    await app.session.offered("1 session");
    await second.page.bringToFront();
    await second.session.fillIn("Progress", { Cost: "1" });
    await second.session.preview();
    await second.session.apply();
    await app.page.bringToFront();
    await app.find("button", "Undo");
    await app.until(() => document.activeElement.id === "compare-field");
    assert.equal(await app.page.$eval("#compare-field", (e) => e.value), "light");
    await app.session.offered("1 session");
    await app.page.keyboard.press("Enter");
    await app.find("heading", "Side by side");
  });

  test("the diagram shows the state, available transitions and the reasons of others", async ({ open }) => {
    const app = await fixture(open);
    await app.until(() => document.querySelector(".node-here text")?.textContent === "WRITING");
    const shut = await app.session.way("FAILED to RETRY");
    assert.match(shut, /has not failed/);
    assert.match(shut, /Expected failed/);
    assert.match(shut, /Actual in_progress/);
    assert.match(await app.session.way("RESEARCHING to WRITING"), /already complete|complete already|behind/);
    assert.match(await app.session.way("WRITING to EVALUATING"), /Available now/);
    await app.click("button", "Complete\u2026");
    await app.find("textbox", "Quality");
  });

  test("tabs are in the address and follow the arrow keys", { firefox: true }, async ({ open }) => {
    const app = await fixture(open, "?tab=handoffs");
    await app.until(() => document.querySelectorAll(".handoff").length === 3);
    await app.page.focus("[role=tab][aria-selected=true]");
    await app.page.keyboard.press("ArrowRight");
    await app.until(() => location.hash.endsWith("?tab=history"));
    await app.page.keyboard.press("End");
    await app.until(() => location.hash.endsWith("?tab=diagnostics"));
    await app.page.keyboard.press("ArrowRight");
    await app.until(() => location.hash.endsWith("ep_001_20240811_1430"));
    await app.until(() => document.activeElement.id === "tab-diagram");
  });

  test("the previewed lines stay the same while the clock runs", async ({ open }) => {
    const app = await fixture(open, "?tab=history");
    await app.session.fillIn("Complete", { Cost: "1.2" });
    await app.session.preview();
    await app.page.$eval(".preview", (preview) => {
      globalThis.drawn = 0;
      new MutationObserver((changes) => (globalThis.drawn += changes.length)).observe(preview, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await app.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_500)));
    assert.equal(await app.page.evaluate(() => globalThis.drawn), 0);
    await app.fill("textbox", "Cost", "1.3");
    await app.until(() => globalThis.drawn > 0);
    assert.ok((await app.session.preview()).some((line) => line.startsWith("+") && line.includes("1.30")));
  });

  test("each local change can be undone and redone", async ({ open }) => {
    const app = await fixture(open, "?tab=history");
    await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
    await app.session.preview();
    await app.session.apply();
    await app.says("script_writer is complete.");
    await app.session.fillIn("Start");
    await app.session.apply();
    await app.says("quality_evaluator is in progress.");
    await app.click("button", "Undo all");
    await app.session.factIs("State", "WRITING");
    await app.click("button", "Redo to here");
    await app.session.factIs("State", "EVALUATING");
    await app.click("button", "Undo to here");
    await app.says("Now at: script_writer is complete.");
  });

  test("a fix is applied with one click, and a problem links to its line", async ({ open }) => {
    const text = '{\n  "session_id": "ep_1",\n  "pipeline_state": {\n    "current_stage": "writting"\n  }\n}\n';
    const app = await openAt(open, [{ name: "a.json", bytes: text }], "ep_1", "?tab=diagnostics");
    await app.click("link", "line 4:22");
    await app.until(() => location.hash.includes("tab=json&line=4"));
    await app.until(() => document.querySelector(".json-target")?.textContent.includes("writting"));
    await app.session.tab("Diagnostics");
    await app.click("button", 'Change it to "writing"');
    await app.session.factIs("State", "WRITING");
    await app.session.undo();
    await app.session.factIs("State", "UNREADABLE");
  });

  test("an edited text is applied only if the core can parse it", async ({ open, downloads }) => {
    const app = await fixture(open, "?tab=json");
    await app.session.rewrite((text) => text.replace("Why Octopuses Dream", "Why Squid Dream,").replace('"number": 1,', '"number": ,'));
    await app.until(() => /line \d+, column \d+/.test(document.querySelector("#editor-verdict").innerText));
    await app.click("button", "Apply edit");
    assert.ok(await app.has("textbox", "Text of the file"), "a broken text is not taken");
    await app.click("button", "Cancel edit");
    await app.session.rewrite((text) => text.replace("Why Octopuses Dream", "Why Squid Dream"));
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply edit");
    await app.says("Text edited by hand.");
    await app.session.shown("Why Squid Dream");
    await app.until(() => document.querySelectorAll(".json-came").length === 1);
    const file = await downloads.one(() => app.session.export());
    assert.equal(String(file.bytes), String(await ep001()).replace("Why Octopuses Dream", "Why Squid Dream"));
    await app.session.undo();
    await app.session.shown("Why Octopuses Dream");
  });

  test("a handoff is filled in, checked by the core and shown with its flags", async ({ open }) => {
    const app = await fixture(open, "?tab=handoffs");
    await app.session.fillIn("Complete", { "Output file": "scripts/ep001.md" });
    await app.click("checkbox", "Hand over to quality_evaluator");
    await app.session.apply();
    await app.session.fieldErrorIs("handoff-word_count", "Enter the word count to hand over.");
    await app.until(() => document.activeElement.id === "handoff-word_count");
    assert.equal(await app.page.$eval("#handoff-script_file", (e) => e.value), "scripts/ep001.md");
    await app.fill("textbox", "Word count", "3 200");
    await app.session.fieldErrorIs("handoff-format_valid", "Confirm \u201cFormat valid\u201d to hand over.");
    await app.click("checkbox", "Format valid");
    await app.click("checkbox", "Ready for evaluation");
    await app.session.preview();
    await app.session.apply();
    await app.says("script_writer is complete.");
    await app.until(() => document.querySelectorAll(".handoff .flag .state[data-state=complete]").length === 3);
  });

  test("a file's text is never parsed as markup on any tab", async ({ open }) => {
    const hostile = '<img src="x" onerror="document.title=1"><script>document.title=2</script>';
    const long = `${hostile} \u202e ${"x".repeat(100_000)}`;
    const file = session({ number: 5, done: 1, topic: `${hostile} \u202etxt`, status: "failed", error: long });
    const text = JSON.parse(file.bytes);
    text.agent_outputs.research_coordinator.output_file = "javascript:document.title=3";
    text.agent_outputs.research_coordinator.handoff = { data: { research_package: hostile }, validation: { [hostile]: true } };
    text.history = [{ at: "2026-01-01T00:00:00Z", event: hostile, agent: "script_writer", from: hostile, to: "<b>x", error: long }];
    text["<i>key\u202e"] = hostile;
    const app = await openAt(open, [{ name: file.name, bytes: JSON.stringify(text, null, 2) }], file.id);
    for (const tab of TABS) {
      await app.session.tab(tab);
      await app.page.waitForSelector("#tab-panel > *");
      const strange = await app.page.$$eval("main img, main script, main b, main i:not(.lamp)", (found) => found.length);
      assert.equal(strange, 0, tab);
      const links = await app.page.$$eval("main a[href^='javascript:']", (found) => found.length);
      assert.equal(links, 0, tab);
    }
    await app.session.tab("JSON");
    await app.until(() => [...document.querySelectorAll(".text-hidden")].some((e) => e.innerText === "U+202E"));
    assert.match(await app.page.title(), /Callboard/);
    const wide = await app.page.$eval("main", (main) => main.scrollWidth <= main.clientWidth + 1);
    assert.ok(wide, "nothing makes the page wider");
  });

  if (browser === "firefox") return;
  test("axe finds no violations on any tab in either theme", async ({ open }) => {
    const failed = session({ number: 32, done: 2, status: "failed", minutesAgo: 25 });
    const app = await openAt(open, [failed], failed.id);
    for (const tab of TABS) {
      await app.session.tab(tab);
      await app.page.waitForSelector("#tab-panel > *");
      await assertAccessibleInBothThemes(app);
    }
    await app.session.tab("JSON");
    await app.click("button", "Edit text");
    await app.find("textbox", "Text of the file");
    await assertAccessibleInBothThemes(app);
  });
});
