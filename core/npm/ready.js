import { misuse } from "./error.js";

let ready = false;

/** Marks the module as compiled; for its loaders. */
export function markReady() {
  ready = true;
}

/** True once a loader has compiled the module. */
export const isReady = () => ready;

/** Throws if the module is not compiled yet. */
export function assertReady() {
  if (!ready) throw misuse("callboard is not initialised. Call `await init()` first.", "not_initialised");
}
