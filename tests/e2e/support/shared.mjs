// A browser that several suites share, one after another.

/** Launches a browser for the first borrower, and closes it when all reservations are returned. */
export class SharedBrowser {
  #launch;
  #browser;
  #reserved = 0;

  /** @param {() => Promise<import("puppeteer-core").Browser>} launch */
  constructor(launch) {
    this.#launch = launch;
  }

  reserve() {
    this.#reserved += 1;
  }

  /** Returns the browser; a new one if it has crashed. */
  async borrow() {
    if (!this.#browser?.connected) this.#browser = await this.#launch();
    return this.#browser;
  }

  async giveBack() {
    this.#reserved -= 1;
    if (this.#reserved > 0) return;
    const browser = this.#browser;
    this.#browser = undefined;
    await browser?.close();
  }
}
