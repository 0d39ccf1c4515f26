// The forms of a session's events: figures as people type them, errors at their fields, the time of an event.
import assert from "node:assert/strict";

import { sentBack, session } from "./data.mjs";
import { App } from "./pages/app.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { suite } from "./support/suite.mjs";

async function openAt(open, files, id) {
  const app = await App.open(open);
  await app.drop(files);
  await app.visit(`#/sessions/${id}`);
  await app.find("heading", "Timeline");
  return app;
}

const running = () => session({ number: 31, done: 1, minutesAgo: 9 });

/** Leaves the focused field. */
const leave = (app) => app.page.keyboard.press("Tab");

suite("an event's form", ({ test }) => {
  test("figures are read as they are typed, and shown as they were understood", { firefox: true }, async ({ open }) => {
    const file = running();
    const app = await openAt(open, [file], file.id);
    await app.session.fillIn("Complete", { Cost: "$1,20", Quality: "90 %", Duration: "1h 5m" });
    await leave(app);
    await app.until(() => {
      const notes = [...document.querySelectorAll(".action-form .field-note")].map((note) => note.innerText);
      return notes.join("; ") === "= $1.20; = 0.9; = 1 h 5 min";
    });
    const lines = (await app.session.preview()).filter((line) => line.startsWith("+")).join("\n");
    for (const written of ['"execution_time": 3900', '"cost": 1.20', '"quality_score": 0.9']) {
      assert.ok(lines.includes(written), `${written} is not in\n${lines}`);
    }
    await app.session.apply();
    await app.session.factIs("State", "EVALUATING");
  });

  test("errors are at their fields, none before anything was typed, and the first gets the focus", { firefox: true }, async ({ open }) => {
    const file = running();
    const app = await openAt(open, [file], file.id);
    await app.session.fillIn("Fail");
    assert.deepEqual(await app.session.fieldErrors(), {});
    await app.session.apply();
    await app.session.fieldErrorIs("field-error", "Say what went wrong.");
    await app.until(() => document.activeElement.id === "field-error");
    assert.equal(await app.page.$eval("#field-error", (field) => field.getAttribute("aria-invalid")), "true");
    await assertAccessible(app.page);
    await app.fill("textbox", "Error", "No answer");
    await app.until(() => document.querySelector(".field-error") === null);
    await app.click("button", "Cancel");
    // A field that was left with a text that it cannot read says so without being sent.
    await app.session.fillIn("Complete", { Duration: "soon" });
    await leave(app);
    await app.session.fieldErrorIs("field-execution_time", "Enter a duration, such as 20 min.");
    await app.fill("textbox", "Cost", "1,200");
    await leave(app);
    await app.session.fieldErrorIs("field-cost", "Enter 1.20 or 1200.00: \u201c1,200\u201d can be either.");
    await app.session.apply();
    await app.until(() => document.activeElement.id === "field-cost");
    await app.session.factIs("State", "WRITING");
  });

  test("an event can have happened at another time", { firefox: true }, async ({ open }) => {
    const file = running();
    const app = await openAt(open, [file], file.id);
    const zone = await app.page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
    await app.session.fillIn("Complete", { Cost: "1" });
    await app.session.preview();
    // Three minutes ago is after the file's last event, nine minutes ago.
    const ago = (minutes) =>
      app.page.evaluate((minutes) => {
        const at = new Date(Math.floor((Date.now() - minutes * 60_000) / 60_000) * 60_000);
        const two = (number) => String(number).padStart(2, "0");
        const local = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
        return { local, utc: at.toISOString().replace(".000Z", "Z") };
      }, minutes);
    const early = await ago(60);
    await app.session.setTime(early.local);
    await app.until(() => document.querySelector("#when-warning")?.innerText.startsWith("Before the session\u2019s last event, "));
    await app.session.setTime((await ago(-60)).local);
    await app.until(() => document.querySelector("#when-warning")?.innerText === "This time is in the future.");
    const then = await ago(3);
    await app.session.setTime(then.local);
    await app.until(() => document.querySelector("#when-warning") === null);
    assert.equal(await app.page.$eval(".field-head:has([for=field-when]) .field-unit", (unit) => unit.innerText), zone);
    await app.until(
      (utc) => [`"writing_completed": "${utc}"`, `"at": "${utc}"`].every((it) => document.querySelector(".preview").textContent.includes(it)),
      then.utc,
    );
    await app.session.apply();
    await app.session.factIs("State", "EVALUATING");
  });

  test("gates are a list with their thresholds, and those that fail are marked", async ({ open }) => {
    const file = session({ number: 34, done: 2, minutesAgo: 5 });
    const app = await openAt(open, [file], file.id);
    await app.session.fillIn("Quality failure", { "Brand consistency": "82 %", Engagement: "0.9" });
    await app.until(() => document.querySelector("#failed-brand_consistency").checked);
    await app.click("checkbox", "Technical failed");
    await app.until(
      (gates) => {
        const rows = [...document.querySelectorAll(".gate-field")].map((row) => [
          row.querySelector("label").innerText,
          row.querySelector(".gate-needs").innerText,
          row.querySelector("[type=checkbox]").checked,
        ]);
        return JSON.stringify(rows) === JSON.stringify(gates);
      },
      [
        ["Comprehension", "needs 0.85", false],
        ["Brand consistency", "needs 0.90 \u00b7 = 0.82", true],
        ["Engagement", "needs 0.80", false],
        ["Technical", "needs 0.85", true],
        ["Overall", "needs 0.85", false],
      ],
    );
    await app.fill("textbox", "Other failed gates", "accuracy");
    await app.session.preview();
    await app.session.apply();
    await app.says("Sent back to research (technical, accuracy, brand_consistency). Next: start research_coordinator.");
  });

  test("no label is cut, in the panel, on a phone and zoomed in", async ({ open }) => {
    const file = session({ number: 34, done: 2, minutesAgo: 5 });
    const app = await openAt(open, [file], file.id);
    const cut = () =>
      app.page.$$eval(".action-form :is(label, legend, .field-unit, .gate-needs, .field-head, button)", (labels) =>
        labels
          .filter((label) => label.checkVisibility() && !label.classList.contains("sr-only") && label.getClientRects().length > 0)
          .filter((label) => label.scrollWidth > label.clientWidth + 1 && getComputedStyle(label).display !== "inline")
          .map((label) => label.innerText),
      );
    // 720 px is 1440 px at 200 %, 360 px at 400 %.
    for (const width of [1440, 1180, 720, 390, 360]) {
      await app.page.setViewport({ width, height: 844 });
      await app.until((width) => innerWidth === width, width);
      for (const form of ["Complete", "Quality failure"]) {
        if (width <= 760 && !(await app.page.$(".actions-up"))) await app.press(".actions-handle");
        await app.session.fillIn(form);
        await app.find("button", "Apply");
        assert.deepEqual(await cut(), [], `${form} at ${width} px`);
        await app.click("button", "Cancel");
      }
    }
  });
});

suite("a session's next step", ({ test }) => {
  test("is the main action, and the only one", async ({ open }) => {
    const failed = session({ number: 32, done: 2, status: "failed", minutesAgo: 25 });
    const last = session({ number: 33, done: 3, minutesAgo: 5 });
    const app = await openAt(open, [failed, last], failed.id);
    await app.session.mainActionIs("Retry");
    await app.session.fillIn("Retry");
    await app.session.preview();
    assert.deepEqual(await app.session.mainAction(), ["Apply"]);
    await app.session.apply();
    await app.session.mainActionIs("Start");
    await app.session.fillIn("Start");
    await app.session.preview();
    await app.session.apply();
    await app.session.mainActionIs("Complete");
    assert.equal(await app.page.$eval(".transitions button", (first) => first.innerText.trim()), "Complete");
    await app.visit(`#/sessions/${last.id}`);
    await app.session.mainActionIs("Complete");
    await app.session.fillIn("Complete");
    await app.session.preview();
    await app.session.apply();
    await app.session.factIs("State", "COMPLETE");
    await app.session.mainActionIs("Review and export");
    await app.click("link", "Review and export");
    await app.until(() => location.hash === "#/changes");
  });

  test("is what a failed evaluation asks for, before whoever works on it", async ({ open }) => {
    const file = sentBack({ number: 35, topic: "What the tide took" });
    const app = await openAt(open, [file], file.id);
    for (const section of ["Feedback from evaluation", "Feedback to work on"]) {
      const { sentence, lists } = await app.session.feedback(section);
      assert.equal(sentence, "Sent back by evaluation: brand_consistency 0.82 < 0.90, technical.");
      assert.equal(lists.Feedback.length, 3, "a long list is folded");
      assert.deepEqual(lists["Adjustments needed"], ["Normalise the level of the interview"]);
    }
    await app.click("button", "Show all 4");
    await app.until(() => document.querySelector(".sent-back .notes").querySelectorAll("li").length === 4);
    assert.match(await app.session.fact("Health"), /^At risk/);
    const previous = await app.page.$$eval(".agents .previous", (marks) => marks.map((mark) => mark.closest("td").dataset.label));
    assert.deepEqual(previous, ["Quality", "Duration", "Output"]);
    await app.session.tab("Quality & cost");
    await app.until(() => document.querySelectorAll(".limits-table .previous").length === 3);
    await assertAccessible(app.page);
  });
});

suite("a session's outlook", ({ test }) => {
  test("says who works since when, and when it should be done", async ({ open }) => {
    const onTime = session({ number: 31, done: 1, minutesAgo: 2 });
    const late = session({ number: 32, done: 1, minutesAgo: 90, due: 5 });
    const ready = session({ number: 33, done: 2, status: "pending", minutesAgo: 30 });
    const failed = session({ number: 34, done: 2, status: "failed" });
    const app = await openAt(open, [onTime, late, ready, failed], onTime.id);
    assert.match(await app.session.fact("Activity"), /^Running for \d+ min/);
    assert.match(await app.session.fact("Expected"), /^(\d+ \w+ )?\d\d:\d\d, in \d+ (min|h)$/);
    assert.equal(await app.session.fact("Next agent"), "quality_evaluator");
    await app.focus(".headline .moment");
    await app.until(() => /\d{4}, \d\d:\d\d:\d\d /.test(document.querySelector("#tip")?.innerText ?? ""));
    await app.visit(`#/sessions/${late.id}`);
    await app.until(() => document.querySelector(".headline")?.innerText.match(/1 h( \d+ min)? late/));
    await app.visit(`#/sessions/${ready.id}`);
    await app.until(() => document.querySelector(".headline")?.innerText.includes("Ready to start"));
    await app.visit(`#/sessions/${failed.id}`);
    await app.session.factIs("Expected", "\u2013");
  });
});

suite("a session's neighbours", ({ test }) => {
  test("are those of the list, by link and by key", { firefox: true }, async ({ open }) => {
    const files = [1, 2, 3, 4].map((number) =>
      session({ number, topic: `Tale ${number}`, status: number === 4 ? "in_progress" : "failed", minutesAgo: number }),
    );
    const app = await App.open(open);
    await app.drop(files);
    await app.visit("#/sessions?state=FAILED&sort=episode");
    await app.sessions.rows(3);
    await app.sessions.open("Tale 2");
    const place = (words) => app.until((words) => document.querySelector(".neighbours")?.innerText.trim() === words, words);
    await app.session.shown("Tale 2");
    await place("2 of 3");
    await app.page.keyboard.press("J");
    await app.session.shown("Tale 3");
    await place("3 of 3");
    await app.page.keyboard.press("J");
    await app.until(() => document.querySelector(".neighbour-next").getAttribute("aria-disabled") === "true");
    await app.page.keyboard.press("K");
    await app.session.shown("Tale 2");
    await app.click("link", "Previous session");
    await app.session.shown("Tale 1");
    await place("1 of 3");
    // One that the list left out has a place among all.
    await app.visit(`#/sessions/${files[3].id}`);
    await app.session.shown("Tale 4");
    await place("4 of 4");
    // A key that is typed into a field is text.
    await app.session.fillIn("Fail", {});
    await app.page.keyboard.type("J");
    await app.until(() => document.querySelector("#field-error").value === "J");
  });
});
