import load from "../callboard_import.js";
import { loader } from "../loader.js";
import { isReady, markReady } from "./ready.js";

const NAMES = { entry: "callboard/import", inline: "callboard/import/inline", file: "callboard_import_bg.wasm" };

/** Loads the module; by default from its file in the package, which bundlers find by this line. */
const init = loader(load, { isReady, markReady }, NAMES, () => new URL("../callboard_import_bg.wasm", import.meta.url));

export default init;

export * from "./importer.js";
