// Clicks, taps and moves of the pointer that land on the element that they are meant for.

/**
 * Clicks the element of a locator. The page may move it between the look at its place and the press, faster than any
 * person could press: such a press reaches nothing, and is repeated.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {import("puppeteer-core").Locator<Element>} locator
 */
export async function press(page, locator) {
  const giveUp = Date.now() + page.getDefaultTimeout();
  for (;;) {
    const element = await locator.waitHandle();
    const [{ landed, hit }] = await Promise.all([element.evaluate(landing), locator.click()]);
    await element.dispose();
    if (landed) return;
    if (Date.now() > giveUp) throw new Error(`the press reached ${hit} instead`);
  }
}

/**
 * Taps the element of a locator with a finger once it stays in its place. No pointer is moved onto it before.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {import("puppeteer-core").Locator<Element>} locator
 */
export async function tap(page, locator) {
  const element = await locator.waitHandle();
  await element.scrollIntoView();
  await element.evaluate(settled);
  await element.tap();
  await element.dispose();
}

/** Waits until the element is at the same place in two frames. Runs in the page. */
async function settled(element) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const place = () => JSON.stringify(element.getBoundingClientRect());
  let before;
  do {
    before = place();
    await frame();
  } while (place() !== before);
}

/**
 * Moves the pointer onto the element of a locator, again if the page has moved it away meanwhile.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {import("puppeteer-core").Locator<Element>} locator
 */
export async function hover(page, locator) {
  const giveUp = Date.now() + page.getDefaultTimeout();
  for (;;) {
    await locator.hover();
    const element = await locator.waitHandle();
    const isThere = await element.evaluate((element) => element.matches(":hover"));
    await element.dispose();
    if (isThere) return;
    if (Date.now() > giveUp) throw new Error("the pointer does not reach the element");
  }
}

/** Tells whether the next press reaches the element; one that does not has no effect. Runs in the page. */
function landing(element) {
  return new Promise((resolve) => {
    const events = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
    const isOnIt = ({ target }) => [element, ...(element.labels ?? [])].some((place) => place.contains(target));
    let landed = true;
    let hit = "";
    const end = (landed) => {
      for (const name of events) removeEventListener(name, look, true);
      resolve({ landed, hit });
    };
    const look = (event) => {
      landed &&= isOnIt(event);
      if (!landed) {
        hit ||= event.target.cloneNode?.(false).outerHTML ?? "the page";
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      // The page may be left by the click, after this.
      if (event.type === "click") end(landed);
      // No click follows if the pressed element is gone.
      if (event.type === "mouseup") setTimeout(() => end(false));
    };
    for (const name of events) addEventListener(name, look, true);
  });
}
