// Detects problems that no test may cause: requests to other origins, console errors, uncaught
// exceptions, violations of the page's content security policy, missing files.

/**
 * Watches a page from now on.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} origin the only origin that the page may request from
 * @returns {Promise<{problems: string[], settle: () => Promise<void>}>}
 */
export async function guard(page, origin) {
  const problems = [];
  const stays = (url) => {
    const { protocol, host } = new URL(url);
    if (protocol === "data:" || protocol === "blob:" || protocol === "about:") return true;
    return host === new URL(origin).host;
  };

  page.on("request", (request) => {
    if (!stays(request.url())) problems.push(`a request left the origin: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.url()} answered ${response.status()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`an error on the console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`an uncaught error: ${error.stack ?? error}`));
  page.on("error", (error) => problems.push(`the page crashed: ${error}`));

  // Firefox reports violations only in the page, so the page forwards them to its console.
  await page.evaluateOnNewDocument(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`CSP: ${event.effectiveDirective} blocked ${event.blockedURI || "inline"}`);
    });
  });
  if (page.browser().protocol !== "webDriverBiDi") {
    // In the DevTools protocol, a WebSocket is not a request.
    const session = await page.createCDPSession();
    await session.send("Network.enable");
    session.on("Network.webSocketCreated", ({ url }) => {
      if (!stays(url)) problems.push(`a WebSocket left the origin: ${url}`);
    });
  }

  return {
    problems,
    // Events that the page has caused so far arrive before the response to this.
    settle: async () => {
      if (!page.isClosed()) await page.evaluate(() => true);
    },
  };
}

/** Fails if one of these guards has seen a problem. */
export function assertNoProblems(...guards) {
  const seen = guards.flatMap(({ problems }) => problems);
  if (seen.length === 0) return;
  throw new GuardError(`The page did what no page may:\n  ${seen.join("\n  ")}`);
}

/** Error of a guard, which distinguishes its problems from the test's own failures. */
export class GuardError extends Error {
  name = "GuardError";
}
