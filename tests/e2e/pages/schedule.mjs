// The schedule: sessions by week and day.
import { PageObject } from "./page.mjs";

export class SchedulePage extends PageObject {
  /** Opens the page, and waits for its week. */
  async open() {
    await this.visit("#/schedule");
    await this.find("heading", "Schedule");
    await this.page.waitForSelector(".schedule-week");
  }

  /** Returns the cards of a panel ("Past due", "No due date") or of a day ("2026-12-05"), as title and words. */
  cards(where) {
    return this.page.evaluate((where) => {
      const text = (element) => element.innerText.replace(/\s+/g, " ").trim();
      const panels = [...document.querySelectorAll(".schedule .panel")];
      const place = /^\d/.test(where)
        ? document.querySelector(`.schedule-day[data-date="${where}"]`)
        : panels.find((panel) => text(panel.querySelector("h2")) === where);
      const cards = place ? [...place.querySelectorAll(".schedule-card")] : [];
      return cards.map((card) => ({
        title: text(card.querySelector(".schedule-topic")),
        words: text(card.querySelector(".schedule-how")),
      }));
    }, where);
  }

  /** Waits until these titles are in a panel or on a day. */
  titlesAre(where, titles) {
    return this.until(
      (where, titles) => {
        const text = (element) => element.innerText.replace(/\s+/g, " ").trim();
        const panels = [...document.querySelectorAll(".schedule .panel")];
        const place = /^\d/.test(where)
          ? document.querySelector(`.schedule-day[data-date="${where}"]`)
          : panels.find((panel) => text(panel.querySelector("h2")) === where);
        const found = place ? [...place.querySelectorAll(".schedule-topic")].map(text) : [];
        return JSON.stringify(found) === JSON.stringify(titles);
      },
      where,
      titles,
    );
  }

  /** Focuses a session's card. */
  async focus(title) {
    await this.until((title) => {
      const text = (element) => element.innerText.replace(/\s+/g, " ").trim();
      const link = [...document.querySelectorAll(".schedule-topic")].find((link) => text(link) === title);
      link?.focus();
      return document.activeElement === link;
    }, title);
  }

  /** Waits until a session's card has the focus. */
  focusIs(title) {
    return this.until((title) => document.activeElement?.innerText.replace(/\s+/g, " ").trim() === title, title);
  }

  /** Sets the date in a field, as a date picker does. */
  async setDate(label, date) {
    const field = await this.page.waitForSelector(`input[type=date][aria-label=${JSON.stringify(label)}]`);
    await field.evaluate((field, date) => {
      field.focus();
      field.value = date;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, date);
    await this.page.keyboard.press("Enter");
  }
}
