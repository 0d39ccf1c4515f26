import { readFile } from "node:fs/promises";

import { JSON_OPTION } from "./options.js";

export const schema = {
  usage: "schema",
  summary: "print the JSON Schema of a session file",
  about: "Prints the JSON Schema of a session file, as Callboard writes it.",
  arguments: { least: 0, most: 0 },
  // The schema is JSON either way.
  options: { json: JSON_OPTION },
  async run({ out }) {
    out(await readFile(new URL("../schema.json", import.meta.url), "utf8"));
  },
};
