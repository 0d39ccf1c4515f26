// Who is quicker than the page's frames: what is typed goes where it is meant to go, and is never taken for a command.
import assert from "node:assert/strict";

import { session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { holdFrames, letFramesGo } from "./support/hold.mjs";
import { suite } from "./support/suite.mjs";

const failed = session({ number: 1, done: 1, status: "failed", topic: "Alpha", minutesAgo: 5 });
const running = session({ number: 2, done: 2, topic: "Beta", minutesAgo: 5 });

async function withFiles(open, path, files = [failed, running]) {
  const app = await App.open(open, path);
  await app.drop(files);
  await app.click("button", "Close the import report");
  return app;
}

/** Presses keys, one after another. */
async function press(app, ...keys) {
  for (const key of keys) await app.page.keyboard.press(key);
}

/** What the focus is in: its id, and what is typed there. */
const focused = (app) => app.page.evaluate(() => ({ id: document.activeElement.id, value: document.activeElement.value }));

suite("a quick hand", ({ test }) => {
  test("a page that is come to takes no focus from who searches by then", async ({ open }) => {
    const app = await withFiles(open, "#/sessions");
    await holdFrames(app.page);
    await press(app, "g", "d");
    await app.find("heading", "Dashboard");
    await press(app, "/");
    await letFramesGo(app.page);
    await app.page.keyboard.type("gc?");
    assert.deepEqual(await focused(app), { id: "search", value: "gc?" });
    assert.equal(await app.has("region", "Keys"), false);
  });
});
