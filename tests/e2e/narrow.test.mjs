// A session's page on a phone: the bottom sheet of actions, and touch input on the timeline.
import assert from "node:assert/strict";

import { EP001, ep001, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

const PHONE = { width: 390, height: 844 };
const ID = "ep_001_20240811_1430";

const up = (app, yes) =>
  app.until((yes) => document.querySelector(".actions-handle")?.ariaExpanded === String(yes), yes);

async function fixture(open) {
  const app = await App.open(open);
  await app.page.setViewport(PHONE);
  await app.drop([{ name: EP001, bytes: await ep001() }]);
  await app.click("button", "Close the import report");
  await app.visit(`#/sessions/${ID}`);
  await app.find("heading", "Timeline");
  await app.page.waitForSelector("#tab-panel > *");
  return app;
}

const handle = (app) => app.page.waitForSelector(".actions-handle", { visible: true });

suite("a narrow page", ({ browser, test }) => {
  test("the actions are a bottom sheet", async ({ open }) => {
    const app = await fixture(open);
    const place = async () => (await handle(app)).boundingBox();
    const foot = () => app.page.$eval("main", (main) => main.getBoundingClientRect().bottom);
    const closed = await place();
    assert.ok(Math.abs(closed.y + closed.height - (await foot())) < 2, "the handle is at the foot of what scrolls");
    assert.ok(closed.height >= 44 && closed.height <= 64);
    assert.match(await (await handle(app)).evaluate((e) => e.innerText), /Progress, Complete/);
    // It stays in place while the page is scrolled.
    await app.page.$eval("main", (main) => main.scrollTo(0, 500));
    await app.until((y) => Math.abs(document.querySelector(".actions-handle").getBoundingClientRect().y - y) < 2, closed.y);
    await app.page.$eval("main", (main) => main.scrollTo(0, 0));
    await app.press(".actions-handle");
    await up(app, true);
    const sheet = await app.page.$eval(".actions", (e) => e.getBoundingClientRect().height);
    assert.ok(sheet <= PHONE.height * 0.61, `${sheet} px`);
    const small = await app.page.$$eval(".actions button", (buttons) =>
      buttons
        .filter((b) => b.checkVisibility() && b.ariaDisabled !== "true")
        .map((b) => [b.innerText, b.getBoundingClientRect().height])
        .filter(([, height]) => height < 44),
    );
    assert.deepEqual(small, []);
    await assertAccessible(app.page);
    // Escape closes the form first, then the sheet, leaving the focus on its handle.
    await app.session.fillIn("Complete", { Cost: "1.2" });
    await app.page.keyboard.press("Escape");
    await app.until(() => document.querySelector(".action-form") === null);
    await up(app, true);
    await app.until(() => document.activeElement.matches(".transition-button"));
    await app.page.keyboard.press("Escape");
    await up(app, false);
    await app.until(() => document.activeElement.matches(".actions-handle"));
    // The sheet does not trap the focus.
    await app.page.keyboard.press("Tab");
    await app.until(() => document.activeElement.closest(".actions") === null && document.activeElement !== document.body);
    // By keyboard: open it, apply an event; then the page is visible again.
    await app.page.focus(".actions-handle");
    await app.page.keyboard.press("Enter");
    await up(app, true);
    await app.page.keyboard.press("Tab");
    await app.until(() => document.activeElement.closest("#actions-body") !== null);
    await app.session.fillIn("Complete", { Cost: "1.2", Quality: "0.9" });
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "EVALUATING");
    await up(app, false);
    await app.until(() => document.activeElement.matches(".actions-handle"));
  });

  test("the focused element is not behind the sheet's handle", { firefox: true }, async ({ open }) => {
    const app = await fixture(open);
    await handle(app);
    await app.page.focus(".timeline-track");
    for (let step = 0; step < 24; step += 1) {
      await app.page.keyboard.press("Tab");
      const covered = await app.page.evaluate(() => {
        const it = document.activeElement;
        if (!it.closest(".session-rest")) return null;
        const foot = document.querySelector(".actions-handle").getBoundingClientRect().top;
        const box = it.getBoundingClientRect();
        return box.height < 200 && box.bottom > foot + 1 ? it.outerHTML.slice(0, 120) : null;
      });
      assert.equal(covered, null);
    }
  });

  test("the diagram opens the sheet", async ({ open }) => {
    const app = await fixture(open);
    await app.session.way("WRITING to EVALUATING");
    // The arrow may lie below the sheet's handle, where a mouse click would hit the handle.
    await (await app.find("button", "Complete\u2026")).evaluate((button) => button.click());
    await up(app, true);
    await app.find("textbox", "Quality");
  });

  test("one finger pans the timeline, two zoom it, and a tap selects a bar", { firefox: true }, async ({ open }) => {
    const running = session({ number: 31, done: 1, minutesAgo: 9 });
    const app = await App.open(open);
    await app.drop([running]);
    await app.visit(`#/sessions/${running.id}`);
    const [bar] = await app.session.bars();
    const track = await app.page.$(".timeline-track");
    // The events of touch input, the same in both browsers.
    const fingers = (steps) =>
      track.evaluate((e, steps) => {
        const box = e.getBoundingClientRect();
        for (const [kind, id, x, y = 150] of steps) {
          const at = document.elementFromPoint(box.x + x, box.y + y);
          const init = {
            bubbles: true,
            cancelable: true,
            pointerId: id,
            pointerType: "touch",
            isPrimary: id === 11,
            button: kind === "pointermove" ? -1 : 0,
            clientX: box.x + x,
            clientY: box.y + y,
          };
          (at && e.contains(at) ? at : e).dispatchEvent(new PointerEvent(kind, init));
        }
      }, steps);
    await fingers([["pointerdown", 11, 300], ["pointermove", 11, 340], ["pointermove", 11, 380], ["pointerup", 11, 380]]);
    await app.until((x) => Math.abs(document.querySelector(".bar-body").getBoundingClientRect().x - x - 80) < 3, bar.x);
    assert.equal(await app.page.$(".bar-chosen"), null, "a drag chooses nothing");
    await fingers([
      ["pointerdown", 11, 200],
      ["pointerdown", 12, 300],
      ["pointermove", 12, 350],
      ["pointermove", 11, 150],
      ["pointermove", 12, 400],
      ["pointerup", 12, 400],
      ["pointerup", 11, 150],
    ]);
    await app.until((width) => Math.abs(document.querySelector(".bar-body").getBoundingClientRect().width / width - 2.5) < 0.1, bar.width);
    assert.equal(await app.page.$(".bar-chosen"), null, "two fingers choose nothing");
    await app.page.$eval(".timeline-tools [aria-label='Zoom to fit']", (button) => button.click());
    await app.until((x) => Math.abs(document.querySelector(".bar-body").getBoundingClientRect().x - x) < 3, bar.x);
    const box = await track.boundingBox();
    const [x, y] = [bar.x - box.x + 12, bar.y - box.y + bar.height / 2];
    await fingers([["pointerdown", 11, x, y], ["pointerup", 11, x, y]]);
    await app.until(() => document.querySelector(".bar-chosen") !== null);
    const action = await track.evaluate((e) => getComputedStyle(e).touchAction);
    assert.equal(action, "pan-y", "the page still scrolls under a finger that goes up or down");
  });

  if (browser !== "chromium") return;
  test("real touch input does the same", async ({ open }) => {
    const running = session({ number: 31, done: 1, minutesAgo: 9 });
    const app = await App.open(open);
    await app.drop([running]);
    await app.page.setViewport({ ...PHONE, hasTouch: true, isMobile: true });
    await app.visit(`#/sessions/${running.id}`);
    await app.page.waitForSelector(".timeline-track");
    await app.page.$eval(".timeline-track", (e) => e.scrollIntoView({ block: "center" }));
    const [bar] = await app.session.bars();
    const box = await (await app.page.$(".timeline-track")).boundingBox();
    const y = box.y + 150;
    const one = await app.page.touchscreen.touchStart(box.x + 60, y);
    for (const x of [75, 90, 120]) await one.move(box.x + x, y);
    await one.end();
    await app.until((x) => document.querySelector(".bar-body").getBoundingClientRect().x > x + 30, bar.x);
    const [moved] = await app.session.bars();
    const left = await app.page.touchscreen.touchStart(box.x + 90, y);
    const right = await app.page.touchscreen.touchStart(box.x + 140, y);
    for (const by of [10, 30, 50]) {
      await left.move(box.x + 90 - by, y);
      await right.move(box.x + 140 + by, y);
    }
    await left.end();
    await right.end();
    await app.until((width) => document.querySelector(".bar-body").getBoundingClientRect().width > width * 1.8, moved.width);
  });
});
