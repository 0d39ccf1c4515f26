// The frame around every page, and the ways to import.
import { chooseFiles, dropFiles } from "../support/files.mjs";
import { PageObject } from "./page.mjs";
import { ChangesPage } from "./changes.mjs";
import { DashboardPage } from "./dashboard.mjs";
import { Help } from "./help.mjs";
import { Palette } from "./palette.mjs";
import { ProductionReportPage } from "./production-report.mjs";
import { ImportPage } from "./import.mjs";
import { ImportedPage } from "./imported.mjs";
import { SchedulePage } from "./schedule.mjs";
import { SessionPage } from "./session.mjs";
import { SessionsPage } from "./sessions.mjs";
import { SettingsPage } from "./settings.mjs";
import { SourceStatus } from "./source.mjs";
import { TimelinePage } from "./timeline.mjs";

export class App extends PageObject {
  constructor(page) {
    super(page);
    this.sessions = new SessionsPage(page);
    this.session = new SessionPage(page);
    this.changes = new ChangesPage(page);
    this.dashboard = new DashboardPage(page);
    this.palette = new Palette(page);
    this.production = new ProductionReportPage(page);
    this.import = new ImportPage(page);
    this.imported = new ImportedPage(page);
    this.source = new SourceStatus(page);
    this.schedule = new SchedulePage(page);
    this.timeline = new TimelinePage(page);
    this.settings = new SettingsPage(page);
    this.help = new Help(page);
  }

  /**
   * Opens the app.
   *
   * @param {import("../support/suite.mjs").Visit["open"]} open
   * @param {string} [path]
   * @param {(page: import("puppeteer-core").Page) => Promise<unknown>} [prepare] runs before the page loads
   */
  static async open(open, path = "#/sessions", prepare = undefined) {
    const app = new App(await open(path, prepare));
    await app.find("main");
    return app;
  }

  /** Clicks it. The report of an import without problems may have gone by itself before it is closed. */
  async click(role, name, where) {
    if (name !== "Close the import report") return super.click(role, name, where);
    return this.page.evaluate((label) => {
      [...document.querySelectorAll("button")].find((button) => button.ariaLabel === label)?.click();
    }, name);
  }

  /** Drops files, and waits for the report of all of them. */
  async drop(files) {
    await dropFiles(this.page, files);
    await this.#reported(files.length);
  }

  /** Chooses files by the file input. */
  async choose(paths) {
    await chooseFiles(this.page, "input[type=file]", paths);
    await this.#reported(paths.length);
  }

  #reported(count) {
    const words = `in ${count} ${count === 1 ? "file" : "files"}`;
    return this.until(
      (words) =>
        document.querySelector(".import-outcome")?.innerText.includes(words),
      words,
    );
  }

  /** Returns the last import's summary: in the status line, or in a notice if it had problems. */
  async report() {
    const outcome = await this.page.waitForSelector(".import-outcome");
    return { headline: await outcome.evaluate((element) => element.innerText) };
  }

  /** Pastes text at the focus. */
  async paste(text) {
    await this.page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
      // Firefox does not accept such data when the event is created.
      Object.defineProperty(event, "clipboardData", { value: clipboardData });
      (document.activeElement ?? document.body).dispatchEvent(event);
    }, text);
  }

  /** Presses a key with Control or another key of commands, and with Shift if asked. */
  async control(key, { shift = false, command = "Control" } = {}) {
    const { keyboard } = this.page;
    await keyboard.down(command);
    if (shift) await keyboard.down("Shift");
    await keyboard.press(key);
    if (shift) await keyboard.up("Shift");
    await keyboard.up(command);
  }

  /** Returns the status line's message once it matches. */
  async says(words) {
    await this.until(
      (words) => document.querySelector("footer [role=status]")?.innerText.includes(words),
      words,
    );
  }

  /** Navigates by the navigation bar. */
  async goTo(place) {
    const inRail = { within: "nav[aria-label=Pages]", starts: true };
    await this.find("navigation", "Pages");
    // A narrow page has some of them in a menu.
    if (!(await this.has("link", place, inRail))) await this.click("disclosure", "More", inRail);
    await this.click("link", place, inRail);
  }

  /** Reloads the page, discarding unsaved data. Returns true if the browser asked. */
  async reload() {
    let asked = false;
    const accept = async (dialog) => {
      asked = true;
      await dialog.accept();
    };
    this.page.once("dialog", accept);
    await this.page.reload();
    this.page.off("dialog", accept);
    await this.find("main");
    return asked;
  }

  /** The theme, as a setting. */
  async theme(name) {
    await this.page.evaluate((name) => {
      localStorage.setItem("callboard.theme", JSON.stringify(name));
    }, name);
    await this.reload();
  }
}
