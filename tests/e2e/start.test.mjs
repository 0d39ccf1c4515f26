// The page before the app has started: nothing done meanwhile is lost, and a failed start is reported.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EP001, ep001 } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { dropFiles, dropPaths } from "./support/files.mjs";
import { everywhere } from "./support/everywhere.mjs";
import { holdApp } from "./support/hold.mjs";
import { shot } from "./support/shot.mjs";
import { suite } from "./support/suite.mjs";
import { oneTab } from "./support/tabs.mjs";

/** Opens the app, whose module request `asked` is held until it is continued or aborted. */
async function openHeld({ open }) {
  let asked;
  const page = await open("", async (page) => ({ asked } = await holdApp(page)));
  return { app: new App(page), page, asked };
}

suite("the start", ({ browser, test }) => {
  test("files dropped before the app has started are loaded", async (visit) => {
    const { app, page, asked } = await openHeld(visit);
    await app.until(() => {
      const start = document.querySelector("#start");
      return start.checkVisibility() && getComputedStyle(start).opacity === "1";
    });
    await assertAccessible(page);
    await dropFiles(page, [{ name: EP001, bytes: await ep001() }]);
    (await asked).continue();
    await app.find("main");
    await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("1 session in 1 file"));
    assert.equal(await page.$("#start"), null);
    // From here on the app handles drops, once.
    await app.drop([{ name: "again.json", bytes: await ep001() }]);
  });

  if (browser === "chromium") {
    test("folders dropped before the app has started are walked", async (visit) => {
      const dir = await mkdtemp(join(tmpdir(), "callboard-drop-"));
      try {
        await mkdir(join(dir, "season", "one"), { recursive: true });
        await writeFile(join(dir, "season", "one", EP001), await ep001());
        const { app, page, asked } = await openHeld(visit);
        await dropPaths(page, [join(dir, "season")]);
        (await asked).continue();
        await app.until(() => document.querySelector(".import-outcome")?.innerText.includes("1 session in 1 file"));
        await app.visit("#/import");
        const [[path]] = await app.import.files(1);
        assert.equal(path, `season/one/${EP001}`);
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    });
  }

  test("an app that does not load reports it, with a remedy", async (visit) => {
    const { app, page, asked } = await openHeld(visit);
    (await asked).abort();
    await app.until(() => document.querySelector("#start [role=alert]")?.innerText.startsWith("Callboard could not start ("));
    assert.match(await page.$eval("#start p", (e) => e.innerText), /Reload the page.*is safe\.$/s);
    await assertAccessible(page);
    await shot(page, `start failed ${browser}`);
    await visit.expectProblem(/an uncaught error|an error on the console/);
  });

  /** From now on no element can be created, which the page does not expect. */
  const break_ = () => {
    Document.prototype.createElement = () => {
      throw new Error("There are no more elements");
    };
  };

  test("an app that panics on start reports it, with a remedy", async (visit) => {
    const page = await visit.open("", (page) => page.evaluateOnNewDocument(break_));
    const app = new App(page);
    await app.until(() => /could not start|has stopped/.test(document.body.innerText));
    assert.match(await page.evaluate(() => document.body.innerText), /is safe\..*a current version of Chromium or Firefox/s);
    await visit.expectProblem(/panicked|no more elements/);
  });

  test("an app that panics later reports it, and starts again with its saved data", async (visit) => {
    const app = await oneTab(visit.open, "");
    await app.page.evaluate(break_);
    await app.visit("#/settings");
    await app.until(() => document.querySelector("#stopped")?.innerText.includes("Callboard has stopped"));
    const words = await app.page.$eval("#stopped", (e) => e.innerText);
    assert.match(words, /is safe\..*Reload the page/s);
    assert.equal(await app.page.evaluate(() => document.activeElement.innerText), "Reload");
    assert.ok(await app.page.$eval(".frame", (frame) => frame.inert));
    if (browser === "chromium") await everywhere(app, "stopped");
    await visit.expectProblem(/panicked|no more elements/);
    await Promise.all([app.page.waitForNavigation(), app.page.$eval("#stopped button", (button) => button.click())]);
    await app.visit("#/sessions");
    await app.sessions.rows(1);
  });
}, { firefox: true });
