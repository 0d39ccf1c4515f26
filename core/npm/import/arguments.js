// Checks of arguments, before they reach the module.
import { misuse } from "../error.js";

export function assertPath(path) {
  if (typeof path !== "string" || path === "") throw misuse("The path of a file must be a string that is not empty.");
}

export function assertBytes(what, bytes) {
  if (!(bytes instanceof Uint8Array)) throw misuse(`${what} takes the file's bytes as a Uint8Array.`);
}

export function assertText(what, text) {
  if (typeof text !== "string") throw misuse(`${what} must be a string.`);
}
