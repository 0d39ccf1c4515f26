// Suites of tests of the built app: all tests run in Chromium, and in Firefox those for which the browser matters.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test as nodeTest } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { BROWSERS, launch, runsEverything } from "./browsers.mjs";
import { PATIENCE } from "./patience.mjs";
import { SharedBrowser } from "./shared.mjs";
import { Downloads } from "./downloads.mjs";
import { assertNoProblems, guard, GuardError } from "./guard.mjs";
import { startServer } from "./server.mjs";
import { shot } from "./shot.mjs";

const TEST_TIMEOUT = 600_000;

/** One browser of each name for all suites of a process: starting Firefox takes as long as two tests. */
const shared = new Map(BROWSERS.map((name) => [name, new SharedBrowser(() => launch(name))]));

/** The folder of the release bundle. */
export const DIST = process.env.CALLBOARD_DIST ?? "dist";

/**
 * @typedef {object} Visit a test's context, with empty browser storage
 * @property {string} browser "chromium" or "firefox"
 * @property {string} url the app's address
 * @property {(path?: string, prepare?: Function, at?: object) => Promise<import("puppeteer-core").Page>} open opens the
 *   app in a new, guarded tab; `path` is relative to the app's address, such as `#/changes`; `at` is a server of the
 *   test's own
 * @property {Downloads} downloads
 * @property {(end: () => Promise<unknown>) => void} atEnd adds what is done after the pages are closed, last first
 * @property {(pattern: RegExp) => Promise<void>} expectProblem waits until the guard has seen
 *   such a problem, and forgives it and those seen with it
 * @property {() => Promise<void>} forgive forgives the problems that the guard has seen, if any
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
 * @param {string[]} [options.browsers] the browsers that can run it, if not all can
 * @param {boolean} [options.firefox] like a test's option, for all its tests
 * @param {string} [options.base] the path to serve the app below
 * @param {string} [options.dir] the folder to serve instead of the app
 * @param {object} [options.settings] user settings of the browser
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
    // Settings apply to a whole browser, so it cannot be shared.
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

/** Runs a test with its own storage, and fails it for problems that the guards saw. */
async function withVisit(browser, { browserName, server, label }, run) {
  const dir = await mkdtemp(join(tmpdir(), "callboard-downloads-"));
  const context = await browser.createBrowserContext({
    downloadBehavior: { policy: "allow", downloadPath: dir },
  });
  const guards = [];
  const pages = [];
  const ends = [];
  const visit = {
    browser: browserName,
    url: server.url,
    downloads: new Downloads(dir, PATIENCE),
    // `prepare` sets up everything that must be active before the first request. Reloading instead would cause
    // errors: a page that is left while it loads reports its pending requests as failed.
    open: async (path = "", prepare = async () => {}, at = server) => {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      guards.push(await guard(page, at.origin));
      pages.push(page);
      await prepare(page);
      await page.goto(at.url + path);
      return page;
    },
    atEnd: (end) => ends.unshift(end),
    expectProblem: async (pattern) => {
      const giveUp = Date.now() + PATIENCE;
      const seen = () => guards.some(({ problems }) => problems.some((p) => pattern.test(p)));
      while (!seen()) {
        if (Date.now() > giveUp) throw new Error(`the guard did not see ${pattern}`);
        await pause(20);
      }
      await visit.forgive();
    },
    forgive: async () => {
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
    // A guard's problem is often the cause of the test's timeout.
    const seen = guards.flatMap(({ problems }) => problems);
    if (!(error instanceof GuardError) && seen.length > 0) {
      error.message += `\nThe guard saw:\n  ${seen.join("\n  ")}`;
    }
    throw error;
  } finally {
    await context.close();
    for (const end of ends) await end();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Saves screenshots of a failed test's pages. Failures to do so do not hide the test's error. */
async function keepSight(pages, label) {
  for (const page of pages) {
    try {
      // A background tab draws no picture.
      await page.bringToFront();
      await shot(page, label);
    } catch {
      // The page is closed; the test's own error is thrown next.
    }
  }
}
