import load from "./callboard_wasm.js";
import { misuse } from "./error.js";
import { markReady } from "./ready.js";

let loading;

/**
 * Loads the module, once: later calls wait for the first. A failed load can be tried again.
 * @param {string | URL | Request | Response | BufferSource | WebAssembly.Module} [source]
 *   where the .wasm file is, if not beside this one
 */
export default function init(source = new URL("./callboard_wasm_bg.wasm", import.meta.url)) {
  loading ??= load({ module_or_path: source }).then(markReady, (error) => {
    loading = undefined;
    const from = typeof source === "string" || source instanceof URL ? ` from ${source}` : "";
    const todo = "Serve callboard_wasm_bg.wasm there, or give init its address";
    throw misuse(`The module could not be loaded${from}: ${error?.message ?? error}. ${todo}.`, "not_initialised", error);
  });
  return loading;
}

export * from "./session.js";
