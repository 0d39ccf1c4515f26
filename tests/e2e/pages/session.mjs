// The page of one session.
import { press } from "../support/press.mjs";
import { PageObject } from "./page.mjs";

export class SessionPage extends PageObject {
  /** Waits for the page of this topic. */
  shown(topic) {
    return this.find("heading", topic);
  }

  /** Returns the transitions: name, whether allowed, and the reason if not. */
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

  /** Opens a transition's form and fills it in, by field label. */
  async fillIn(transition, fields = {}) {
    await this.click("button", transition);
    for (const [label, text] of Object.entries(fields)) await this.fill("textbox", label, text);
  }

  /** Returns the previewed lines of the open form: `+…` and `−…`. */
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

  /** Returns the errors shown at fields, by the id of the control. */
  fieldErrors() {
    return this.page.$$eval(".field-error", (errors) =>
      Object.fromEntries(errors.map((error) => [error.id.replace(/-error$/, ""), error.innerText])),
    );
  }

  /** Waits for the error shown at a field. */
  fieldErrorIs(control, words) {
    return this.until((id, words) => document.getElementById(id)?.innerText === words, `${control}-error`, words);
  }

  /** Sets the time of the open form's event, as `2024-08-11T14:30` in the zone in force. */
  async setTime(local) {
    if (await this.has("button", "Set time")) await this.click("button", "Set time");
    const field = await this.page.waitForSelector("#field-when");
    await field.evaluate((field, local) => {
      field.value = local;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, local);
  }

  /** Returns what the last evaluation asks for, in the header or the panel: its sentence, and the texts of each list. */
  async feedback(section) {
    const found = await this.find("region", section);
    return found.evaluate((section) => ({
      sentence: section.querySelector(".sent-back-line bdi").innerText,
      lists: Object.fromEntries(
        [...section.querySelectorAll(".notes")].map((notes) => [
          notes.querySelector(".notes-title").innerText,
          [...notes.querySelectorAll("li")].map((item) => item.innerText),
        ]),
      ),
    }));
  }

  /** Returns the label of the one main action of the panel. */
  async mainAction() {
    await this.find("heading", "Next");
    return this.page.$$eval(".actions .button-primary", (buttons) => buttons.map((button) => button.innerText.trim()));
  }

  /** Waits for the main action of the panel. */
  mainActionIs(label) {
    return this.until((label) => {
      const buttons = [...document.querySelectorAll(".actions .button-primary")];
      return buttons.length === 1 && buttons[0].innerText.trim() === label;
    }, label);
  }

  apply() {
    return this.click("button", "Apply");
  }

  /** Returns a value of the header, such as State or Progress. */
  fact(name) {
    return this.page.$$eval(
      ".headline .fact",
      (facts, name) => {
        const fact = facts.find((fact) => fact.querySelector("dt").innerText === name);
        return fact?.querySelector("dd").innerText.replace(/\s+/g, " ").replace(" ?", "").trim();
      },
      name,
    );
  }

  /** Waits for a value of the header. */
  factIs(name, value) {
    return this.until(
      (name, value) => {
        const facts = [...document.querySelectorAll(".headline .fact")];
        const fact = facts.find((fact) => fact.querySelector("dt").innerText === name);
        return fact?.querySelector("dd").innerText.replace(/\s+/g, " ").replace(" ?", "").trim() === value;
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

  /** Opens a tab, and waits for its panel. */
  async tab(name) {
    await press(this.page, this.page.locator(`[role=tab] ::-p-text(${name})`));
    await this.until((name) => document.querySelector("[role=tab][aria-selected=true]").firstChild.data === name, name);
  }

  /** Returns the sessions offered for comparison, once the list shows this count. */
  async offered(words) {
    await this.until((words) => document.querySelector(".compare-options .combobox-summary")?.innerText === words, words);
    return this.page.$$eval(".compare-options [role=option] .palette-title", (titles) => titles.map((title) => title.innerText));
  }

  /** Selects an offered session by its title. */
  async setBeside(title) {
    await this.click("option", title, { within: ".compare-options", starts: true });
  }

  /** Returns the option that Enter would select, as a screen reader finds it. */
  pointedAt() {
    return this.page.evaluate(() => {
      const id = document.activeElement.getAttribute("aria-activedescendant");
      return document.getElementById(id)?.querySelector(".palette-title").innerText;
    });
  }

  /** Returns the bars of the timeline: lane, colour, text and position. */
  async bars() {
    await this.page.waitForSelector(".timeline-svg .bar");
    return this.page.$$eval(".timeline-svg .bar", (bars) =>
      bars.map((bar) => ({
        lane: Number(bar.dataset.lane),
        state: bar.dataset.state,
        words: bar.querySelector("text")?.textContent ?? "",
        x: bar.querySelector(".bar-body").getBoundingClientRect().x,
        width: bar.querySelector(".bar-body").getBoundingClientRect().width,
        y: bar.querySelector(".bar-body").getBoundingClientRect().y,
        height: bar.querySelector(".bar-body").getBoundingClientRect().height,
      })),
    );
  }

  /** Focuses the timeline. */
  async focusTimeline() {
    await this.page.focus(".timeline-track");
  }

  /** Selects an arrow of the diagram by its states, and returns the details. */
  async way(ends) {
    await this.page.waitForSelector(`.arrow[aria-label^="${ends}:"]`);
    await this.page.$eval(`.arrow[aria-label^="${ends}:"]`, (way) => way.focus());
    return this.page.$eval(".diagram-details", (answer) => answer.innerText.replace(/\s+/g, " "));
  }

  /** Returns the rendered lines of the text by number. */
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

  /** Replaces the text in the editor. */
  async rewrite(change) {
    await this.click("button", "Edit text");
    await this.write(change);
  }

  /** Edits the text in the open editor. */
  async write(change) {
    const field = await this.find("textbox", "Text of the file");
    const text = change(await field.evaluate((e) => e.value));
    await field.evaluate((e, text) => {
      e.value = text;
      e.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  }
}
