import module from "../callboard_import_bg.wasm";

import { initSync } from "../callboard_import.js";
import { instantiateCompiled } from "../instantiate.js";
import { markReady } from "./ready.js";

instantiateCompiled(module, initSync, "callboard_import_bg.wasm");
markReady();

/** Does nothing: the module is ready when it is imported. Only the browser's entry has something to load. */
export default async function init() {}

export * from "./importer.js";
