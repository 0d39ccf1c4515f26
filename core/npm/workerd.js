import module from "./callboard_wasm_bg.wasm";

import { initSync } from "./callboard_wasm.js";
import { misuse } from "./error.js";
import { markReady } from "./ready.js";

// Cloudflare Workers compile WebAssembly before they run: the bundler leaves the import to them.
if (!(module instanceof WebAssembly.Module)) {
  const todo = "Have the bundler leave the import of callboard_wasm_bg.wasm to the runtime, as wrangler does";
  throw misuse(`callboard_wasm_bg.wasm is not a compiled module in this bundle. ${todo}.`, "not_initialised");
}
initSync({ module });
markReady();

/** Does nothing: the module is ready when it is imported. Only the browser's entry has something to load. */
export default async function init() {}

export * from "./session.js";
