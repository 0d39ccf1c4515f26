// One colour for each state: its word, its marks and its entries in legends, on every page and in both themes.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { longStory, session, sessions } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { inBothThemes } from "./support/everywhere.mjs";
import { suite } from "./support/suite.mjs";

/** The token of each word: a state, or the stage whose work has its colour. */
const TOKENS = {
  initialized: "--initialized",
  researching: "--researching",
  research: "--researching",
  writing: "--writing",
  evaluating: "--evaluating",
  evaluation: "--evaluating",
  synthesizing: "--synthesizing",
  synthesis: "--synthesizing",
  complete: "--complete",
  failed: "--failed",
  retry: "--retry",
};

/** Words in the colour of their state by page, and marks by the property that has it. */
const WORDS = {
  list: [["tbody .state .state-word", "color"]],
  dashboard: [
    [".chart-key.state .state-word", "color"],
    [".need .state:not(.health) .state-word", "color"],
    [".chart-duration .chart-key i, .chart-cost .chart-key i:not(.key-over)", "background-color"],
  ],
  timeline: [[".work-key:has(.work-key-bar:not(.work-key-overdue, .work-key-derived, .work-key-skipped)) i", "border-inline-start-color"]],
};
const MARKS = {
  list: [[".lamp-on", "background-color"], ["tbody .state .icon", "color"]],
  dashboard: [[".chart-fill[data-state]", "fill"], [".chart-key.state .icon", "color"]],
  timeline: [[".work-list .bar-edge", "fill"]],
};

/**
 * Returns the colours on the page that are not their states', and the words and states that were seen. Runs in the page.
 */
function strays(tokens, words, marks) {
  const probe = document.querySelector("main").appendChild(document.createElement("i"));
  const colour = (token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const seen = new Set();
  const found = new Set();
  const check = (name, element, property) => {
    if (!(name in tokens) || !element.checkVisibility()) return;
    seen.add(name);
    const [is, should] = [getComputedStyle(element).getPropertyValue(property), colour(tokens[name])];
    if (is !== should) found.add(`${name}, ${element.className.baseVal ?? element.className}: ${property} ${is} instead of ${should}`);
  };
  for (const [selector, property] of words) {
    for (const element of document.querySelectorAll(selector)) {
      const text = element.textContent.trim() || element.parentElement.innerText;
      check(text.replace(/^[^\p{L}]+/u, "").trim().toLowerCase(), element, property);
    }
  }
  for (const [selector, property] of marks) {
    for (const element of document.querySelectorAll(selector)) check(element.closest("[data-state]")?.dataset.state, element, property);
  }
  probe.remove();
  return { found: [...found], seen: [...seen].sort() };
}

suite("the colours of states", ({ test }) => {
  test("are the same for words, marks and legends on all pages, in both themes", async ({ open }) => {
    const app = await App.open(open, "#/sessions");
    const states = ["in_progress", "failed", "retry", "pending"].flatMap((status, at) =>
      [0, 1, 2, 3].map((done) => session({ number: 10 + at * 4 + done, done, status, minutesAgo: 3, due: 600 })),
    );
    await app.drop([...states, session({ number: 30, done: 4 }), ...sessions(12).slice(10), longStory({ number: 51 })]);
    await app.click("button", "Close the import report");
    const pages = {
      list: ["#/sessions", "tbody tr[data-session]"],
      dashboard: ["#/", ".chart-episodes .chart-fill"],
      timeline: ["#/timeline", ".work-list .bar"],
    };
    const seen = new Set();
    for (const [page, [hash, shown]] of Object.entries(pages)) {
      await app.visit(hash);
      await app.page.waitForSelector(shown);
      await inBothThemes(app, async (theme) => {
        const look = () => app.page.evaluate(strays, TOKENS, WORDS[page], MARKS[page]);
        let result = await look();
        // A colour may still be in transition.
        for (let tries = 0; tries < 20 && result.found.length > 0; tries += 1) {
          await pause(100);
          result = await look();
        }
        assert.deepEqual(result.found, [], `${page}, ${theme}`);
        for (const state of result.seen) seen.add(`${page} ${state}`);
      });
    }
    // Otherwise nothing was compared.
    const stages = ["researching", "writing", "evaluating", "synthesizing"];
    const everywhere = [
      ...["list", "dashboard"].flatMap((page) => [...stages, "complete", "failed", "retry"].map((state) => `${page} ${state}`)),
      ...stages.map((state) => `timeline ${state}`),
      ...["dashboard", "timeline"].flatMap((page) => ["research", "writing", "evaluation", "synthesis"].map((stage) => `${page} ${stage}`)),
    ];
    assert.deepEqual(everywhere.filter((state) => !seen.has(state)), []);
  });
});
