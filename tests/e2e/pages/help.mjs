// Help: the panel, the explanations in place, the tour and the undo history.
import { PageObject } from "./page.mjs";

export class Help extends PageObject {
  /** Returns the tip that explains the focused button. */
  async explanation() {
    await this.until(() => {
      const tip = document.querySelector("[role=tooltip]");
      return document.activeElement.getAttribute("aria-describedby") === tip.id && tip.checkVisibility();
    });
    return this.page.$eval("[role=tooltip]", (tip) => tip.innerText);
  }

  /** Waits for a step of the tour. */
  step(number, title) {
    return this.until(
      (count, title) => {
        const tour = document.querySelector("aside.tour");
        return tour?.innerText.includes(count) && tour.querySelector("h2").innerText === title;
      },
      `${number} of 5`,
      title,
    );
  }

  /** Waits until the undo history has this many changes. */
  async changes(count) {
    await this.find("region", "Undo history");
    await this.until((count) => document.querySelectorAll("#history-panel li").length === count, count);
  }

  /** Waits until these are the changes of the undo history: words, session, and the name of the button. */
  changesAre(changes) {
    return this.until((changes) => {
      const rows = [...document.querySelectorAll("#history-panel li")].map((row) =>
        [".change-label", "a", "button span"].map((part) => row.querySelector(part)?.innerText),
      );
      return JSON.stringify(rows) === JSON.stringify(changes);
    }, changes);
  }
}
