// The command palette.
import { PageObject } from "./page.mjs";

export class Palette extends PageObject {
  /** Opens it by its key. */
  async open() {
    const { keyboard } = this.page;
    await keyboard.down("Control");
    await keyboard.press("k");
    await keyboard.up("Control");
    await this.until(() => document.activeElement?.getAttribute("role") === "combobox");
  }

  /** Types, and waits for this first result. */
  async type(text, first) {
    await this.page.keyboard.type(text);
    await this.until(
      (first) => document.querySelector("[role=option] .palette-title")?.innerText === first,
      first,
    );
  }

  /** Returns the titles of the results. */
  answers() {
    return this.page.$$eval("[role=option] .palette-title", (titles) => titles.map((title) => title.innerText));
  }

  /** Returns the title that Enter would run, as a screen reader finds it. */
  active() {
    return this.page.evaluate(() => {
      const id = document.activeElement.getAttribute("aria-activedescendant");
      return document.getElementById(id)?.querySelector(".palette-title").innerText;
    });
  }

  /** Waits until it is closed. */
  async closed() {
    await this.until(() => document.querySelector("[role=dialog]") === null);
  }
}
