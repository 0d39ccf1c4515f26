import { setImmediate } from "node:timers/promises";

/** Milliseconds of work after which others get their turn. */
export const SLICE = 8;

/** Items one after another, such that synchronous work on each of very many does not hold up the process. */
export async function* sliced(items) {
  let end = performance.now() + SLICE;
  for (const item of items) {
    yield item;
    if (performance.now() < end) continue;
    await setImmediate();
    end = performance.now() + SLICE;
  }
}
