// Holding the browser's storage, its frames or the app back, so that what waits for them can be seen to wait.
import { setTimeout as pause } from "node:timers/promises";

/**
 * Keeps every other write to an object store waiting until `letGo` is called or the page is left.
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
          let held = true;
          // A transaction lives as long as something is asked of it.
          const ask = () => {
            records.count().onsuccess = () => {
              if (held) ask();
              else database.close();
              resolve();
            };
          };
          ask();
          globalThis.letGo = () => {
            held = false;
          };
        };
      }),
    store,
  );
}

/** Lets those that wait have their turn. */
export const letGo = (page) => page.evaluate(() => globalThis.letGo());

/**
 * From now on the app does not come to a page until the request for it, that the promise `asked` gives, is continued or
 * aborted.
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

/** From now on no frame is drawn for what the page asks to do with the next one, until `letFramesGo`. */
export const holdFrames = (page) =>
  page.evaluate(() => {
    const { requestAnimationFrame } = globalThis;
    const waiting = [];
    globalThis.letFramesGo = () => {
      globalThis.requestAnimationFrame = requestAnimationFrame;
      for (const then of waiting) requestAnimationFrame(then);
      return new Promise((resolve) => requestAnimationFrame(() => resolve()));
    };
    globalThis.requestAnimationFrame = (then) => waiting.push(then);
  });

/** What waited for a frame has its turn in the next one, in the order in which it was asked for, and then it goes on. */
export const letFramesGo = (page) => page.evaluate(() => globalThis.letFramesGo());

/** From now on the browser's disk is full, until `mend`. */
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

/** The disk has room again. */
export const mend = (page) => page.evaluate(() => globalThis.mend());

/** Every stored record. */
export const stored = (page) => page.evaluate(all, "callboard", "sessions");

/** Puts this in the place of a session's record. */
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

/** Waits until what is being written by hand is kept, as far as to these words. */
export async function draftKept(page, words) {
  const isKept = async () => (await page.evaluate(all, "callboard", "drafts")).some((draft) => draft.text.includes(words));
  const giveUp = Date.now() + 20_000;
  while (!(await isKept())) {
    if (Date.now() > giveUp) throw new Error(`no draft is kept that says ${words}`);
    await pause(20);
  }
}

/** Writes the copy of the only stored draft with another text, as a page does that is left. */
export async function copyDraft(page, change) {
  const [draft] = await page.evaluate(all, "callboard", "drafts");
  const copy = JSON.stringify({ ...draft, text: change(draft.text) });
  await page.evaluate((id, copy) => localStorage.setItem(`callboard.draft.${id}`, copy), draft.id, copy);
}

/** Everything in a store of a database. Runs in the page. */
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
