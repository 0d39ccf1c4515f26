// What will be handed back.
import { PageObject } from "./page.mjs";

export class ChangesPage extends PageObject {
  /** The changed files, once there are this many. */
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
}
