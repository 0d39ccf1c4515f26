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
}
