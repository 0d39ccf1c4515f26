// The page with all sessions on one time axis, and what it shares with a session's own timeline.
import { PageObject } from "./page.mjs";

export class TimelinePage extends PageObject {
  /** Returns the titles of the rendered rows, once there are this many in all. */
  async rows(count) {
    await this.until(
      (count) => {
        const row = document.querySelector(".work-list li");
        return (count === 0 && !row) || row?.ariaSetSize === String(count);
      },
      count,
    );
    return this.page.$$eval(".work-title", (titles) => titles.map((title) => title.innerText));
  }

  /** Returns the bars of the rendered rows: row, colour, label, class and width. */
  bars() {
    return this.page.$$eval(".work-list .bar", (bars) =>
      bars.map((bar) => ({
        row: Number(bar.closest(".work-row").dataset.row),
        state: bar.dataset.state,
        count: Number(bar.dataset.count),
        words: bar.querySelector("text")?.textContent ?? "",
        dim: bar.classList.contains("bar-dim"),
        width: bar.querySelector(".bar-body").getBoundingClientRect().width,
      })),
    );
  }

  /** Chooses how rows are made, or the range of time. */
  async choose(label) {
    const radio = await this.find("radio", label);
    await radio.evaluate((input) => input.click());
  }

  /** Searches the timeline, and waits for these words about the matches. */
  async search(text, words) {
    await this.fill("searchbox", "Search the timeline", text);
    await this.found(words);
  }

  /** Waits for these words about the matches. */
  found(words) {
    return this.until((words) => document.querySelector(".timeline-found")?.innerText === words, words);
  }

  /** Waits until the details of the hovered or selected bar match. */
  details(pattern) {
    return this.until(
      (source) => new RegExp(source).test(document.querySelector(".timeline-details")?.innerText.replace(/\s+/g, " ")),
      pattern.source,
    );
  }

  /** Returns the dates above the axis. */
  dates() {
    return this.page.$$eval(".tick-date", (dates) => dates.map((date) => date.textContent));
  }

  /** Returns the labels of folded gaps. */
  breaks() {
    return this.page.$$eval(".break-label", (labels) => labels.map((label) => label.textContent));
  }

  /** Returns the label of the present. */
  now() {
    return this.page.$eval(".now text", (text) => text.textContent);
  }
}
