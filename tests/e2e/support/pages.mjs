// Every page of the app, and what opens on it, with sessions to show.
import { readFile } from "node:fs/promises";

import { EP001, ep001, planned, session, sessions } from "../data.mjs";
import { App } from "../pages/app.mjs";
import { NARROW, resize } from "./everywhere.mjs";

const ID = "ep_001_20240811_1430";
const SOAP = "ep_022_20251005_081500";

const failed = session({ number: 90, done: 1, status: "failed", minutesAgo: 25, topic: "A bell for every harbour" });
const running = planned(session({ number: 91, done: 1, minutesAgo: 3, topic: "The tide that came twice" }), {
  owner: "Mira",
  due: "2030-12-05",
  labels: ["season 2"],
});

/** A session of another pipeline. */
const soap = async () => ({
  name: "state.json",
  bytes: await readFile(new URL(`../../fixtures/foreign/tree/${SOAP}/state.json`, import.meta.url)),
});

/**
 * @typedef {object} Place a page, or what opens on it
 * @property {string} hash its address
 * @property {string} shown selector of an element that shows that the page is there
 * @property {string} [heading] its heading, as the page before may have such an element too
 * @property {(app: App) => Promise<unknown>} [act] opens what is meant
 * @property {string} [within] selector of the part that is in use; the rest is covered
 * @property {{width: number, height: number}} [size] the window in which it exists, if not in all
 */

/** Opens the form of an event, which a narrow page has in a sheet. */
async function openForm(app) {
  const isNarrow = () => app.page.$eval(".actions-handle", (handle) => handle.checkVisibility()).catch(() => false);
  if ((await isNarrow()) && !(await app.page.$(".actions-up"))) await app.press(".actions-handle");
  await app.session.fillIn("Complete");
  await app.find("button", "Apply");
}

/** Selects a session of the list, and opens the preview of a bulk action. */
async function openBulk(app) {
  await app.focus("tbody .row-link");
  await app.page.keyboard.press("x");
  await app.click("button", "Start\u2026");
  await app.find("region", "Preview");
}

/** @type {Record<string, Place>} */
export const PAGES = {
  dashboard: { hash: "#/", shown: ".needs-attention" },
  list: { hash: "#/sessions", shown: "table.sessions tbody tr" },
  session: { hash: `#/sessions/${ID}`, shown: "#tab-panel > *" },
  "session diagram": { hash: `#/sessions/${ID}?tab=diagram`, shown: "#tab-diagram[aria-selected=true]" },
  "session quality": { hash: `#/sessions/${ID}?tab=quality`, shown: "#tab-quality[aria-selected=true]" },
  "session handoffs": { hash: `#/sessions/${ID}?tab=handoffs`, shown: "#tab-handoffs[aria-selected=true]" },
  "session history": { hash: `#/sessions/${ID}?tab=history`, shown: "#tab-history[aria-selected=true]" },
  "session JSON": { hash: `#/sessions/${ID}?tab=json`, shown: "#tab-json[aria-selected=true]" },
  "event form": { hash: `#/sessions/${running.id}`, shown: ".session", heading: "The tide that came twice", act: openForm, within: ".actions" },
  "imported session": { hash: `#/imported/${SOAP}`, shown: `.imported[data-imported-session="${SOAP}"]` },
  timeline: { hash: "#/timeline", shown: ".work-row", heading: "Timeline" },
  schedule: { hash: "#/schedule", shown: ".schedule-week", heading: "Schedule" },
  report: { hash: "#/report", shown: ".report-section", heading: "Production report" },
  "new session": { hash: "#/new", shown: "main h1", heading: "New session" },
  changes: { hash: "#/changes", shown: ".changed-file", heading: "Changes" },
  import: { hash: "#/import", shown: ".import-row", heading: "Import" },
  settings: { hash: "#/settings", shown: "#zone", heading: "Settings" },
  unknown: { hash: "#/nowhere", shown: "main h1", heading: "Page not found" },
  "split view": {
    hash: `#/sessions?open=${running.id}`,
    shown: ".split-detail .session-head",
    size: { width: 1700, height: 1000 },
  },
  "bulk panel": { hash: "#/sessions?state=RETRY", shown: "table.sessions tbody tr", act: openBulk },
  palette: { hash: "#/", shown: ".needs-attention", act: (app) => app.palette.open(), within: "[role=dialog]" },
  "More menu": {
    hash: "#/",
    shown: ".needs-attention",
    act: (app) => app.click("disclosure", "More", { within: "nav" }),
    within: ".nav-more",
    size: NARROW,
  },
};

/** Opens the app with sessions in every state, one of another pipeline, a broken file, and a change. */
export async function openFilled(open) {
  const app = await App.open(open);
  const files = [{ name: EP001, bytes: await ep001() }, failed, running, await soap(), ...sessions(12), { name: "broken.json", bytes: "{" }];
  await app.drop(files);
  await app.click("button", "Close the import report");
  // A change, so that Changes and the status line have something to show.
  await app.visit("#/");
  await app.dashboard.act(failed.id);
  await app.says("will be retried");
  return app;
}

/** Shows a page, in the window in which it exists. */
export async function show(app, { hash, shown, heading, act, size }) {
  if (size) await resize(app.page, size);
  // A pointer that rests on a control of the next page would open its tip.
  await app.page.mouse.move(2, 2);
  await app.visit(hash);
  await app.explained(app.page.waitForSelector(shown, { visible: true }), `no ${shown}`);
  if (heading) await app.find("heading", heading);
  await act?.(app);
}

/** Closes what was opened on a page. */
export async function leave(app, { act }) {
  if (act) await app.page.keyboard.press("Escape");
}
