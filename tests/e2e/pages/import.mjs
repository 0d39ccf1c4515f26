// The import page.
import { PageObject } from "./page.mjs";

export class ImportPage extends PageObject {
  /** Returns the text of each listed file. */
  async files(count) {
    await this.until(
      (count) => document.querySelectorAll(".import-row").length === count,
      count,
    );
    return this.page.$$eval(".import-row", (rows) =>
      rows.map((row) => [...row.children].map((part) => part.innerText).filter(Boolean)),
    );
  }

  /** Returns the headings of the groups, each with its number of files and its reason, and true if its files are shown. */
  groups() {
    return this.page.$$eval(".import-fold", (folds) =>
      folds.map((fold) => [fold.innerText.replace(/\s+/g, " ").trim(), fold.ariaExpanded === "true"]),
    );
  }

  /** Filters the files by result. */
  async show(kind) {
    await this.click("button", kind, { within: "[role=group][aria-label=Show]", starts: true });
  }
}
