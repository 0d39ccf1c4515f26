import { initSync } from "./callboard_wasm.js";
import { text } from "./callboard_wasm_bytes.js";
import { decoded } from "./decode.js";
import { misuse } from "./error.js";
import { markReady } from "./ready.js";

instantiate();
markReady();

/** Instantiates the module from the bytes in the code, so that no bundler has a file to find or lose. */
function instantiate() {
  const module = decoded(text);
  try {
    initSync({ module });
  } catch (error) {
    const todo =
      "Cloudflare Workers need the bundler's condition workerd; a page's content security policy needs 'wasm-unsafe-eval'";
    throw misuse(`WebAssembly cannot be compiled here: ${error.message}. ${todo}.`, "not_initialised", error);
  }
}

/** Does nothing: the module is ready when it is imported. Only the browser's entry has something to load. */
export default async function init() {}

export * from "./session.js";
