// The settings page.
import { PageObject } from "./page.mjs";

export class SettingsPage extends PageObject {
  /** Types a part of a time zone's name, and returns the names that are offered once the first is this one. */
  async searchZones(text, first) {
    const field = await this.find("combobox", "Time zone");
    await field.click();
    await this.until(() => document.querySelector("#zone").ariaExpanded === "true");
    await field.evaluate((field) => field.select());
    await this.page.keyboard.type(text);
    await this.until(
      (first) => document.querySelector("#zone-list [role=option] .palette-title")?.innerText === first,
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

  /** Waits until the field has this time zone. */
  zoneIs(name) {
    return this.until((name) => document.querySelector("#zone")?.value === name, name);
  }
}
