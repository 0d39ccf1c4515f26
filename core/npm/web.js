import load from "./callboard_wasm.js";
import { misuse } from "./error.js";
import { isReady, markReady } from "./ready.js";

let loading;

/**
 * Loads the module once: later calls wait for the first. A failed load can be tried again. With callboard/inline there
 * is nothing to load.
 * @param {string | URL | Request | Response | BufferSource | WebAssembly.Module} [source]
 *   the .wasm file: its address, its response or its contents; by default the file beside this one
 */
export default function init(source) {
  loading ??= begin(source).then(markReady, (error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function begin(given) {
  if (isReady()) return;
  const source = (await given) ?? ownAddress();
  try {
    await load({ module_or_path: isFetched(source) ? await fetched(source) : source });
  } catch (error) {
    throw notLoaded(addressOf(source), error?.message ?? error, error);
  }
}

/** Returns the address of the .wasm file beside this script. Bundlers find the file by this line. */
function ownAddress() {
  try {
    return new URL("./callboard_wasm_bg.wasm", import.meta.url);
  } catch (error) {
    throw notLoaded(undefined, "the script that holds callboard does not know its own address", error);
  }
}

function notLoaded(address, reason, cause) {
  const from = address === undefined ? "" : ` from ${address}`;
  const todo = "Serve callboard_wasm_bg.wasm there, or give init its address; callboard/inline needs no file";
  return misuse(`The module could not be loaded${from}: ${reason}. ${todo}.`, "not_initialised", cause);
}

/** True for an address or a request to fetch, and for a response. */
const isFetched = (source) =>
  typeof source === "string" || source instanceof URL || source instanceof Request || source instanceof Response;

const addressOf = (source) =>
  source instanceof Request || source instanceof Response ? source.url || undefined : isFetched(source) ? source : undefined;

/** Fetches the module: a response that can be compiled while it arrives, else the bytes. */
async function fetched(source) {
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) throw new Error(`the server answered ${`${response.status} ${response.statusText}`.trim()}`);
  const type = response.headers.get("content-type");
  // Compilation on arrival requires exactly this type; bytes may have any.
  if (type === "application/wasm") return response;
  const bytes = await response.arrayBuffer();
  if (!isModule(new Uint8Array(bytes))) throw new Error(`the server answered with ${type ?? "content"}, which is not WebAssembly`);
  return bytes;
}

/** First bytes of every module. */
const MAGIC = [0, 0x61, 0x73, 0x6d];

const isModule = (bytes) => MAGIC.every((byte, at) => bytes[at] === byte);

export * from "./session.js";
