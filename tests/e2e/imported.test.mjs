// Sessions that are only read: other pipelines', and those in files that are damaged or hold several.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { ep001, EP001 } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible, assertAccessibleInBothThemes } from "./support/axe.mjs";
import { dropFiles, dropPaths } from "./support/files.mjs";
import { suite } from "./support/suite.mjs";

const TREE = new URL("../fixtures/foreign/tree/", import.meta.url);
const SOAP = "ep_022_20251005_081500";

/** A file of the tree, as it is dropped loose. */
const file = async (path) => ({ name: path.split("/").pop(), bytes: await readFile(new URL(path, TREE)) });

/** Drops files, and opens the page of the read-only session that they make. */
async function opened(open, files, key) {
  const app = await App.open(open);
  await dropFiles(app.page, files);
  await app.until((key) => document.querySelector(`[data-imported="${key}"]`) !== null, key);
  await app.visit(`#/imported/${encodeURIComponent(key)}`);
  await app.imported.of(key);
  return app;
}

const soap = async (open) => opened(open, [await file(`${SOAP}/state.json`)], SOAP);

suite("imported sessions", ({ browser, test }) => {
  if (browser === "chromium") {
    test("a dropped tree is listed with the state, the progress and the cost of each session", async ({ open }) => {
      const app = await App.open(open);
      await dropPaths(app.page, [fileURLToPath(TREE)]);
      await app.visit("#/sessions?q=soap");
      await app.until((key) => document.querySelector(`[data-imported="${key}"]`) !== null, SOAP);
      const row = await app.page.$eval(`[data-imported="${SOAP}"]`, (row) => [...row.cells].map((cell) => cell.innerText.replace(/\s+/g, " ").trim()));
      assert.ok(row.includes("FAILED") && row.some((cell) => cell.startsWith("$5.85")), row.join("|"));
      await app.press(`[data-imported="${SOAP}"] .row-link`);
      await app.imported.of(SOAP);
      await app.find("heading", "The physics of soap bubbles");

      // Files of one session, with copies and older versions; what they disagree on is said with its places.
      await app.visit("#/imported/ep_027_test");
      await app.imported.of("ep_027_test");
      const files = await app.imported.files();
      const roles = files.map(({ role, path }) => [role, path.replace(/^tree\//, "")]);
      assert.deepEqual(roles, [
        ["State", "ep_027_test/pipeline_status.json"],
        ["Part", "ep_027_test/01_deep_research_complete.json"],
        ["Part", "ep_027_test/03_synthesis_complete.json"],
        ["Part", "ep_027_test/05_script_complete.json"],
        ["Copy", "backup/ep_027_test/05_script_complete.json"],
        ["Older version", "backup/05_script_complete.json"],
      ]);
      const notes = await app.find("region", "Notes");
      const words = await notes.evaluate((element) => element.innerText);
      assert.match(words, /A file says 1 of 2 stages, but 3 are complete: the larger number is used\./);
      assert.match(words, /pipeline_status\.json\s+line 5/);
      assert.match(await app.imported.source("Cost / budget"), /^The sum of 3 stages\. From .*05_script_complete\.json, line 7\.$/);

      // An output that is in the import opens.
      await app.visit("#/imported/ep_028_endtoend_production");
      await app.imported.of("ep_028_endtoend_production");
      await app.click("link", "ep_028_endtoend/production/quality_report.json");
      await app.until(() => document.querySelector("#file-text .json-line") !== null);
    });
  }

  test("every figure says where it is from, and opens its file there", { firefox: true }, async ({ open }) => {
    const app = await soap(open);
    assert.equal(await app.imported.fact("State"), "FAILED");
    assert.equal((await app.imported.fact("Progress")).replace(/\s/g, " "), "66 %");
    assert.equal(await app.imported.fact("Cost / budget"), "$5.85 / –");
    assert.equal(await app.imported.source("State"), "Script failed. From state.json, line 15.");
    assert.equal(await app.imported.source("Cost / budget"), "state.json, line 23.");
    assert.match(await app.imported.source("Created"), /5 Oct 2025.* · state\.json, line 26\. Assumed: No time zone: read as UTC\. In the file: "2025-10-05T08:15:00/);
    const [research, script] = await app.imported.stages();
    assert.deepEqual([research.name, research.Status, research.Cost], ["Research", "Complete", "$3.75"]);
    assert.deepEqual([script.Status, script.Cost], ["Failed", "$1.90"]);
    assert.match(script.more, /Quality 6\.4 of 10/);
    assert.match(await app.text("region", "Resume point"), /Resume at Script: \$5\.85 spent, \$2\.10 would be spent again\./);
    assert.match(await app.text("region", "Notes"), /The file says not started, but its stages say failed: the stages are used\./);
    assert.match(await app.text("region", "Scores"), /8\.8 of 10\s+0\.88/);
    // A tip is outside of all landmarks.
    await app.page.keyboard.press("Escape");
    await assertAccessibleInBothThemes(app);
    await app.click("link", "$5.85");
    const line = await app.imported.line();
    assert.deepEqual([line.number, line.isInView], ["23", true]);
    assert.match(line.text, /"total_cost": 5\.85/);
    await app.until(() => document.activeElement.id === "file-text");
    await assertAccessible(app.page);
    // The page goes back to the figures.
    await app.click("link", "Close");
    await app.until(() => document.getElementById("file-text") === null);
    await app.page.setViewport({ width: 390, height: 844 });
    await app.until(() => document.querySelector("main").scrollWidth <= innerWidth);
  });

  test("a converted session takes part in everything, and its files stay as they are", { firefox: true }, async ({ open, downloads }) => {
    const app = await soap(open);
    await app.click("button", "Convert to a session");
    await app.find("region", "Convert to a session");
    await app.until(() => document.activeElement.id === "conversion-title");
    const assumed = await app.imported.sentences("Assumed");
    assert.ok(assumed.some((sentence) => sentence.startsWith("No attempt count of writing")), assumed.join("\n"));
    await assertAccessible(app.page);
    await app.click("button", "Create session");
    await app.click("link", "Open session");
    await app.session.shown("The physics of soap bubbles");
    assert.equal(await app.session.fact("State"), "FAILED");
    assert.equal(await app.session.fact("Cost / budget"), "$5.85 / –");
    const transitions = await app.session.transitions();
    assert.equal(transitions.Resume.allowed, true);
    // The export has the new file and nothing else.
    await app.visit("#/changes");
    const files = await app.changes.files(1);
    assert.deepEqual(files.map(({ name }) => name), ["ep022_session_20251005.json"]);
    await app.visit(`#/sessions/${SOAP}`);
    await app.session.shown("The physics of soap bubbles");
    const exported = await downloads.one(() => app.session.export());
    assert.equal(exported.name, "ep022_session_20251005.json");
    assert.equal(JSON.parse(exported.bytes).session_id, SOAP);
    // The foreign one is still there, with the bytes that came. A second conversion is refused.
    await app.visit(`#/imported/${SOAP}?file=state.json`);
    await app.imported.of(SOAP);
    await app.until(() => document.querySelector("#file-text .json-line") !== null);
    const lines = await app.page.$$eval("#file-text .json-code", (lines) => lines.map((line) => line.textContent));
    const original = String((await file(`${SOAP}/state.json`)).bytes).split("\n");
    assert.ok(lines.length > 10);
    assert.deepEqual(lines, original.slice(0, lines.length));
    await app.find("link", "in the workspace");
    await app.click("button", "Convert to a session");
    assert.match(await app.text("region", "Convert to a session"), new RegExp(`${SOAP} is already in the workspace, and is not replaced\\.`));
    assert.equal(await app.has("button", "Create session"), false);
  });

  test("a session that cannot be converted says why", async ({ open }) => {
    const app = await opened(open, [await file("strange/half.json")], "pilot_strange");
    assert.equal(await app.imported.fact("State"), "UNKNOWN");
    assert.match(await app.text("region", "Notes"), /Unknown value .marinating. at \/status\./);
    await app.click("button", "Convert to a session");
    assert.match(await app.text("region", "Convert to a session"), /No status of research, writing, evaluation or synthesis/);
  });

  test("sessions in one file of lines are read-only, and each is added by itself", { firefox: true }, async ({ open, downloads }) => {
    const one = JSON.stringify(JSON.parse(await ep001()));
    const two = one.replaceAll("ep_001_20240811_1430", "ep_002_20240811_1430").replace('"number":1,', '"number":2,');
    const app = await opened(open, [{ name: "all.jsonl", bytes: `${one}\n${two}\n` }], "all.jsonl#2");
    await app.find("heading", "Why Octopuses Dream");
    assert.equal(await app.imported.source("State"), "all.jsonl, line 2.");
    assert.equal(await app.has("button", "Complete"), false);
    await app.click("button", "Add as a session");
    await app.find("region", "Add as a session");
    await app.click("button", "Create session");
    await app.click("link", "Open session");
    await app.session.shown("Why Octopuses Dream");
    assert.equal(await app.page.evaluate(() => location.hash), "#/sessions/ep_002_20240811_1430");
    const exported = await downloads.one(() => app.session.export());
    assert.deepEqual([exported.name, String(exported.bytes)], ["ep002_session_20240811.json", two]);
  });

  test("a repaired session says what was done, and is added as it was read", async ({ open }) => {
    const text = String(await ep001());
    const broken = text.replace(/\}\s*$/, ",}\n");
    const app = await opened(open, [{ name: EP001, bytes: broken }], EP001);
    const [{ remarks }] = await app.imported.files();
    assert.equal(remarks.length, 1);
    assert.match(remarks[0], /^Ignored the comma before "\}" \(line \d+, column \d+\)\.$/);
    await app.click("button", "Add as a session");
    await app.find("region", "Add as a session");
    assert.deepEqual(await app.imported.sentences("Assumed"), remarks);
    await app.click("button", "Create session");
    await app.click("link", "Open session");
    await app.session.shown("Why Octopuses Dream");
    // The name of the imported file is taken: it is never written.
    await app.visit("#/changes");
    const files = await app.changes.files(1);
    assert.deepEqual(files.map(({ name }) => name), [EP001.replace(".json", "_2.json")]);
  });

  test("a removed session comes back by undo, and stays over a reload", { firefox: true }, async ({ open }) => {
    const app = await soap(open);
    await app.reload();
    await app.imported.of(SOAP);
    await app.click("button", "Remove from workspace");
    await app.says("Removed 1 file from the workspace.");
    await app.until((key) => document.querySelector(`[data-imported="${key}"]`) === null, SOAP);
    await app.page.keyboard.press("u");
    await app.until((key) => document.querySelector(`[data-imported="${key}"]`) !== null, SOAP);
    await app.reload();
    await app.until((key) => document.querySelector(`[data-imported="${key}"]`) !== null, SOAP);
  });

  test("another tab shows what comes and goes, and keeps its place", { firefox: true }, async ({ open }) => {
    const one = await soap(open);
    const two = await App.open(open, `#/imported/${SOAP}`);
    await two.imported.of(SOAP);
    await two.page.evaluate(() => {
      document.querySelector(".stages").dataset.kept = "yes";
    });
    await one.page.bringToFront();
    await dropFiles(one.page, [await file("strange/half.json")]);
    await two.page.bringToFront();
    await two.visit("#/sessions");
    await two.until(() => document.querySelector('[data-imported="pilot_strange"]') !== null);
    await one.page.bringToFront();
    await one.click("button", "Remove from workspace");
    await two.page.bringToFront();
    await two.until((key) => document.querySelector(`[data-imported="${key}"]`) === null, SOAP);
    await two.visit(`#/imported/${SOAP}`);
    await two.find("heading", "Page not found");
  });
});
