export * from "./types/import.js";
export * from "./types/error.js";

/**
 * Loads the import's module, which is another than that of `callboard`. Call it first in a browser; elsewhere, and with
 * `callboard/import/inline`, it does nothing.
 * @param source the .wasm file, if not the one in the package: its address, its response, its bytes, or the compiled
 *   module
 */
export default function init(source?: unknown): Promise<void>;
