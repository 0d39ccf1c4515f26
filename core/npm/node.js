import { readFileSync } from "node:fs";
import { initSync } from "./callboard_wasm.js";
import { markReady } from "./session.js";

initSync({ module: readFileSync(new URL("./callboard_wasm_bg.wasm", import.meta.url)) });
markReady();

/** Needed in browsers only: here the module is ready when it is imported. */
export default async function init() {}

export { CallboardError, Session, dashboard, merge, sessionFileNames, sessionFolder } from "./session.js";
