// The list of sessions.
import { PageObject } from "./page.mjs";

export class SessionsPage extends PageObject {
  /** The texts of the rows, once there are this many. */
  async rows(count) {
    await this.until(
      (count) => document.querySelectorAll("tbody tr[data-session]").length === count,
      count,
    );
    return this.page.$$eval("tbody tr[data-session]", (rows) =>
      rows.map((row) => ({
        id: row.dataset.session,
        cells: [...row.cells].map((cell) => cell.innerText.replace(/\s+/g, " ").trim()),
        changed: row.innerText.includes("edited"),
      })),
    );
  }

  /** Opens the session of this topic. */
  open(topic) {
    return this.click("link", topic);
  }

  /** The ids of the rows on the page, once the list has this many (of any, on the page or not). */
  async ids(count) {
    await this.until(
      (count) => Number(document.querySelector("table.sessions")?.ariaRowCount ?? document.querySelector("table.sessions")?.getAttribute("aria-rowcount")) === count + 1,
      count,
    );
    await this.until(
      (count) => {
        const rows = document.querySelectorAll("tbody tr[aria-rowindex]").length;
        return count === 0 ? rows === 0 : rows > 0;
      },
      count,
    );
    return this.page.$$eval("tbody tr[data-session]", (rows) => rows.map((row) => row.dataset.session));
  }

  /** Ticks or unticks a box of one of the filters' menus. */
  async filter(menu, choice) {
    const summaries = await this.page.$$("details.menu > summary");
    for (const summary of summaries) {
      if (!(await summary.evaluate((e) => e.innerText)).startsWith(menu)) continue;
      if (!(await summary.evaluate((e) => e.parentElement.open))) await summary.click();
      await this.click("checkbox", choice);
      return;
    }
    throw new Error(`There is no filter ${menu}.`);
  }

  /** Selects the session of this topic. */
  select(topic) {
    return this.click("checkbox", `Select ${topic}`);
  }

  /** What becomes of each session, once the panel of this name says it: title and words. */
  async verdicts(panel) {
    const region = await this.find("region", panel);
    return region.$$eval(".verdict", (rows) =>
      rows.map((row) => ({
        title: row.querySelector("a").innerText,
        words: row.querySelector(".verdict-words").innerText,
        refused: row.classList.contains("verdict-refused"),
      })),
    );
  }

  search(text) {
    return this.fill("searchbox", "Search sessions", text);
  }
}
