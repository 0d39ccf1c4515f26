// A clock of the page's own, for tests of days and months: they are the same at midnight and at the end of a month.

/** Noon of a Wednesday in the middle of a month. */
export const NOON = Date.parse("2026-11-18T12:00:00Z");

/**
 * Returns what prepares a page whose clock shows this time when it is opened, and goes on from there.
 *
 * @param {number} moment in milliseconds
 * @returns {(page: import("puppeteer-core").Page) => Promise<unknown>}
 */
export const clockAt = (moment) => (page) =>
  // A reload goes on with the time.
  page.evaluateOnNewDocument((ahead) => {
    const { Date } = globalThis;
    globalThis.Date = class extends Date {
      constructor(...parts) {
        super(...(parts.length > 0 ? parts : [Date.now() + ahead]));
      }

      static now() {
        return Date.now() + ahead;
      }
    };
  }, moment - Date.now());
