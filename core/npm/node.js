import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { initSync } from "./callboard_wasm.js";
import { misuse } from "./error.js";
import { markReady } from "./ready.js";

const WASM = "callboard_wasm_bg.wasm";

initSync({ module: bytes() });
markReady();

/**
 * The module's bytes: beside this file, or from the installed package where a bundler has put this file into another
 * and left the module behind.
 */
function bytes() {
  try {
    return readFileSync(new URL("./callboard_wasm_bg.wasm", import.meta.url));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  try {
    return readFileSync(createRequire(import.meta.url).resolve(`callboard/${WASM}`));
  } catch {
    const todo = `copy it there from node_modules/callboard, or leave callboard out of the bundle`;
    throw misuse(`${WASM} is not beside the bundle that holds callboard: ${todo}.`, "not_initialised");
  }
}

/** Needed in browsers only: here the module is ready when it is imported. */
export default async function init() {}

export * from "./session.js";
