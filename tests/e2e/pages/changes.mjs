// The changes page.
import { PageObject } from "./page.mjs";

export class ChangesPage extends PageObject {
  /** Returns the changed files, once there are this many. */
  async files(count) {
    await this.find("heading", "Changes");
    await this.until(
      (count) => document.querySelectorAll("main section[data-session]").length === count,
      count,
    );
    return this.page.$$eval("main section[data-session]", (sections) =>
      sections.map((section) => ({
        name: section.getAttribute("aria-label"),
        tally: section.querySelector(".tally").ariaLabel,
      })),
    );
  }

  /** Returns the steps of each file, as sentences. */
  steps() {
    return this.page.$$eval("main section[data-session]", (sections) =>
      sections.map((section) => [...section.querySelectorAll("ol li")].map((item) => item.innerText)),
    );
  }

  /** The suggested commit message. */
  message() {
    return this.page.$eval("pre[aria-label='Suggested commit message']", (element) => element.textContent);
  }

  /** Returns the words that are marked inside changed lines. */
  words() {
    return this.page.$$eval("main .diff-word", (marks) => marks.map((mark) => mark.textContent));
  }

  /** Selects Unified or Split. */
  async layout(name) {
    await this.page.locator(`.segments ::-p-text(${name})`).click();
    await this.until(
      (split) => (document.querySelector("main .diff-split") !== null) === split,
      name === "Split",
    );
  }
}
