// Screenshots of one state of the app: wide and narrow, light and dark.
import { shot } from "./shot.mjs";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/**
 * One screenshot for each width and each theme.
 *
 * @param {import("../pages/app.mjs").App} app
 * @param {string} name
 * @param {object} [options]
 * @param {boolean} [options.whole] in a window as high as the page, too
 * @param {string} [options.show] what is scrolled to the top of the view
 */
export async function everywhere(app, name, { whole = false, show } = {}) {
  for (const theme of ["light", "dark"]) {
    await app.page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, theme);
    for (const [width, size] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      await app.page.setViewport(size);
      if (show) await app.page.$eval(show, (element) => element.scrollIntoView());
      await shot(app.page, `${name}-${width}-${theme}`);
      if (!whole) continue;
      // The page scrolls inside the window: all of it is seen in a window as high as it.
      const height = await app.page.$eval("main", (main) => main.scrollHeight + 48 + 96);
      await app.page.setViewport({ ...size, height });
      await shot(app.page, `${name}-whole-${width}-${theme}`);
    }
  }
  await app.page.setViewport(WIDE);
}
