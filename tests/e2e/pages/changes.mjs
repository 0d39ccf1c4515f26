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

  /** The commit message, once it is that of all changes. */
  async message() {
    await this.until(() => document.querySelector("#export-message")?.ariaBusy === "false" && document.querySelector("#export-message").value !== "");
    return this.page.$eval("#export-message", (field) => field.value);
  }

  /** Returns how many files of how many were viewed, once it is so. */
  viewed(words) {
    return this.until((words) => document.querySelector(".viewed-count")?.innerText === words, words);
  }

  /** Returns the names of the files whose lines are shown, once there are this many. */
  async open(count) {
    await this.until((count) => document.querySelectorAll("main section[data-session] .diff").length === count, count);
    return this.page.$$eval("main section[data-session]:has(.diff)", (sections) => sections.map((section) => section.ariaLabel));
  }

  /** Returns the sentence, the commit message and the paths of the last export, once its message is known. */
  async exported() {
    const notice = await this.find("region", "Exported");
    await this.until(() => document.querySelector(".exported pre.message") !== null);
    return notice.evaluate((notice) => ({
      sentence: notice.querySelector("p").innerText,
      message: notice.querySelector("pre").textContent,
      isOpen: notice.querySelector("details").open,
      paths: [...notice.querySelectorAll("li bdi")].map((path) => path.textContent),
    }));
  }

  /** Returns the words that are marked inside changed lines. */
  words() {
    return this.page.$$eval("main .diff-word", (marks) => marks.map((mark) => mark.textContent));
  }

  /** Selects Unified or Split. */
  async layout(name) {
    await this.press(`.segments ::-p-text(${name})`);
    await this.until(
      (split) => (document.querySelector("main .diff-split") !== null) === split,
      name === "Split",
    );
  }
}
