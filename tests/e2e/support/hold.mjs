// Delays the browser's storage, its frames or the loading of the app, so that tests can observe the state meanwhile.
import { setTimeout as pause } from "node:timers/promises";

import { PATIENCE } from "./patience.mjs";

/**
 * Blocks all other writes to an object store until `releaseStorage` is called or the page is left.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} [store]
 */
export async function holdStorage(page, store = "sessions") {
  await page.evaluate(
    (store) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("callboard");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const records = database.transaction(store, "readwrite").objectStore(store);
          const { transaction } = IDBDatabase.prototype;
          globalThis.isWriteHeld = false;
          IDBDatabase.prototype.transaction = function (...asked) {
            if (asked[1] === "readwrite" && [asked[0]].flat().includes(store)) globalThis.isWriteHeld = true;
            return transaction.apply(this, asked);
          };
          let held = true;
          // A transaction stays open while it has pending requests.
          const ask = () => {
            records.count().onsuccess = () => {
              if (held) ask();
              else database.close();
              resolve();
            };
          };
          ask();
          globalThis.releaseStorage = () => {
            held = false;
          };
        };
      }),
    store,
  );
}

/** Waits until the app has asked for a write that `holdStorage` blocks. */
export const writeHeld = (page) => page.waitForFunction(() => globalThis.isWriteHeld);

/** Unblocks the writes that `holdStorage` blocks. */
export const releaseStorage = (page) => page.evaluate(() => globalThis.releaseStorage());

/**
 * Delays the app's module. Returns `asked`, a promise of its request, which the test continues or aborts.
 *
 * @param {import("puppeteer-core").Page} page
 */
export async function holdApp(page) {
  let answer;
  const asked = new Promise((resolve) => (answer = resolve));
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (request.url().endsWith(".wasm")) answer(request);
    else request.continue();
  });
  return { asked };
}

/** Queues the page's animation frame callbacks until `releaseFrames` is called. */
export const holdFrames = (page) =>
  page.evaluate(() => {
    const { requestAnimationFrame } = globalThis;
    const waiting = [];
    globalThis.releaseFrames = () => {
      globalThis.requestAnimationFrame = requestAnimationFrame;
      for (const then of waiting) requestAnimationFrame(then);
      return new Promise((resolve) => requestAnimationFrame(() => resolve()));
    };
    globalThis.requestAnimationFrame = (then) => waiting.push(then);
  });

/** Runs the queued callbacks in the next frame, in order, and stops queueing. */
export const releaseFrames = (page) => page.evaluate(() => globalThis.releaseFrames());

/** Holds work that the page splits into tasks until `releaseTasks` is called, as a busy page does; Chromium only. */
export const holdTasks = (page) =>
  page.evaluate(() => {
    const released = new Promise((resolve) => (globalThis.releaseTasks = resolve));
    scheduler.yield = async () => {
      await released;
      delete scheduler.yield;
    };
  });

/** Lets the held work go on. */
export const releaseTasks = (page) => page.evaluate(() => globalThis.releaseTasks());

/** Keeps the page from going on with what it waits for, as a background page does for a while: it holds those locks. */
export const holdWaits = (page) =>
  page.evaluate(() => {
    const { request } = LockManager.prototype;
    LockManager.prototype.request = function (name, options, then) {
      const waits = !options.ifAvailable;
      return request.call(this, name, options, (lock) => (waits ? new Promise(() => {}) : then(lock)));
    };
  });

/** Holds the files that the page saves at the server until `releaseSaves` is called, and counts them from now on. */
export const holdSaves = (page) =>
  page.evaluate(() => {
    const { fetch } = globalThis;
    const released = new Promise((resolve) => (globalThis.releaseSaves = resolve));
    globalThis.savesAsked = 0;
    globalThis.fetch = async (url, options) => {
      if (options?.method === "PUT") {
        globalThis.savesAsked += 1;
        await released;
      }
      return fetch(url, options);
    };
  });

/** Waits until the page has asked for a save that `holdSaves` holds. */
export const saveHeld = (page) => page.waitForFunction(() => globalThis.savesAsked > 0);

/** Returns the number of saves that the page has asked for since `holdSaves`. */
export const savesAsked = (page) => page.evaluate(() => globalThis.savesAsked);

/** Lets the held saves go on. */
export const releaseSaves = (page) => page.evaluate(() => globalThis.releaseSaves());

/** Makes every write fail like on a full disk, until `mend` is called. */
export const fillDisk = (page) =>
  page.evaluate(() => {
    const { add, put } = IDBObjectStore.prototype;
    globalThis.mend = () => {
      Object.assign(IDBObjectStore.prototype, { add, put });
    };
    const refuse = () => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    };
    Object.assign(IDBObjectStore.prototype, { add: refuse, put: refuse });
  });

/** Makes writes succeed again. */
export const mend = (page) => page.evaluate(() => globalThis.mend());

/** Returns all stored records. */
export const stored = (page) => page.evaluate(all, "callboard", "sessions");

/** Replaces a session's record. */
export const damage = (page, id, value) =>
  page.evaluate(
    (id, value) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("callboard");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("sessions", "readwrite");
          transaction.objectStore("sessions").put(value, id);
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    id,
    value,
  );

/** Waits until a draft that contains these words is stored. */
export const draftKept = (page, words) =>
  storedUntil(page, ["callboard", "drafts"], (drafts) => drafts.some(({ text }) => text.includes(words)));

/** Waits until no draft that contains these words is stored. */
export const draftGone = (page, words) =>
  storedUntil(page, ["callboard", "drafts"], (drafts) => !drafts.some(({ text }) => text.includes(words)));

/** Waits until no folder is remembered. */
export const folderForgotten = (page) => storedUntil(page, ["callboard-folder", "folders"], ({ length }) => length === 0);

/** Waits until the entries of an object store meet a condition. */
async function storedUntil(page, store, condition) {
  const giveUp = Date.now() + PATIENCE;
  while (!condition(await page.evaluate(all, ...store))) {
    if (Date.now() > giveUp) throw new Error(`the entries of ${store.join(", ")} do not meet ${condition}`);
    await pause(20);
  }
}

/** Writes the copy of the only stored draft with another text, like a page that is being left. */
export async function copyDraft(page, change) {
  const [draft] = await page.evaluate(all, "callboard", "drafts");
  const copy = JSON.stringify({ ...draft, text: change(draft.text) });
  await page.evaluate((id, copy) => localStorage.setItem(`callboard.draft.${id}`, copy), draft.id, copy);
}

/** Returns all entries of an object store. Runs in the page. */
const all = (database, store) =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = opening.result.transaction(store).objectStore(store).getAll();
      asked.onsuccess = () => {
        opening.result.close();
        resolve(asked.result);
      };
    };
  });
