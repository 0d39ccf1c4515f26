// The page of a session that is only read.
import { SessionPage } from "./session.mjs";

export class ImportedPage extends SessionPage {
  /** Waits for the page of the session with this key. */
  async of(key) {
    await this.until((key) => document.querySelector(".imported")?.dataset.importedSession === key, key);
  }

  /** Returns the source of a value of the header, as its tip says it when it has the focus. */
  async source(name) {
    await this.page.evaluate((name) => {
      const fact = [...document.querySelectorAll(".headline .fact")].find((fact) => fact.querySelector("dt").innerText === name);
      fact.querySelector("dd [data-tip]").focus();
    }, name);
    return this.tip();
  }

  /** Returns the tip that is shown. */
  async tip() {
    await this.until(() => document.getElementById("tip")?.hidden === false);
    return this.page.$eval("#tip", (tip) => tip.innerText.trim());
  }

  /** Returns the stages: the text of each cell by its column, and the rest below. */
  stages() {
    return this.page.$$eval(".stages tbody", (stages) =>
      stages.map((stage) => {
        const words = (element) => element?.innerText.replace(/\s+/g, " ").trim();
        const cells = [...stage.querySelectorAll("td[data-label]")].map((cell) => [cell.dataset.label, words(cell)]);
        return { name: words(stage.querySelector(".agent-stage")), ...Object.fromEntries(cells), more: words(stage.querySelector(".stage-more")) };
      }),
    );
  }

  /** Returns the files: role, path and what was done to read them. */
  files() {
    return this.page.$$eval(".imported-file", (files) =>
      files.map((file) => ({
        role: file.querySelector(".file-role").innerText,
        path: file.querySelector(".path").innerText,
        remarks: [...file.querySelectorAll(".file-remarks li")].map((remark) => remark.innerText),
      })),
    );
  }

  /** Returns the highlighted line of the open file, once there is one. */
  async line() {
    await this.page.waitForSelector(".json-target");
    return this.page.$eval(".json-target", (line) => ({
      number: line.querySelector(".json-number").innerText,
      text: line.querySelector(".json-code").innerText.trim(),
      isInView: line.getBoundingClientRect().bottom <= innerHeight && line.getBoundingClientRect().top >= 0,
    }));
  }

  /** Returns the sentences below this heading of the preview. */
  sentences(title) {
    return this.page.$$eval(`.conversion section[aria-label="${title}"] li`, (items) => items.map((item) => item.innerText.replace(/^\W+/, "")));
  }
}
