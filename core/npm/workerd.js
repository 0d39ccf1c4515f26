import module from "./callboard_wasm_bg.wasm";

import { initSync } from "./callboard_wasm.js";
import { misuse } from "./error.js";
import { markReady } from "./ready.js";

// Cloudflare Workers compile WebAssembly before they run: the bundler leaves the import to them.
if (!(module instanceof WebAssembly.Module)) {
  const todo = "Have the bundler leave the import of callboard_wasm_bg.wasm to the runtime, as wrangler does";
  throw misuse(`callboard_wasm_bg.wasm was bundled as something else than a compiled module. ${todo}.`, "not_initialised");
}
initSync({ module });
markReady();

/** Only the browser's entry needs it: here the module is ready when it is imported. */
export default async function init() {}

export * from "./session.js";
