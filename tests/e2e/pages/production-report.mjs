// The production report.
import { PageObject } from "./page.mjs";

export class ProductionReportPage extends PageObject {
  /** Returns each table's heading with the text of its rows, once the report is shown. */
  async tables() {
    await this.find("heading", "Sessions");
    return this.page.$$eval(".report-section", (sections) =>
      Object.fromEntries(
        sections.map((section) => [
          section.querySelector("h2").innerText,
          [...section.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.innerText)),
        ]),
      ),
    );
  }

  /** Returns the figures by their names. */
  figures() {
    return this.page.$$eval(".report-page .figure", (figures) =>
      Object.fromEntries(figures.map((figure) => [figure.querySelector("dt").innerText, figure.querySelector("dd").innerText])),
    );
  }
}
