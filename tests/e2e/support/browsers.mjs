// Launches the browsers that `cargo xtask test` found, each with a temporary profile and without
// access to other machines.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

/** The browsers in CALLBOARD_BROWSERS, such as `firefox` or `chromium,firefox`. */
const NAMED = process.env.CALLBOARD_BROWSERS?.split(",").filter(Boolean) ?? [];

/** The browsers to run tests in. */
export const BROWSERS = NAMED.length > 0 ? NAMED : ["chromium", "firefox"];

/** Returns true if the browser runs every test. Firefox, unless named, runs only tests for which the browser matters. */
export const runsEverything = (browser) => browser === "chromium" || NAMED.includes(browser);

const CHROMIUM_ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Each window would load two pages for address suggestions, which takes two fifths of the time of most tests.
  "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
  // Only this machine's own names resolve.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

const FIREFOX_PREFS = {
  // A nonexistent proxy, which is bypassed for this machine only.
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  "network.proxy.no_proxies_on": "127.0.0.1",
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  // Downloads are saved without a prompt or a panel.
  "browser.download.useDownloadDir": true,
  "browser.download.alwaysOpenPanel": false,
  "browser.helperApps.neverAsk.saveToDisk":
    "application/json,application/octet-stream,application/zip,text/plain,text/csv,text/markdown",
  "intl.locale.requested": "en-US",
  "intl.accept_languages": "en-US, en",
};

/** Settings that block all storage, by browser; each needs its own profile. */
export const BLOCKED_STORAGE = {
  chromium: { "cookies are blocked": { profile: { default_content_setting_values: { cookies: 2 } } } },
  firefox: {
    "cookies are blocked": { "network.cookie.cookieBehavior": 2 },
    "local storage is switched off": { "dom.storage.enabled": false },
  },
};

/**
 * @param {"chromium" | "firefox"} name
 * @param {object} [options]
 * @param {string} [options.userDataDir] a persistent profile instead of a temporary one
 * @param {object} [options.settings] user settings: Chromium's Preferences, Firefox's prefs
 * @returns {Promise<import("puppeteer-core").Browser>}
 */
export async function launch(name, { userDataDir, settings } = {}) {
  const variable = `CALLBOARD_${name.toUpperCase()}`;
  const executablePath = process.env[variable];
  if (!executablePath) {
    throw new Error(
      `${variable} does not say where ${name} is: run the tests as \`cargo xtask test e2e\`.`,
    );
  }
  const common = {
    executablePath,
    headless: true,
    userDataDir,
    // The first start on a busy machine is slow.
    timeout: 60_000,
    defaultViewport: { width: 1280, height: 800 },
    // Dates and texts do not depend on the machine.
    env: { ...process.env, TZ: "UTC", LANG: "en_US.UTF-8", LANGUAGE: "en_US" },
  };
  if (name === "firefox") {
    return puppeteer.launch({ ...common, browser: "firefox", extraPrefsFirefox: { ...FIREFOX_PREFS, ...settings } });
  }
  const args = ["--lang=en-US", ...CHROMIUM_ARGS];
  // Chromium's sandbox does not work for root.
  if (process.env.CALLBOARD_NO_SANDBOX) args.push("--no-sandbox");
  if (!settings) return puppeteer.launch({ ...common, browser: "chrome", args });
  const profile = await mkdtemp(join(tmpdir(), "callboard-profile-"));
  await mkdir(join(profile, "Default"));
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(settings));
  const browser = await puppeteer.launch({ ...common, userDataDir: profile, browser: "chrome", args });
  browser.process().once("exit", () => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return browser;
}
