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

  search(text) {
    return this.fill("searchbox", "Search sessions", text);
  }
}
