import load from "./callboard_wasm.js";
import { loader } from "./loader.js";
import { isReady, markReady } from "./ready.js";

const NAMES = { entry: "callboard", inline: "callboard/inline", file: "callboard_wasm_bg.wasm" };

/** Loads the module; by default from the file beside this one, which bundlers find by this line. */
const init = loader(load, { isReady, markReady }, NAMES, () => new URL("./callboard_wasm_bg.wasm", import.meta.url));

export default init;

export * from "./session.js";
