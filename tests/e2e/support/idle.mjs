// Waits until a page has nothing left to do, for tests that compare all of its text.

/**
 * Counts the page's short timers and its storage transactions, from now on. Runs in the page, before the app.
 *
 * A longer timer is a pause of the app's own, such as the time for which a message is shown.
 */
export const countWork = () => {
  const LONGEST = 500;
  const pending = new Set();
  globalThis.pendingWork = pending;
  const { clearTimeout: clear, setTimeout: set } = globalThis;
  globalThis.setTimeout = (task, delay = 0, ...rest) => {
    const timer = set(() => {
      pending.delete(timer);
      task(...rest);
    }, delay);
    if (delay <= LONGEST) pending.add(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    pending.delete(timer);
    clear(timer);
  };
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...asked) {
    const made = transaction.apply(this, asked);
    pending.add(made);
    for (const end of ["complete", "abort"]) made.addEventListener(end, () => pending.delete(made));
    return made;
  };
};

/**
 * Waits until no counted work is pending and the frames after it are drawn.
 *
 * @param {import("puppeteer-core").Page} page one with `countWork`
 */
export const idle = (page) =>
  page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let quiet = 0;
    // Work may cause more of it, and is drawn by the second frame.
    while (quiet < 3) {
      await frame();
      quiet = globalThis.pendingWork.size === 0 ? quiet + 1 : 0;
    }
  });
