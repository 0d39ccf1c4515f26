// What every page object is built on: finding things as people who use the page do, by what they
// are (role) and what they are called (name), never by class or position.

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
    return this.page.waitForSelector(aria(role, name));
  }

  /** Whether an element of this role and name is there now. */
  async has(role, name) {
    return (await this.page.$(aria(role, name))) !== null;
  }

  /** Clicks it once it is there, in view and still. */
  click(role, name) {
    return this.page.locator(aria(role, name)).click();
  }

  /** Puts a text into a field. */
  fill(role, name, text) {
    return this.page.locator(aria(role, name)).fill(text);
  }

  /** The text of the element as it is seen. */
  async text(role, name) {
    const element = await this.find(role, name);
    return element.evaluate((e) => e.innerText);
  }

  /**
   * Waits until something holds in the page.
   *
   * @param {Function} condition runs in the page
   * @param {...unknown} args
   */
  until(condition, ...args) {
    return this.page.waitForFunction(condition, {}, ...args);
  }
}

function aria(role, name) {
  const quoted = (text) => `"${text.replaceAll('"', '\\"')}"`;
  const byName = name === undefined ? "" : `[name=${quoted(name)}]`;
  return `::-p-aria(${byName}[role=${quoted(role)}])`;
}
