// The installed app: it opens without a network, an update waits until the user wants it, and the desktop opens files
// with it.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EP001, ep001 } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { draftKept } from "./support/hold.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { startServer } from "./support/server.mjs";
import { shot } from "./support/shot.mjs";
import { DIST, suite } from "./support/suite.mjs";
import { ID, TOPIC } from "./support/tabs.mjs";

const MINE = "Why Squid Dream";

/** Waits until the worker has kept all files. */
const isKept = (app) =>
  app.until(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return registration?.active?.state === "activated";
  });

/** Opens the app of a server of the test's own, which can be stopped and changed. */
async function visit({ open }, server, hash = "#/sessions") {
  const app = new App(await open(hash, undefined, server));
  await app.find("main");
  return app;
}

suite("offline", ({ browser, test }) => {
  test("the app opens and imports a file with the network off", async (context) => {
    const server = await startServer({ dir: DIST });
    const app = await visit(context, server);
    await isKept(app);
    await server.close();
    await app.reload();
    await app.drop([{ name: EP001, bytes: await ep001() }]);
    await app.sessions.open(TOPIC);
    await app.session.shown(TOPIC);
    await app.reload();
    await app.session.shown(TOPIC);
  });

  test("nothing below api is kept", async (context) => {
    let asked = 0;
    const answer = async (request, response) => {
      if (!request.url.startsWith("/api/")) return false;
      asked += 1;
      response.setHeader("Content-Type", "application/json").end(String(asked));
      return true;
    };
    const server = await startServer({ dir: DIST, answer });
    try {
      const app = await visit(context, server);
      await isKept(app);
      await app.reload();
      await app.until(() => navigator.serviceWorker.controller !== null);
      const read = () => app.page.evaluate(async () => (await fetch("api/source")).text());
      assert.deepEqual([await read(), await read()], ["1", "2"]);
      const kept = await app.page.evaluate(async () => {
        const names = await caches.keys();
        const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return requests.flat().map((request) => new URL(request.url).pathname);
      });
      assert.ok(kept.includes("/") && kept.some((path) => path.endsWith(".wasm")), kept.join(" "));
      assert.ok(kept.every((path) => !path.startsWith("/api/")), kept.join(" "));
    } finally {
      await server.close();
    }
  });

  test("an update is offered in every tab and never forced under an edit", async (context) => {
    const dir = await mkdtemp(join(tmpdir(), "callboard-update-"));
    await cp(DIST, dir, { recursive: true });
    const server = await startServer({ dir });
    try {
      const app = await visit(context, server);
      await isKept(app);
      await app.drop([{ name: EP001, bytes: await ep001() }]);
      const other = await visit(context, server, `#/sessions/${ID}`);
      await other.session.shown(TOPIC);
      await app.page.bringToFront();
      await app.visit(`#/sessions/${ID}?tab=json`);
      await app.session.shown(TOPIC);
      await app.session.rewrite((text) => text.replace(TOPIC, MINE));
      for (const one of [app, other]) await one.page.evaluate(() => { globalThis.isOld = true; });
      for (const name of ["index.html", "service-worker.js"]) {
        const text = await readFile(join(dir, name), "utf8");
        const version = /name="callboard-version" content="([^"]+)"|const VERSION = "([^"]+)"/.exec(text);
        await writeFile(join(dir, name), text.replace(version[1] ?? version[2], "0123456789abcdef"));
      }
      await app.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
      for (const one of [other, app]) {
        await one.page.bringToFront();
        await one.find("region", "Update");
      }
      await assertAccessible(app.page);
      await shot(app.page, `update ${browser}`);
      // Nothing has happened to the edit, and nothing does until the button is pressed.
      assert.match(await app.page.$eval("#editor-field", (field) => field.value), /Why Squid Dream/);
      assert.ok(await app.page.evaluate(() => globalThis.isOld));
      await Promise.all([app.page.waitForNavigation(), app.click("button", "Reload")]);
      await app.session.shown(TOPIC);
      assert.equal(await app.page.evaluate(() => globalThis.isOld), undefined);
      assert.equal(await app.page.$eval("meta[name=callboard-version]", (meta) => meta.content), "0123456789abcdef");
      await draftKept(app.page, MINE);
      // The other tab stays as it is, and still offers the update.
      await other.page.bringToFront();
      assert.ok(await other.page.evaluate(() => globalThis.isOld));
      assert.ok(await other.has("region", "Update"));
      await Promise.all([other.page.waitForNavigation(), other.click("button", "Reload")]);
      await other.session.shown(TOPIC);
      const versions = await other.page.evaluate(() => caches.keys());
      assert.deepEqual(versions, ["callboard-files-0123456789abcdef"]);
    } finally {
      await server.close();
      await rm(dir, { recursive: true, force: true });
    }
  });

  if (browser === "chromium") {
    test("a file that the desktop opens is imported", async ({ open }) => {
      const page = await open("#/sessions", (page) =>
        page.evaluateOnNewDocument(() => {
          const queue = { setConsumer: (consumer) => { globalThis.launch = consumer; } };
          Object.defineProperty(globalThis, "launchQueue", { value: queue });
        }),
      );
      const app = new App(page);
      await app.find("main");
      await page.evaluate(
        async (name, text) => {
          const folder = await navigator.storage.getDirectory();
          const handle = await folder.getFileHandle(name, { create: true });
          const writable = await handle.createWritable();
          await writable.write(text);
          await writable.close();
          globalThis.launch({ files: [] });
          globalThis.launch({ files: [handle] });
        },
        EP001,
        new TextDecoder().decode(await ep001()),
      );
      const [row] = await app.sessions.rows(1);
      assert.equal(row.id, ID);
    });
  }
}, { firefox: true });

suite("the manifest", ({ test }) => {
  test("has icons that exist, and opens the files that the app reads", async ({ open, url }) => {
    const page = await open();
    const manifest = await page.evaluate(async () => {
      const address = document.querySelector("link[rel=manifest]").href;
      return (await fetch(address)).json();
    });
    assert.equal(manifest.display, "standalone");
    const sizes = await page.evaluate(
      (icons) =>
        Promise.all(
          icons.map(async ({ src }) => {
            const image = new Image();
            image.src = src;
            await image.decode();
            return `${image.naturalWidth}x${image.naturalHeight}`;
          }),
        ),
      manifest.icons.filter(({ type }) => type === "image/png"),
    );
    assert.deepEqual(sizes, ["192x192", "512x512", "192x192", "512x512"]);
    assert.deepEqual(manifest.icons.map(({ purpose }) => purpose).filter(Boolean), ["maskable", "maskable"]);
    const extensions = manifest.file_handlers.flatMap(({ accept }) => Object.values(accept).flat());
    assert.deepEqual(extensions, [".json", ".jsonl", ".zip"]);
    assert.ok(new URL(manifest.start_url, url).href === url);
    if (page.browser().protocol === "webDriverBiDi") return;
    const session = await page.createCDPSession();
    const { errors } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
  });
});
