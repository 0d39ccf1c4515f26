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

  /** Opens a menu of the bar above the list. */
  async menu(name) {
    const inMenu = { within: "details.menu", starts: true };
    const summary = await this.find("disclosure", name, inMenu);
    if (!(await summary.evaluate((e) => e.parentElement.open))) await this.click("disclosure", name, inMenu);
  }

  /** Toggles a check box of a filter's menu. */
  async filter(menu, choice) {
    await this.menu(menu);
    await this.click("checkbox", choice);
  }

  /** Shows a column, or hides it. */
  async column(name) {
    await this.filter("Columns", name);
    await this.page.keyboard.press("Escape");
  }

  /** Returns the headings of the visible columns. */
  columns() {
    return this.page.$$eval("thead th .sort", (heads) => heads.filter((head) => head.checkVisibility()).map((head) => head.innerText));
  }

  /** Waits until these columns are visible, and these are not. */
  showsColumns(shown, hidden) {
    return this.until(
      (shown, hidden) => {
        const heads = [...document.querySelectorAll("thead th .sort")].filter((head) => head.checkVisibility()).map((head) => head.innerText);
        return shown.every((name) => heads.includes(name)) && !hidden.some((name) => heads.includes(name));
      },
      shown,
      hidden,
    );
  }

  /** Returns the text of a session's cell by its heading. */
  cell(id, heading) {
    return this.page.evaluate(
      (id, heading) => {
        const heads = [...document.querySelectorAll("thead th")];
        const at = heads.findIndex((head) => head.innerText === heading);
        const row = [...document.querySelectorAll("tbody tr")].find((row) => row.dataset.session === id);
        return row?.cells[at]?.innerText.replace(/\s+/g, " ").trim();
      },
      id,
      heading,
    );
  }

  /** Waits until a session's cell has this text, or one that matches. */
  cellIs(id, heading, words) {
    return this.until(
      (id, heading, words, source) => {
        const at = [...document.querySelectorAll("thead th")].findIndex((head) => head.innerText === heading);
        const row = [...document.querySelectorAll("tbody tr")].find((row) => row.dataset.session === id);
        const text = row?.cells[at]?.innerText.replace(/\s+/g, " ").trim();
        return text !== undefined && (source === null ? text === words : new RegExp(source, "u").test(text));
      },
      id,
      heading,
      words instanceof RegExp ? null : words,
      words instanceof RegExp ? words.source : null,
    );
  }

  /** Waits until these sessions are the first rows, of as many as they are or of `count`. */
  orderIs(ids, count = ids.length) {
    return this.until(
      (ids, count) => {
        const shown = [...document.querySelectorAll("tbody tr[data-session]")].map((row) => row.dataset.session);
        const rows = document.querySelector("table.sessions")?.getAttribute("aria-rowcount");
        return rows === String(count + 1) && JSON.stringify(shown.slice(0, ids.length)) === JSON.stringify(ids);
      },
      ids,
      count,
    );
  }

  /** Waits until a filter's option is described by this number of sessions. */
  async counts(option, number) {
    const words = `${number} ${number === 1 ? "session" : "sessions"}`;
    await this.until(
      (option, words) => {
        const named = [...document.querySelectorAll(".filters button, .filters .menu-item")].find(
          (element) => (element.querySelector("bdi, span:not([aria-hidden])") ?? element.firstChild).textContent.trim() === option,
        );
        const described = named?.querySelector("input") ?? named;
        return described?.getAttribute("aria-description") === words;
      },
      option,
      words,
    );
  }

  /** Waits for the session beside the list, by its topic; none without one. */
  beside(topic) {
    return this.until((topic) => (document.querySelector(".split-detail h1")?.innerText ?? null) === topic, topic ?? null);
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
