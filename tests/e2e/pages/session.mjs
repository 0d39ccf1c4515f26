// One session's page.
import { PageObject } from "./page.mjs";

export class SessionPage extends PageObject {
  /** Waits until the page of this topic is there. */
  shown(topic) {
    return this.find("heading", topic);
  }

  /** The transitions: name, whether allowed, and the reason where not. */
  async transitions() {
    await this.find("heading", "Next");
    return this.page.$$eval(".transition", (items) =>
      Object.fromEntries(
        items.map((item) => {
          const button = item.querySelector("button");
          const why = document.getElementById(button.getAttribute("aria-describedby"));
          return [
            button.innerText.trim(),
            { allowed: button.ariaDisabled !== "true", why: why?.innerText ?? null },
          ];
        }),
      ),
    );
  }

  /** Opens a transition's form and fills it in, by the fields' labels. */
  async fillIn(transition, fields = {}) {
    await this.click("button", transition);
    for (const [label, text] of Object.entries(fields)) await this.fill("textbox", label, text);
  }

  /** The lines that the open form says will change: `+…` and `−…`. */
  async preview() {
    await this.find("region", "Lines that will change");
    return this.page.$$eval(".preview .diff-gone, .preview .diff-come", (rows) =>
      rows.map((row) => {
        const text = row.querySelector(".diff-text").cloneNode(true);
        text.querySelector(".sr-only").remove();
        return row.querySelector(".diff-sign").innerText + text.textContent;
      }),
    );
  }

  apply() {
    return this.click("button", "Apply");
  }

  /** A fact of the head, such as State or Progress. */
  fact(name) {
    return this.page.$$eval(
      ".headline .fact",
      (facts, name) => {
        const fact = facts.find((fact) => fact.querySelector("dt").innerText === name);
        return fact?.querySelector("dd").innerText.replace(/\s+/g, " ").trim();
      },
      name,
    );
  }

  /** Waits until a fact of the head is this. */
  factIs(name, value) {
    return this.until(
      (name, value) => {
        const facts = [...document.querySelectorAll(".headline .fact")];
        const fact = facts.find((fact) => fact.querySelector("dt").innerText === name);
        return fact?.querySelector("dd").innerText.replace(/\s+/g, " ").trim() === value;
      },
      name,
      value,
    );
  }

  export() {
    return this.click("button", "Export");
  }

  undo() {
    return this.click("button", "Undo");
  }

  /** Opens a tab, and waits until its panel is there. */
  async tab(name) {
    const tabs = await this.find("tablist", "About this session");
    for (const tab of await tabs.$$("[role=tab]")) {
      if ((await tab.evaluate((e) => e.firstChild.data)) === name) {
        await tab.click();
        await this.until((id) => document.getElementById(id).ariaSelected === "true", await tab.evaluate((e) => e.id));
        return;
      }
    }
    throw new Error(`There is no tab ${name}.`);
  }

  /** What is offered to stand beside this session, once so many answer, offered or not. */
  async offered(words) {
    await this.until((words) => document.querySelector(".compare-told")?.innerText === words, words);
    return this.page.$$eval(".compare-answers [role=option] .palette-title", (titles) => titles.map((title) => title.innerText));
  }

  /** Takes what is offered by its title. */
  async setBeside(title) {
    for (const option of await this.page.$$(".compare-answers [role=option]")) {
      if ((await option.$eval(".palette-title", (e) => e.innerText)) === title) return option.click();
    }
    throw new Error(`${title} is not offered.`);
  }

  /** What Enter would set beside it, as a screen reader finds it. */
  pointedAt() {
    return this.page.evaluate(() => {
      const id = document.activeElement.getAttribute("aria-activedescendant");
      return document.getElementById(id)?.querySelector(".palette-title").innerText;
    });
  }

  /** The bars of the timeline: lane, colour, words and place. */
  async bars() {
    await this.page.waitForSelector(".timeline-svg .bar");
    return this.page.$$eval(".timeline-svg .bar", (bars) =>
      bars.map((bar) => ({
        lane: Number(bar.dataset.lane),
        state: bar.dataset.state,
        words: bar.querySelector("text")?.textContent ?? "",
        x: bar.querySelector(".bar-body").getBoundingClientRect().x,
        width: bar.querySelector(".bar-body").getBoundingClientRect().width,
      })),
    );
  }

  /** Puts the focus on the timeline. */
  async focusTimeline() {
    await this.page.focus(".timeline-track");
  }

  /** Chooses a way of the diagram, by its ends, and says what the page answers. */
  async way(ends) {
    await this.page.waitForSelector(`.way[aria-label^="${ends}:"]`);
    await this.page.$eval(`.way[aria-label^="${ends}:"]`, (way) => way.focus());
    return this.page.$eval(".diagram-answer", (answer) => answer.innerText.replace(/\s+/g, " "));
  }

  /** The lines of the text that are in the page, by their number. */
  lines() {
    return this.page.$$eval(".json-line", (lines) =>
      lines.map((line) => ({
        number: Number(line.querySelector(".json-number").innerText),
        text: line.querySelector(".json-code").textContent,
        changed: line.classList.contains("json-came"),
        target: line.classList.contains("json-target"),
      })),
    );
  }

  /** Puts a text into the field of the whole file. */
  async rewrite(change) {
    await this.click("button", "Edit the text");
    await this.write(change);
  }

  /** Changes the text of the file in the field that is open. */
  async write(change) {
    const field = await this.find("textbox", "Text of the file");
    const text = change(await field.evaluate((e) => e.value));
    await field.evaluate((e, text) => {
      e.value = text;
      e.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  }
}
