// The dashboard.
import { PageObject } from "./page.mjs";

const tidy = (text) => text.replace(/\s+/g, " ").trim();

export class DashboardPage extends PageObject {
  /** The six figures by their names, once this many sessions have been read. */
  async figures(sessions) {
    await this.until(
      (sessions) => document.querySelector(".figure-of")?.innerText === `of ${sessions} loaded`,
      sessions,
    );
    const pairs = await this.page.$$eval(".figure", (tiles) =>
      tiles.map((tile) => [...tile.children].map((part) => part.innerText)),
    );
    return Object.fromEntries(pairs.map(([name, value, of]) => [name, { value, of }]));
  }

  /** What needs somebody, once there are this many rows. */
  async needs(count) {
    await this.until((count) => document.querySelectorAll(".need").length === count, count);
    const rows = await this.page.$$eval(".need", (rows) =>
      rows.map((row) => ({
        id: row.dataset.session,
        health: row.dataset.health,
        topic: row.querySelector(".row-link").innerText,
        why: row.querySelector(".need-why").innerText,
        action: row.querySelector(".need-action button")?.innerText ?? null,
      })),
    );
    return rows.map((row) => ({ ...row, why: tidy(row.why) }));
  }

  /** Presses the action of the row of this session. */
  async act(id) {
    await this.page.locator(`.need[data-session="${id}"] .need-action button`).click();
  }

  /** What a chart says of the mark that its cursor is at. */
  async reads(chart) {
    const plot = await this.find("slider", chart);
    return plot.evaluate((element) => element.getAttribute("aria-valuetext"));
  }

  /** Waits until a chart says something like this. */
  async says(chart, pattern) {
    await this.until(
      (chart, source) =>
        new RegExp(source, "u").test(
          document.querySelector(`[role=slider][aria-label="${chart}"]`)?.getAttribute("aria-valuetext"),
        ),
      chart,
      pattern.source,
    );
  }

  /** Chooses how much of the past the trends show. */
  async range(name) {
    const radio = await this.find("radio", name);
    await radio.evaluate((input) => input.click());
  }

  /** Puts the keyboard's focus on a chart. */
  async focus(chart) {
    const plot = await this.find("slider", chart);
    await plot.focus();
  }

  /** Shows a chart as its table, and gives the table's cells. */
  async table(chart) {
    await this.click("button", `${chart} as a table`);
    const region = await this.find("region", `${chart}, figures`);
    return region.evaluate((element) =>
      [...element.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.innerText)),
    );
  }
}
