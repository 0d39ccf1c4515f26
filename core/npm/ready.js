import { misuse } from "./error.js";

/** Returns the state of a WebAssembly module: not compiled, until its loader marks it. */
export function readiness(entry) {
  let ready = false;
  return {
    /** Marks the module as compiled; for its loaders. */
    markReady() {
      ready = true;
    },
    /** True once a loader has compiled the module. */
    isReady: () => ready,
    /** Throws if the module is not compiled yet. */
    assertReady() {
      if (!ready) throw misuse(`${entry} is not initialised. Call \`await init()\` first.`, "not_initialised");
    },
  };
}

export const { markReady, isReady, assertReady } = readiness("callboard");
