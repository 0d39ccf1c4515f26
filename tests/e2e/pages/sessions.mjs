// The session list.
import { PageObject } from "./page.mjs";

export class SessionsPage extends PageObject {
  /** Returns the texts of the rows, once there are this many. */
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

  /** Returns the ids of the rendered rows, once the list has this many rows (or any number). */
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

  /** Toggles a check box of a filter's menu. */
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

  /** Returns what a change of other sessions must leave alone: the scroll position, the focus and the number of selected rows. */
  place() {
    return this.page.evaluate(() => [
      document.querySelector("main").scrollTop,
      document.activeElement.innerText,
      document.querySelectorAll("tbody input:checked").length,
    ]);
  }

  /** Selects the session of this topic. */
  select(topic) {
    return this.click("checkbox", `Select ${topic}`);
  }

  /** Returns each session's result once the panel of this name is there: title and text. */
  async verdicts(panel) {
    const region = await this.find("region", panel);
    return region.$$eval(".bulk-result", (rows) =>
      rows.map((row) => ({
        title: row.querySelector("a").innerText,
        words: row.querySelector(".bulk-result-text").innerText,
        refused: row.classList.contains("bulk-result-refused"),
      })),
    );
  }

  search(text) {
    return this.fill("searchbox", "Search sessions", text);
  }
}
