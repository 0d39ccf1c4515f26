// Tests of the harness: its tools work in both browsers, and its guard detects what it should.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { PageObject } from "./pages/page.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { chooseFiles, dropFiles, dropPaths } from "./support/files.mjs";
import { shot } from "./support/shot.mjs";
import { suite } from "./support/suite.mjs";

const dir = fileURLToPath(new URL("support/page", import.meta.url));

const text = (name) => readFile(`${dir}/${name}`, "utf8");

const got = (page, expected) =>
  page.waitForFunction((text) => document.querySelector("#got").textContent === text, {}, expected);

suite(
  "harness",
  ({ test, browser }) => {
    test("finds things by role and name", async ({ open }) => {
      const page = new PageObject(await open());
      assert.equal(await page.text("heading", "A page"), "A page");
      assert.equal(await page.has("button", "Save"), true);
      assert.equal(await page.has("button", "Sav"), false);
      await assertAccessible(page.page);
    });

    test("a press reaches a button that moves away from it, and nothing else", async ({ open }) => {
      const page = new PageObject(await open());
      await page.page.evaluate(() => {
        const pressed = [];
        globalThis.pressed = pressed;
        document.addEventListener("click", ({ target }) => pressed.push(target.id));
        const save = document.querySelector("#save");
        // Only once the pointer is on its way.
        document.addEventListener("pointermove", () => (save.style.marginTop = "200px"), { once: true });
      });
      await page.click("button", "Save");
      assert.deepEqual(await page.page.evaluate(() => globalThis.pressed), ["save"]);
    });

    test("drops files", async ({ open }) => {
      const page = await open();
      const files = [
        { name: "b.json", bytes: "2" },
        { name: "a.json", bytes: new Uint8Array([0xc3, 0xa9]) },
      ];
      await dropFiles(page, files);
      await got(page, "a.json=é;b.json=2");
    });

    test("chooses files in a hidden input", async ({ open }) => {
      const page = await open();
      await chooseFiles(page, "#files", [`${dir}/page.js`, `${dir}/index.html`]);
      const [html, script] = await Promise.all([text("index.html"), text("page.js")]);
      await got(page, `index.html=${html};page.js=${script}`);
    });

    test("reads a download", async ({ open, downloads }) => {
      const page = new PageObject(await open());
      const file = await downloads.one(() => page.click("button", "Save"));
      assert.equal(file.name, "saved session.json");
      assert.equal(file.bytes.toString(), "{é}");
    });

    test("takes screenshots", async ({ open }) => {
      const path = await shot(await open(), `harness ${browser}`, { width: 400, height: 300 });
      const png = await readFile(path);
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [400, 300]);
    });

    const sees = (title, pattern, act) =>
      test(`the guard sees ${title}`, async (visit) => {
        const page = await visit.open();
        await act(page);
        await visit.expectProblem(pattern);
      });
    sees("an error on the console", /console: oh no/, (page) =>
      page.evaluate(() => console.error("oh no")),
    );
    sees("an uncaught error", /uncaught error: .*oh no/s, (page) =>
      page.evaluate(() => {
        setTimeout(() => {
          throw new Error("oh no");
        });
      }),
    );
    sees("a file that is not there", /none\.json answered 404/, (page) =>
      page.evaluate(() => fetch("none.json").then(() => {})),
    );
    sees("a request that leaves the origin", /left the origin: http:\/\/example/, (page) =>
      page.evaluate(() => fetch("http://example.invalid/").catch(() => {})),
    );
    // Firefox treats it like any other request.
    sees("a WebSocket that leaves the origin", /left the origin: (ws|http):\/\/example/, (page) =>
      // Until it has failed, so that the browser's message is not attributed to the next test.
      page.evaluate(() => {
        const socket = new WebSocket("ws://example.invalid/");
        return new Promise((failed) => socket.addEventListener("close", () => failed()));
      }),
    );
    sees("a violation of the policy", /CSP: style-src/, (page) =>
      page.evaluate(() => document.body.setAttribute("style", "color: red")),
    );

    // Missing in WebDriver BiDi.
    if (browser === "chromium") {
      test("chooses a folder in a hidden input", async ({ open }) => {
        const page = await open();
        await chooseFiles(page, "#folder", [dir]);
        const [html, script] = await Promise.all([text("index.html"), text("page.js")]);
        await got(page, `page/index.html=${html};page/page.js=${script}`);
      });

      test("drops a folder", async ({ open }) => {
        const page = await open();
        await dropPaths(page, [dir]);
        await got(page, "/page/index.html;/page/page.js");
      });
    }
  },
  { dir, firefox: true },
);
