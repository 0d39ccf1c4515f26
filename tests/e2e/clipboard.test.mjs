// Copying: the content of the clipboard, and the message if the browser refuses.
import assert from "node:assert/strict";

import { EP001, ep001 } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { suite } from "./support/suite.mjs";

const ID = "ep_001_20240811_1430";

/** Opens a workspace with one changed session, on the changes page. */
async function changes(open) {
  const app = await App.open(open);
  await app.drop([{ name: EP001, bytes: await ep001() }]);
  await app.visit(`#/sessions/${ID}?tab=json`);
  await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
  await app.session.preview();
  await app.session.apply();
  await app.says("script_writer is complete.");
  await app.visit("#/changes");
  await app.changes.files(1);
  return app;
}

/** Returns the text that pasting into a field yields. */
async function pasted(app) {
  await app.visit("#/import");
  const field = await app.find("textbox", "Session JSON");
  await field.evaluate((e) => {
    e.value = "";
    e.focus();
  });
  await app.page.keyboard.down("Control");
  await app.page.keyboard.press("v");
  await app.page.keyboard.up("Control");
  await app.until(() => document.querySelector("[aria-label='Session JSON']").value !== "");
  return field.evaluate((e) => e.value);
}

suite("the clipboard", ({ browser, test }) => {
  test("receives the message, the patch, the text and the report", async ({ open, url }) => {
    const app = await changes(open);
    if (browser === "chromium") {
      const context = app.page.browserContext();
      await context.overridePermissions(new URL(url).origin, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
    }
    const message = await app.changes.message();
    const copy = async (button, said) => {
      await app.visit("#/changes");
      await app.changes.files(1);
      await app.click("button", button);
      await app.says(said);
      return pasted(app);
    };
    assert.equal(await copy("Copy message", "Copied the commit message."), message);
    const patch = await copy("Copy patch", "Copied the patch.");
    assert.match(patch, new RegExp(`^diff --git a/${EP001} b/${EP001}\n`));
    const text = await copy("Copy text", "Copied the file's text.");
    assert.equal(JSON.parse(text).pipeline_state.current_stage, "evaluation");
    await app.visit("#/report");
    await app.click("button", "Copy as Markdown");
    await app.says("Copied the report.");
    assert.match(await pasted(app), /^# Production report, /);
    await app.visit(`#/sessions/${ID}?tab=json`);
    await app.click("button", "Copy text");
    await app.says("Copied the file's text.");
    assert.equal(await pasted(app), text);
    await app.visit(`#/sessions/${ID}`);
    await app.session.bars();
    await app.click("button", "Copy SVG");
    await app.says("Copied the timeline as SVG.");
    assert.match(await pasted(app), /^<svg xmlns=/);
    await app.visit(`#/sessions/${ID}`);
    await app.session.bars();
    await app.click("button", "Copy PNG");
    await app.says("Copied the timeline as PNG.");
    if (browser !== "chromium") return;
    const types = await app.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const blob = await item.getType("image/png");
      const picture = await createImageBitmap(blob);
      return [item.types, picture.width];
    });
    assert.deepEqual(types[0], ["image/png"]);
    assert.ok(types[1] > 2000);
  });

  test("reports a refusal by the browser with an alternative", async ({ open, url, downloads }) => {
    const app = await changes(open);
    if (browser === "chromium") {
      // Permissions that are not granted are refused.
      await app.page.browserContext().overridePermissions(new URL(url).origin, ["geolocation"]);
    } else {
      await app.page.evaluate(() => {
        const refuse = () => Promise.reject(new DOMException("Clipboard write is not allowed.", "NotAllowedError"));
        Clipboard.prototype.writeText = refuse;
        Clipboard.prototype.write = refuse;
      });
    }
    await app.click("button", "Copy patch");
    await app.says("The patch was not copied. The browser blocked the clipboard (");
    await app.says("Export a file instead.");
    await app.visit(`#/sessions/${ID}`);
    await app.session.bars();
    const picture = await downloads.one(() => app.click("button", "Copy PNG"));
    assert.equal(picture.name, `${ID}-timeline.png`);
    await app.says("so ep_001_20240811_1430-timeline.png was downloaded.");
  });
}, { firefox: true });
