// Holding the browser's storage back, so that what waits for it can be seen to wait.

/**
 * Keeps every other writing to the sessions waiting until `letGo` is called.
 *
 * @param {import("puppeteer-core").Page} page
 */
export async function holdStorage(page) {
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("callboard");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const sessions = database.transaction("sessions", "readwrite").objectStore("sessions");
          let held = true;
          // A transaction lives as long as something is asked of it.
          const ask = () => {
            sessions.count().onsuccess = () => {
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
  );
}

/** Lets those that wait have their turn. */
export const letGo = (page) => page.evaluate(() => globalThis.letGo());

/** From now on the browser's disk is full, until `mend`. */
export const fillDisk = (page) =>
  page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    globalThis.mend = () => {
      IDBObjectStore.prototype.put = put;
    };
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    };
  });

/** The disk has room again. */
export const mend = (page) => page.evaluate(() => globalThis.mend());

/** Every stored record. */
export const stored = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("callboard");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const asked = opening.result.transaction("sessions").objectStore("sessions").getAll();
          asked.onsuccess = () => {
            opening.result.close();
            resolve(asked.result);
          };
        };
      }),
  );
