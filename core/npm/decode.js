/** Decodes the module's bytes from their text in the code. */
export function decoded(text) {
  // Node's own decoder is several times quicker.
  if (globalThis.Buffer !== undefined) return globalThis.Buffer.from(text, "base64");
  const binary = atob(text);
  const all = new Uint8Array(binary.length);
  for (let at = 0; at < all.length; at++) all[at] = binary.charCodeAt(at);
  return all;
}
