import { initSync } from "../callboard_import.js";
import { text } from "../callboard_import_bytes.js";
import { decoded } from "../decode.js";
import { misuse } from "../error.js";

instantiate();

/** Instantiates the module from the bytes in the code, as `callboard/inline` does. */
function instantiate() {
  const module = decoded(text);
  try {
    initSync({ module });
  } catch (error) {
    throw misuse(`WebAssembly cannot be compiled here: ${error.message}.`, "not_initialised", error);
  }
}

export * from "./importer.js";
