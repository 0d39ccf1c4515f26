// Makes the PNG icons from icon.svg: node static/icons/make.mjs, with Chromium's path in CALLBOARD_CHROMIUM. A maskable
// icon has no rounded corners, as the desktop cuts its own; all of its lamps are within the circle that is always kept.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { launch } from "../../tests/e2e/support/browsers.mjs";

const svg = await readFile(new URL("icon.svg", import.meta.url), "utf8");
const browser = await launch("chromium");
const page = await browser.newPage();
for (const size of [192, 512]) {
  await page.setViewport({ width: size, height: size });
  for (const [name, picture] of [
    ["icon", svg],
    ["icon-maskable", svg.replace(' rx="14"', "")],
  ]) {
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${picture}`);
    const path = fileURLToPath(new URL(`${name}-${size}.png`, import.meta.url));
    await page.screenshot({ path, omitBackground: true });
  }
}
await browser.close();
