import { initSync } from "../callboard_import.js";
import { text } from "../callboard_import_bytes.js";
import { instantiateText } from "../instantiate.js";
import { markReady } from "./ready.js";

instantiateText(text, initSync);
markReady();

/** Does nothing: the module is ready when it is imported. Only the browser's entry has something to load. */
export default async function init() {}

export * from "./importer.js";
