// What became of every file.
import { PageObject } from "./page.mjs";

export class ImportPage extends PageObject {
  /** The files that are shown, each as its words. */
  async files(count) {
    await this.until(
      (count) => document.querySelectorAll(".fate-row").length === count,
      count,
    );
    return this.page.$$eval(".fate-row", (rows) =>
      rows.map((row) => [...row.children].map((part) => part.innerText).filter(Boolean)),
    );
  }

  /** Shows the files of one kind only. */
  async show(kind) {
    const group = await this.find("group", "Show");
    for (const button of await group.$$("button")) {
      if ((await button.evaluate((e) => e.innerText)).startsWith(kind)) return button.click();
    }
    throw new Error(`No file is ${kind}.`);
  }
}
