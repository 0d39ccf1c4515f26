// Gives files to the app like users do: by drag and drop, or by a file input.

/**
 * Drops files on an element of the page, by synthetic drag events with a DataTransfer, which both
 * browsers support.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {{name: string, bytes: Uint8Array | string, type?: string}[]} files
 * @param {string} [selector] the drop target
 */
export async function dropFiles(page, files, selector = "body") {
  const sent = files.map(({ name, bytes, type = "application/json" }) => ({
    name,
    type,
    base64: Buffer.from(bytes).toString("base64"),
  }));
  await page.$eval(
    selector,
    (target, sent) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of sent) {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      for (const kind of ["dragenter", "dragover", "drop"]) {
        const init = { bubbles: true, cancelable: true, composed: true, dataTransfer: data };
        target.dispatchEvent(new DragEvent(kind, init));
      }
    },
    sent,
  );
}

/**
 * Drops local files and folders on the page with the browser's own drag and drop, so that folders
 * can be read. Chromium only: WebDriver BiDi has no such command.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string[]} paths absolute paths
 */
export async function dropPaths(page, paths) {
  const session = await page.createCDPSession();
  const { width, height } = await page.evaluate(() => ({
    width: innerWidth,
    height: innerHeight,
  }));
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: width / 2, y: height / 2, data });
  }
  await session.detach();
}

/**
 * Selects local files in a file input, which may be hidden; in Chromium also a folder.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} selector the input
 * @param {string[]} paths absolute paths
 */
export async function chooseFiles(page, selector, paths) {
  const input = await page.waitForSelector(selector);
  await input.uploadFile(...paths);
}

/**
 * Drags text over an element of the page, like from an editor, a terminal or another page, and drops it unless `hover`
 * is set.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {Record<string, string>} data the text of each type, such as `text/uri-list`
 * @param {object} [options]
 * @param {string} [options.selector] the drop target
 * @param {boolean} [options.hover] only hovers, without a drop
 * @returns {Promise<boolean>} true if the page handled it; otherwise the browser would
 */
export function dragText(page, data, { selector = "body", hover = false } = {}) {
  return page.$eval(
    selector,
    (target, data, hover) => {
      const dataTransfer = new DataTransfer();
      for (const [type, text] of Object.entries(data)) dataTransfer.setData(type, text);
      let taken = false;
      for (const kind of ["dragenter", "dragover", ...(hover ? [] : ["drop"])]) {
        const event = new DragEvent(kind, { bubbles: true, cancelable: true, composed: true, dataTransfer });
        taken = !target.dispatchEvent(event);
      }
      return taken;
    },
    data,
    hover,
  );
}
