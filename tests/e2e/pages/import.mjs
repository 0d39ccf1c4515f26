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

  /** Filters the files by result. */
  async show(kind) {
    const group = await this.find("group", "Show");
    for (const button of await group.$$("button")) {
      if ((await button.evaluate((e) => e.innerText)).startsWith(kind)) return button.click();
    }
    throw new Error(`No file is ${kind}.`);
  }
}
