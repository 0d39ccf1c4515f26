// A suite of tests over the built app: all of it in Chromium, and in Firefox the tests for which the browser matters.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test as nodeTest } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { BROWSERS, launch, runsEverything } from "./browsers.mjs";
import { SharedBrowser } from "./shared.mjs";
import { Downloads } from "./downloads.mjs";
import { assertNoProblems, guard, GuardError } from "./guard.mjs";
import { startServer } from "./server.mjs";
import { shot } from "./shot.mjs";

/** What waits for something gives up after this, so that a test says what it missed. */
const PATIENCE = 20_000;
const TEST_TIMEOUT = 120_000;

/** One browser of each name for all the suites of a process: a start takes Firefox as long as two tests. */
const shared = new Map(BROWSERS.map((name) => [name, new SharedBrowser(() => launch(name))]));

/** Where the release bundle is. */
export const DIST = process.env.CALLBOARD_DIST ?? "dist";

/**
 * @typedef {object} Visit what a test has: a visitor with a browser that knows nothing yet
 * @property {string} browser "chromium" or "firefox"
 * @property {string} url where the app is
 * @property {(path?: string) => Promise<import("puppeteer-core").Page>} open opens the app in a
 *   new, guarded tab; `path` begins with what follows the app's own address, such as `#/changes`
 * @property {Downloads} downloads
 * @property {(pattern: RegExp) => Promise<void>} expectProblem waits until the guard has seen
 *   such a problem, which is then not held against the test, nor are those seen with it
 */

/**
 * @callback Test adds a test to a suite: `test(title, run)` or `test(title, options, run)`
 * @param {string} title
 * @param {object} [options]
 * @param {boolean} [options.firefox] run it in Firefox by default too, because the browser matters: files, storage,
 *   focus, keys, other tabs, layout
 * @param {(visit: Visit) => Promise<void>} run
 */

/**
 * Defines a suite, once for each browser that has tests of it to run. CALLBOARD_BROWSERS=chromium,firefox runs every
 * test in both.
 *
 * @param {string} name
 * @param {(suite: {browser: string, test: Test}) => void} define
 * @param {object} [options]
 * @param {string[]} [options.browsers] the browsers that can run it, where not all can
 * @param {boolean} [options.firefox] the same for all its tests as for one
 * @param {string} [options.base] the path to serve the app below
 * @param {string} [options.dir] what to serve instead of the app
 * @param {object} [options.settings] what a person has set in the browser
 */
export function suite(name, define, { browsers = BROWSERS, firefox = false, base = "/", dir = DIST, settings } = {}) {
  for (const browserName of BROWSERS.filter((name) => browsers.includes(name))) {
    const tests = [];
    define({
      browser: browserName,
      test: (title, ...rest) => {
        const [options, run] = rest.length > 1 ? rest : [{}, ...rest];
        if (runsEverything(browserName) || firefox || options.firefox) tests.push({ title, run });
      },
    });
    if (tests.length === 0) continue;
    // What a person has set is set for a whole browser.
    const lent = settings ? new SharedBrowser(() => launch(browserName, { settings })) : shared.get(browserName);
    lent.reserve();
    describe(`${name} (${browserName})`, () => {
      let server;
      let browser;
      before(async () => {
        server = await startServer({ dir, base });
        browser = await lent.borrow();
      });
      after(async () => {
        await lent.giveBack();
        await server?.close();
      });
      for (const { title, run } of tests) {
        nodeTest(title, { timeout: TEST_TIMEOUT }, () =>
          withVisit(browser, { browserName, server, label: `${name} ${title}` }, run),
        );
      }
    });
  }
}

/** Runs a test with storage of its own, and holds what the guards saw against it. */
async function withVisit(browser, { browserName, server, label }, run) {
  const dir = await mkdtemp(join(tmpdir(), "callboard-downloads-"));
  const context = await browser.createBrowserContext({
    downloadBehavior: { policy: "allow", downloadPath: dir },
  });
  const guards = [];
  const pages = [];
  const visit = {
    browser: browserName,
    url: server.url,
    downloads: new Downloads(dir, PATIENCE),
    // What is to be watched or held back from the first request on is set up by `prepare`: a page that is left
    // while it loads tells of what it was fetching as an error.
    open: async (path = "", prepare = async () => {}) => {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      guards.push(await guard(page, server.origin));
      pages.push(page);
      await prepare(page);
      await page.goto(server.url + path);
      return page;
    },
    expectProblem: async (pattern) => {
      const giveUp = Date.now() + PATIENCE;
      const seen = () => guards.some(({ problems }) => problems.some((p) => pattern.test(p)));
      while (!seen()) {
        if (Date.now() > giveUp) throw new Error(`the guard did not see ${pattern}`);
        await pause(20);
      }
      for (const { settle, problems } of guards) {
        await settle();
        problems.length = 0;
      }
    },
  };
  try {
    await run(visit);
    for (const { settle } of guards) await settle();
    assertNoProblems(...guards);
  } catch (error) {
    await keepSight(pages, `failed ${label} ${browserName}`);
    // What the guards saw is often why the test did not see what it waited for.
    const seen = guards.flatMap(({ problems }) => problems);
    if (!(error instanceof GuardError) && seen.length > 0) {
      error.message += `\nThe guard saw:\n  ${seen.join("\n  ")}`;
    }
    throw error;
  } finally {
    await context.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** A failed test's pages are worth seeing, but never worth hiding its error. */
async function keepSight(pages, label) {
  for (const page of pages) {
    try {
      await shot(page, label);
    } catch {
      // The page is gone; the error that matters is about to be thrown.
    }
  }
}
