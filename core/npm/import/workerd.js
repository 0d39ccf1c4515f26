import module from "../callboard_import_bg.wasm";

import { initSync } from "../callboard_import.js";
import { misuse } from "../error.js";

// As in workerd.js: the bundler leaves the import to the runtime.
if (!(module instanceof WebAssembly.Module)) {
  const todo = "Have the bundler leave the import of callboard_import_bg.wasm to the runtime, as wrangler does";
  throw misuse(`callboard_import_bg.wasm is not a compiled module in this bundle. ${todo}.`, "not_initialised");
}
initSync({ module });

export * from "./importer.js";
