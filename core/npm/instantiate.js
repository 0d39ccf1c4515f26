// Instantiation of a module whose bytes or compiled form are at hand; loader.js is for a file.
import { misuse } from "./error.js";

/** Instantiates a module from its bytes as base64 in the code, so that no bundler has a file to find or lose. */
export function instantiateText(text, initSync) {
  const module = decoded(text);
  try {
    initSync({ module });
  } catch (error) {
    const todo =
      "Cloudflare Workers need the bundler's condition workerd; a page's content security policy needs 'wasm-unsafe-eval'";
    throw misuse(`WebAssembly cannot be compiled here: ${error.message}. ${todo}.`, "not_initialised", error);
  }
}

/** Instantiates a module that the runtime has compiled, as Cloudflare Workers do; throws if a bundler made another thing of it. */
export function instantiateCompiled(module, initSync, file) {
  if (!(module instanceof WebAssembly.Module)) {
    const todo = `Have the bundler leave the import of ${file} to the runtime, as wrangler does`;
    throw misuse(`${file} is not a compiled module in this bundle. ${todo}.`, "not_initialised");
  }
  initSync({ module });
}

function decoded(text) {
  // Node's own decoder is several times quicker.
  if (globalThis.Buffer !== undefined) return globalThis.Buffer.from(text, "base64");
  const binary = atob(text);
  const all = new Uint8Array(binary.length);
  for (let at = 0; at < all.length; at++) all[at] = binary.charCodeAt(at);
  return all;
}
