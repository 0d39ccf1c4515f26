// The module with little memory: `limited(pages)` returns its bytes with a memory limit in pages of 64 KB.
import { readFileSync } from "node:fs";

const MEMORY = 5;

export function limited(pages) {
  const bytes = readFileSync(new URL("callboard_wasm_bg.wasm", import.meta.resolve("callboard/package.json")));
  const number = (at) => {
    let [value, shift, end] = [0, 0, at];
    do value |= (bytes[end] & 127) << (7 * shift++);
    while (bytes[end++] & 128);
    return { value, end };
  };
  // After the magic number and the version follow the sections: kind, size, content.
  for (let at = 8; at < bytes.length; ) {
    const { value: size, end: from } = number(at + 1);
    if (bytes[at] === MEMORY) {
      // One memory, its limit if any, and its initial size.
      const { value: least } = number(from + 2);
      const section = [1, 1, ...leb(least), ...leb(pages)];
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([MEMORY, section.length, ...section]), bytes.subarray(from + size)]);
    }
    at = from + size;
  }
  throw new Error("The module has no memory of its own.");
}

function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}
