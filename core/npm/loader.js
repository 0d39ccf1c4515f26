// Loading of a WebAssembly module from its file, for pages.
import { misuse } from "./error.js";

/**
 * Returns the `init` of an entry. It loads the module once: later calls wait for the first. A failed load can be tried
 * again. With the entry's inline form there is nothing to load.
 * @param load the glue's own loader
 * @param ready the module's readiness
 * @param names the entry, its `inline` form and its `file`, for errors
 * @param ownAddress returns the address of the file beside the entry
 */
export function loader(load, { isReady, markReady }, names, ownAddress) {
  let loading;

  async function begin(given) {
    if (isReady()) return;
    const source = (await given) ?? defaultAddress();
    try {
      await load({ module_or_path: isFetched(source) ? await fetched(source) : source });
    } catch (error) {
      throw notLoaded(addressOf(source), error?.message ?? error, error);
    }
  }

  function defaultAddress() {
    try {
      return ownAddress();
    } catch (error) {
      throw notLoaded(undefined, `the script that holds ${names.entry} does not know its own address`, error);
    }
  }

  function notLoaded(address, reason, cause) {
    const from = address === undefined ? "" : ` from ${address}`;
    const todo = `Serve ${names.file} there, or give init its address; ${names.inline} needs no file`;
    return misuse(`The module could not be loaded${from}: ${reason}. ${todo}.`, "not_initialised", cause);
  }

  return function init(source) {
    loading ??= begin(source).then(markReady, (error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
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
