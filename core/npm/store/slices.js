import { setImmediate } from "node:timers/promises";

/** Milliseconds of work after which other tasks get their turn. */
export const SLICE = 8;

/** Yields items one after another, with pauses, so that synchronous work on very many does not block the process. */
export async function* sliced(items) {
  let end = performance.now() + SLICE;
  for (const item of items) {
    yield item;
    if (performance.now() < end) continue;
    await setImmediate();
    end = performance.now() + SLICE;
  }
}
