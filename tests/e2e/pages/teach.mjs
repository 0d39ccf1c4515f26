// The page on which a shape is taught.
import { press } from "../support/press.mjs";
import { PageObject } from "./page.mjs";

export class TeachPage extends PageObject {
  /** Number of clicks so far. */
  clicks = 0;

  /** Opens the page for an imported file. */
  async open(path) {
    await this.visit(`#/teach/${encodeURIComponent(path)}`);
    await this.until((path) => document.querySelector(".teach-file .path")?.innerText === path, path);
    this.clicks = 0;
  }

  async #press(role, name) {
    await this.click(role, name);
    this.clicks += 1;
  }

  /** Says what a value means, such as `light: green`. */
  async point(value, meaning) {
    await this.#press("button", value);
    await this.#press("menuitemradio", meaning);
    await this.until((tag) => [...document.querySelectorAll(".teach-tag")].some((e) => e.textContent.endsWith(tag)), meaning);
  }

  /** Says what a word of a status means. */
  async word(word, status) {
    await press(this.page, this.page.locator(`fieldset[aria-label=${JSON.stringify(word)}] ::-p-text(${status})`));
    this.clicks += 1;
  }

  /** Returns the status that is set for a word, if any. */
  async meaningOf(word) {
    const group = await this.find("group", word);
    return group.evaluate((e) => e.querySelector("input:checked")?.parentElement.innerText.trim());
  }

  async listsEveryStage() {
    await this.#press("checkbox", "Every stage is listed in the file");
  }

  async save() {
    await this.#press("button", "Save shape");
    await this.until(() => document.querySelector(".teach-kept") !== null);
  }

  /** Returns the text of the preview once it has these words. */
  async preview(...words) {
    await this.until(
      (words) => {
        const text = document.querySelector("[aria-labelledby=teach-preview]")?.innerText.replace(/\s+/g, " ") ?? "";
        return words.every((word) => text.includes(word));
      },
      words,
    );
    const region = await this.find("region", "The session as it will be listed");
    return region.evaluate((e) => e.innerText);
  }

  /** Returns the sessions of other pipelines in the list by their topics, once there are this many. */
  async listed(count) {
    // A narrower list has no room for the budgets.
    await this.page.setViewport({ width: 1440, height: 900 });
    await this.visit("#/sessions");
    await this.until((count) => document.querySelectorAll("tbody tr[data-imported]").length === count, count);
    const rows = await this.page.$$eval("tbody tr[data-imported]", (rows) =>
      rows.map((row) => {
        const text = (column) => row.querySelector(column).innerText.replace(/\s+/g, " ").trim();
        return [
          row.querySelector("bdi").innerText,
          { state: text(".col-state"), episode: text(".col-episode"), progress: text(".strip-percent"), cost: text(".col-cost") },
        ];
      }),
    );
    return Object.fromEntries(rows.sort(([a], [b]) => a.localeCompare(b)));
  }
}
