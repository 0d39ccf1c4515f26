import module from "./callboard_wasm_bg.wasm";

import { initSync } from "./callboard_wasm.js";
import { instantiateCompiled } from "./instantiate.js";
import { markReady } from "./ready.js";

instantiateCompiled(module, initSync, "callboard_wasm_bg.wasm");
markReady();

/** Does nothing: the module is ready when it is imported. Only the browser's entry has something to load. */
export default async function init() {}

export * from "./session.js";
