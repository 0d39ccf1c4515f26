// The live source: its place in the bar above every page, and its notice.
import { PageObject } from "./page.mjs";

export class SourceStatus extends PageObject {
  /** Waits until the source's button says this, such as `sessions, live`. */
  is(words) {
    return this.until((words) => document.querySelector("details.source > summary")?.ariaLabel === words, words);
  }

  /** Opens its menu, and returns what the menu says. */
  async says() {
    const summary = await this.page.waitForSelector("details.source > summary");
    if (!(await summary.evaluate((e) => e.parentElement.open))) await this.press("details.source > summary");
    const words = await this.page.waitForSelector(".source-panel p", { visible: true });
    return words.evaluate((e) => e.innerText);
  }

  /** Returns the words of the notice, once it is there. */
  notice() {
    return this.text("region", "Connection");
  }

  /** Waits until there is no notice. */
  connected() {
    return this.until(() => document.querySelector("section[aria-label='Connection']") === null);
  }
}
