// Base of all page objects: finds elements by role and accessible name, as users do, never by class or position.
import { Puppeteer } from "puppeteer-core";

import { hover, press, tap } from "../support/press.mjs";

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
   * @param {Where} [where]
   * @returns {Promise<import("puppeteer-core").ElementHandle<Element>>}
   */
  find(role, name, where) {
    return this.explained(this.page.waitForSelector(byRole(role, name, where)), `no ${role} ${name ?? ""}`);
  }

  /** Returns true if an element of this role and name exists now. */
  async has(role, name, where) {
    return (await this.page.$(byRole(role, name, where))) !== null;
  }

  /** Clicks it once it exists, is in view and stable. */
  click(role, name, where) {
    return this.explained(press(this.page, this.page.locator(byRole(role, name, where))), `no ${role} ${name ?? ""} to click`);
  }

  /** Clicks the first match of a selector once it is in view and stable, where no role and name tell it. */
  press(selector) {
    return this.explained(press(this.page, this.page.locator(selector)), `no ${selector} to click`);
  }

  /** Taps the first match of a selector once it is in view and stable. */
  tap(selector) {
    return this.explained(tap(this.page, this.page.locator(selector)), `no ${selector} to tap`);
  }

  /** Moves the pointer onto the first match of a selector. */
  hover(selector) {
    return this.explained(hover(this.page, this.page.locator(selector)), `no ${selector} to hover`);
  }

  /**
   * Goes to an address of the app, such as `#/sessions?state=FAILED`, and waits until the app has heard of it: the page
   * before may fulfil what a test waits for next.
   */
  async visit(hash) {
    await this.page.evaluate(
      (hash) =>
        new Promise((done) => {
          const before = location.href;
          addEventListener("hashchange", () => setTimeout(done, 0), { once: true });
          location.hash = hash;
          if (location.href === before) done();
        }),
      hash,
    );
  }

  /** Focuses the first match of a selector once it exists. */
  async focus(selector) {
    await this.explained(this.page.waitForSelector(selector, { visible: true }), `no ${selector} to focus`);
    await this.page.focus(selector);
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

/**
 * @typedef {object} Where how else an element is told
 * @property {boolean} [starts] true if its name may go on after the given one, such as with a number
 * @property {string} [within] selector of an element around it
 */

const byRole = (role, name, where) => `role/${JSON.stringify({ role, name, ...where })}`;

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
      disclosure: "summary",
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
    const isNamed = (name) => (wanted.starts ? name.startsWith(wanted.name) : name === wanted.name);
    const all = [...root.querySelectorAll(SELECTORS[wanted.role] ?? `[role=${wanted.role}]`)];
    return all.filter(
      (element) =>
        // The placeholder before the app's start does not count.
        element.closest("#start") === null &&
        element.checkVisibility() &&
        (wanted.within === undefined || element.closest(wanted.within) !== null) &&
        (wanted.name === undefined || isNamed(name(element))),
    );
  },
});
