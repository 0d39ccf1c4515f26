import { misuse } from "./error.js";

let ready = false;

/** Called by the loaders once the module is compiled. */
export function markReady() {
  ready = true;
}

/** Throws where nothing of the module can be called yet. */
export function assertReady() {
  if (!ready) throw misuse("callboard is not initialised: call `await init()` first.", "not_initialised");
}
