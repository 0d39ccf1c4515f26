// The dashboard.
import { PageObject } from "./page.mjs";

const tidy = (text) => text.replace(/\s+/g, " ").trim();

export class DashboardPage extends PageObject {
  /** Returns the six figures by name, once this many sessions are loaded. */
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

  /** Returns the rows that need attention, once there are this many. */
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

  /** Clicks the action in this session's row. */
  async act(id) {
    await this.page.locator(`.need[data-session="${id}"] .need-action button`).click();
  }

  /** Returns the readout of a chart at its cursor. */
  async reads(chart) {
    const plot = await this.find("slider", chart);
    return plot.evaluate((element) => element.getAttribute("aria-valuetext"));
  }

  /** Waits for a chart's readout to match. */
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

  /** Selects the range of the trends. */
  async range(name) {
    const radio = await this.find("radio", name);
    await radio.evaluate((input) => input.click());
  }

  /** Focuses a chart. */
  async focus(chart) {
    const plot = await this.find("slider", chart);
    await plot.focus();
  }

  /** Shows a chart as its table, and returns the table's cells. */
  async table(chart) {
    await this.click("button", `${chart} as table`);
    const region = await this.find("region", `${chart}, figures`);
    return region.evaluate((element) =>
      [...element.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.innerText)),
    );
  }
}
