import { misuse } from "./error.js";

let ready = false;

/** Called by the loaders once the module is compiled. */
export function markReady() {
  ready = true;
}

/** True once the module can be called, whichever loader has loaded it. */
export const isReady = () => ready;

/** Throws where nothing of the module can be called yet. */
export function assertReady() {
  if (!ready) throw misuse("callboard is not initialised: call `await init()` first.", "not_initialised");
}
