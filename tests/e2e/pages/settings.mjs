// The settings page.
import { PageObject } from "./page.mjs";

export class SettingsPage extends PageObject {
  /** Types a part of a time zone's name, and returns the names that are offered once the first is this one. */
  async searchZones(text, first) {
    await this.click("combobox", "Time zone");
    await this.until(() => {
      const field = document.querySelector("#zone");
      return field.ariaExpanded === "true" && document.activeElement === field;
    });
    await this.page.$eval("#zone", (field) => field.select());
    await this.page.keyboard.type(text);
    // The options are those of all that was typed.
    await this.until(
      (text, first) =>
        document.querySelector("#zone").value === text &&
        document.querySelector("#zone-list [role=option] .palette-title")?.innerText === first,
      text,
      first,
    );
    return this.page.$$eval("#zone-list [role=option]", (options) =>
      options.map((option) => [option.querySelector(".palette-title").innerText, option.querySelector(".palette-note").innerText]),
    );
  }

  /** Chooses a time zone by its name. */
  async chooseZone(name) {
    await this.searchZones(name, name);
    await this.page.keyboard.press("Enter");
    await this.zoneIs(name);
  }

  /** Waits until the field has this time zone, and nothing is being searched. */
  zoneIs(name) {
    return this.until((name) => {
      const field = document.querySelector("#zone");
      return field?.ariaExpanded === "false" && field.value === name;
    }, name);
  }
}
