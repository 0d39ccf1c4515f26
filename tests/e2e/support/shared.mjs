// A browser that several suites use one after another.

/** Launched for the first who borrows it, closed when all who reserved it have given it back. */
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

  /** The browser; another one where it has crashed since. */
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
