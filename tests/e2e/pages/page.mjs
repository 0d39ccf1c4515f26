// Base of all page objects: finds elements by role and accessible name, as users do, never by class or position.
import { Puppeteer } from "puppeteer-core";

import { press } from "../support/press.mjs";

export class PageObject {
  /** @param {import("puppeteer-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * Waits for the element of this role and accessible name.
   *
   * @param {string} role
   * @param {string} [name]
   * @returns {Promise<import("puppeteer-core").ElementHandle<Element>>}
   */
  find(role, name) {
    return this.explained(this.page.waitForSelector(byRole(role, name)), `no ${role} ${name ?? ""}`);
  }

  /** Returns true if an element of this role and name exists now. */
  async has(role, name) {
    return (await this.page.$(byRole(role, name))) !== null;
  }

  /** Clicks it once it exists, is in view and stable. */
  click(role, name) {
    return this.explained(press(this.page, this.page.locator(byRole(role, name))), `no ${role} ${name ?? ""} to click`);
  }

  /** Fills a field. */
  fill(role, name, text) {
    return this.explained(this.page.locator(byRole(role, name)).fill(text), `no ${role} ${name ?? ""} to fill`);
  }

  /** Returns the visible text of the element. */
  async text(role, name) {
    const element = await this.find(role, name);
    return element.evaluate((e) => e.innerText);
  }

  /**
   * Waits for a condition in the page.
   *
   * @param {Function} condition runs in the page
   * @param {...unknown} args
   */
  until(condition, ...args) {
    return this.explained(this.page.waitForFunction(condition, {}, ...args), `not met: ${condition} with ${JSON.stringify(args)}`);
  }

  /** Waits for an action; if it fails, the error says what was expected and what the page shows. */
  async explained(action, expected) {
    // The browser's error has no lines of the test.
    const { stack } = new Error();
    try {
      return await action;
    } catch (error) {
      const shown = await this.page.evaluate(() => `${location.href}\n${document.body.innerText}`).catch(() => "nothing");
      error.message = `${error.message}\n${expected}\nThe page shows:\n${shown.slice(0, 3000)}`;
      error.stack = `${error.message}\n${stack}`;
      throw error;
    }
  }
}

const byRole = (role, name) => `role/${JSON.stringify({ role, name })}`;

/**
 * Finds by role and name in the page itself. The browsers' own way (`::-p-aria`) takes Firefox two seconds each time.
 */
Puppeteer.registerCustomQueryHandler("role", {
  queryAll(root, selector) {
    const SELECTORS = {
      alert: "[role=alert]",
      button: "button",
      checkbox: "input[type=checkbox]",
      combobox: "select, [role=combobox]",
      heading: "h1, h2, h3",
      link: "a[href]",
      main: "main",
      navigation: "nav",
      radio: "input[type=radio]",
      group: "[role=group], fieldset",
      region: "section[aria-label], section[aria-labelledby], [role=region]",
      searchbox: "input[type=search]",
      status: "[role=status]",
      textbox: "input[type=text], textarea",
    };
    const words = (element) => {
      const copy = element.cloneNode(true);
      for (const hidden of copy.querySelectorAll("[aria-hidden=true]")) hidden.remove();
      return copy.textContent.replace(/\s+/g, " ").trim();
    };
    const name = (element) => {
      const label = element.getAttribute("aria-label");
      if (label !== null) return label;
      const by = element.getAttribute("aria-labelledby");
      if (by !== null) return words(document.getElementById(by));
      return words(element.labels?.[0] ?? element);
    };
    const wanted = JSON.parse(selector);
    const all = [...root.querySelectorAll(SELECTORS[wanted.role] ?? `[role=${wanted.role}]`)];
    return all.filter(
      (element) =>
        // The placeholder before the app's start does not count.
        element.closest("#start") === null && element.checkVisibility() && (wanted.name === undefined || name(element) === wanted.name),
    );
  },
});
