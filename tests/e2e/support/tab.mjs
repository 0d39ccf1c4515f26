// Goes through a page by the Tab key.
import assert from "node:assert/strict";

/** Selects what takes the focus by the Tab key, if it is visible and enabled. */
const STOPS = "a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex]";

/**
 * Presses Tab through the whole page; fails if something that can be used is not reached, or does not show that it has the
 * focus.
 *
 * @param {import("../pages/app.mjs").App} app
 * @param {string} name of the page, for messages
 */
export async function tabThrough(app, name) {
  const { keyboard } = app.page;
  const count = await app.page.evaluate(prepare, STOPS);
  assert.ok(count > 10, `${name} has ${count} controls`);
  // From the first one, which is reached by keys too.
  await keyboard.press("Tab");
  await keyboard.down("Shift");
  await keyboard.press("Tab");
  await keyboard.up("Shift");
  let left = await app.page.evaluate(() => globalThis.tabbed());
  // A browser has stops of its own, such as regions that scroll.
  for (let press = 0; press < count * 2 + 20 && left > 0; press += 1) {
    await keyboard.press("Tab");
    left = await app.page.evaluate(() => globalThis.tabbed());
  }
  const { missed, unseen } = await app.page.evaluate(() => globalThis.tabEnd());
  assert.deepEqual({ missed, unseen }, { missed: [], unseen: [] }, name);
}

/** Notes all that Tab should reach, how it looks without the focus, and focuses the first. Runs in the page. */
function prepare(selector) {
  document.activeElement.blur();
  const describe = (element) =>
    `${element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText ?? ""} ${element.outerHTML.slice(0, 100)}`.replace(/\s+/g, " ");
  const isStop = (element) => {
    if (element.tabIndex < 0 || element.disabled || element.closest("[inert]") || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== "radio") return true;
    // Of a group of radio buttons, only the checked one.
    const group = [...document.getElementsByName(element.name)];
    return group.some((radio) => radio.checked) ? element.checked : true;
  };
  /** How the element and what is drawn around it look. */
  const look = (element) => {
    const places = [element, ...(element.labels ?? [])];
    for (let up = element.parentElement, level = 0; up && up !== document.body && level < 3; up = up.parentElement, level += 1) places.push(up);
    if (element.nextElementSibling) places.push(element.nextElementSibling);
    return places
      .flatMap((place) => [undefined, "::before", "::after"].map((part) => getComputedStyle(place, part)))
      .map((style) => [
        style.outlineStyle === "none" ? "" : `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`,
        style.boxShadow,
        style.backgroundColor,
        style.borderColor,
        style.fill,
        style.stroke,
        style.strokeWidth,
      ].join("|"))
      .join("\n");
  };
  const before = new Map([...document.querySelectorAll(selector)].filter(isStop).map((element) => [element, look(element)]));
  const reached = new Set();
  const unseen = new Set();
  globalThis.tabbed = () => {
    const element = document.activeElement;
    if (before.has(element) && !reached.has(element)) {
      reached.add(element);
      if (look(element) === before.get(element)) unseen.add(describe(element));
    }
    return [...before.keys()].filter((element) => element.isConnected && !reached.has(element)).length;
  };
  globalThis.tabEnd = () => ({
    missed: [...before.keys()].filter((element) => element.isConnected && !reached.has(element) && isStop(element)).map(describe),
    unseen: [...unseen],
  });
  [...before.keys()][0].focus();
  return before.size;
}
