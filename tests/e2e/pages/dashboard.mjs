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
        kind: row.dataset.kind,
        topic: row.querySelector(".row-link").innerText,
        why: row.querySelector(".need-why").innerText,
        when: row.querySelector(".need-when").innerText,
        action: row.querySelector(".need-action button")?.innerText ?? null,
      })),
    );
    return rows.map((row) => ({ ...row, why: tidy(row.why) }));
  }

  /** Returns the groups of sessions that need attention for one reason, once there are this many. */
  async groups(count) {
    await this.until((count) => document.querySelectorAll(".need-group").length === count, count);
    const rows = await this.page.$$eval(".need-group", (rows) =>
      rows.map((row) => ({
        kind: row.dataset.kind,
        title: row.querySelector(".need-fold").innerText,
        when: row.querySelector(".need-when").innerText,
        action: row.querySelector(".need-action button")?.innerText ?? null,
      })),
    );
    return rows.map((row) => ({ ...row, title: tidy(row.title) }));
  }

  /** Shows or hides the sessions of a group of this kind. */
  async toggleGroup(kind) {
    await this.press(`.need-group[data-kind="${kind}"] .need-fold`);
  }

  /** Clicks the action on a group of this kind. */
  async actOnGroup(kind) {
    await this.press(`.need-group[data-kind="${kind}"] .need-head .need-action button`);
  }

  /** Returns the figures of the month's costs by name, with their notes. */
  async month() {
    const panel = await this.find("region", "Cost this month");
    return panel.evaluate((panel) =>
      Object.fromEntries(
        [...panel.querySelectorAll(".fact")].map((fact) =>
          [fact.querySelector("dt"), fact.querySelector("dd")].map((part) => part.innerText.replace(/\s+/g, " ").trim()),
        ),
      ),
    );
  }

  /** Waits until a figure of the month's costs matches. */
  async monthSays(name, pattern) {
    await this.until(
      (name, source) =>
        [...document.querySelectorAll(".cost-month .fact")].some(
          (fact) =>
            fact.querySelector("dt").innerText === name &&
            new RegExp(source, "u").test(fact.querySelector("dd").innerText.replace(/\s+/g, " ").trim()),
        ),
      name,
      pattern.source,
    );
  }

  /** Returns the next completions, and the numbers of sessions that are due, once as many are named. */
  async completions(count) {
    await this.until((count) => document.querySelectorAll(".completions > li").length === count, count);
    const panel = await this.find("region", "Next completions");
    return panel.evaluate((panel) => ({
      due: [...panel.querySelectorAll(".due-count")].map((link) => [link.innerText.trim(), link.getAttribute("href")]),
      next: [...panel.querySelectorAll(".completions > li")].map((row) => row.innerText.replace(/\s+/g, " ").trim()),
    }));
  }

  /** Waits until a chart's legend has these words. */
  legendIs(name, words) {
    return this.until(
      (name, words) => {
        const keys = [...document.querySelectorAll(`.chart-${name} .chart-key`)].map((key) => key.innerText.replace(/\s+/g, " ").trim());
        return JSON.stringify(keys) === JSON.stringify(words);
      },
      name,
      words,
    );
  }

  /** Clicks the action in this session's row. */
  async act(id) {
    await this.press(`.need[data-session="${id}"] .need-action button`);
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
