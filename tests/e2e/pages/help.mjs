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

  /** Returns the changes of the undo history: words, session, and the name of the button. */
  async changes(count) {
    const panel = await this.find("region", "Undo history");
    await this.until((count) => document.querySelectorAll("#history-panel li").length === count, count);
    return panel.$$eval("li", (rows) =>
      rows.map((row) => [
        row.querySelector(".change-label").innerText,
        row.querySelector("a").innerText,
        row.querySelector("button span").innerText,
      ]),
    );
  }
}
