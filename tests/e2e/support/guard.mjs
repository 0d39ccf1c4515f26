// What no test may cause, whatever it is about: a request that leaves the origin, an error on
// the console, an uncaught exception, a violation of the page's content security policy, a
// file that is not there.

/**
 * Watches a page from now on.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} origin what the page may ask
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

  // Firefox tells of a violation only in the page, so the page tells us through its console.
  await page.evaluateOnNewDocument(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`CSP: ${event.effectiveDirective} blocked ${event.blockedURI || "inline"}`);
    });
  });
  if (page.browser().protocol !== "webDriverBiDi") {
    // Over the DevTools protocol a WebSocket is not a request.
    const session = await page.createCDPSession();
    await session.send("Network.enable");
    session.on("Network.webSocketCreated", ({ url }) => {
      if (!stays(url)) problems.push(`a WebSocket left the origin: ${url}`);
    });
  }

  return {
    problems,
    // What the page has caused by now reaches us before the answer to this does.
    settle: async () => {
      if (!page.isClosed()) await page.evaluate(() => true);
    },
  };
}

/** Fails when one of these guards has seen a problem. */
export function assertNoProblems(...guards) {
  const seen = guards.flatMap(({ problems }) => problems);
  if (seen.length === 0) return;
  throw new GuardError(`The page did what no page may:\n  ${seen.join("\n  ")}`);
}

/** What a guard has seen, so that it is not mistaken for what the test itself looked for. */
export class GuardError extends Error {
  name = "GuardError";
}
