// A save that is cut off: the tab is closed, the browser killed or the server killed at any moment of it. The file is the
// old or the new one, whole, and the change is in the file or still in the workspace. CALLBOARD_CUTS sets how many.
import assert from "node:assert/strict";
import { once } from "node:events";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { App } from "./pages/app.mjs";
import { BROWSERS, launch, runsEverything } from "./support/browsers.mjs";
import { makeRepository, startCallboard } from "./support/live.mjs";
import { PATIENCE } from "./support/patience.mjs";

const cutsOf = (browser) => Number(process.env.CALLBOARD_CUTS ?? (runsEverything(browser) ? 9 : 3));

/** Longest time from the press of the keys to the cut, in milliseconds: a save takes less. */
const LONGEST = 30;

/** The port of all servers of a test: the workspace is stored for the page's address. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** The cost of each change: no two are equal, and none ends in a zero, which the file would not keep. */
const costOf = (cut) => `0.0${100 + cut}7`;

/** Waits until the page shows the session's total after this many changes. */
const totalIs = (app, changes) => {
  const all = Array.from({ length: changes }, (_, cut) => Number(costOf(cut)));
  return app.until((total) => {
    const fact = [...document.querySelectorAll(".headline .fact")].find((fact) => fact.querySelector("dt").innerText === "Cost / budget");
    const shown = Number(/\$([\d.]+)/.exec(fact?.querySelector("dd").innerText ?? "")?.[1]);
    // It is rounded to cents.
    return Math.abs(shown - total) < 0.0051;
  }, all.reduce((sum, cost) => sum + cost, 0.8));
};

for (const name of BROWSERS) {
  const cuts = cutsOf(name);
  test(`a save may be cut off ${cuts} times (${name})`, { timeout: 120_000 + cuts * 20_000 }, async (context) => {
    const folder = await makeRepository({ sessions: 2 });
    const [id] = folder.ids;
    const profile = await mkdtemp(join(tmpdir(), "callboard-profile-"));
    const port = await freePort();
    const found = { old: 0, new: 0 };
    let server = await startCallboard(folder.dir, { port });
    let browser;
    try {
      for (let cut = 0; cut <= cuts; cut++) {
        if (browser === undefined) {
          // Puppeteer keeps copies of these two, which a killed Firefox has not restored.
          if (name === "firefox") for (const file of ["user.js", "prefs.js"]) await appendFile(join(profile, file), "");
          browser = await launch(name, { userDataDir: profile });
        }
        const page = await browser.newPage();
        page.setDefaultTimeout(PATIENCE);
        const app = new App(page);
        await page.goto(`${server.url}#/sessions/${id}`);
        await app.session.shown("Topic 1");
        await app.find("button", "Progress");
        // Before that, a save does nothing.
        await app.source.is(`${basename(folder.dir)}, live`);
        if (cut > 0) {
          // The change of the time before is in the file or in the workspace.
          const before = costOf(cut - 1);
          const text = await folder.text(id);
          JSON.parse(text);
          found[text.includes(before) ? "new" : "old"] += 1;
          await totalIs(app, cut);
        }
        if (cut === cuts) break;
        const cost = costOf(cut);
        const fileBefore = await folder.text(id);
        await app.session.fillIn("Progress", { Cost: cost });
        await app.session.apply();
        await totalIs(app, cut + 1);
        await page.keyboard.down("Control");
        // The answer to the press may come after the cut, or never.
        page.keyboard.press("s").catch(() => {});
        await pause(Math.random() * LONGEST);
        const kind = ["tab", "browser", "server"][cut % 3];
        if (kind === "tab") await page.close();
        if (kind === "browser") {
          const gone = new Promise((resolve) => browser.process().once("exit", resolve));
          browser.process().kill("SIGKILL");
          await gone;
          browser = undefined;
        }
        if (kind === "server") {
          await server.kill();
          await page.close();
          server = await startCallboard(folder.dir, { port });
        }
        await pause(50);
        const after = await folder.text(id);
        assert.ok(after === fileBefore || after.includes(cost), `cut ${cut} of the ${kind}: the file is the old or the new one`);
      }
      context.diagnostic(JSON.stringify(found));
      // In the end everything is saved.
      const app = new App((await browser.pages()).at(-1));
      await app.page.keyboard.down("Control");
      await app.page.keyboard.press("s");
      await app.page.keyboard.up("Control");
      const until = Date.now() + PATIENCE;
      for (;;) {
        const text = await folder.text(id);
        const missing = Array.from({ length: cuts }, (_, cut) => costOf(cut)).filter((cost) => !text.includes(cost));
        if (missing.length === 0) break;
        assert.ok(Date.now() < until, `the file lacks ${missing.join(", ")}`);
        await pause(100);
      }
    } finally {
      await browser?.close();
      await server.kill();
      await folder.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}
