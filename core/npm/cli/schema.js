import { readFile } from "node:fs/promises";

import { JSON_OPTION } from "./options.js";

export const schema = {
  usage: "schema [--shape]",
  summary: "print the JSON Schema of a session file, or of a shape",
  about: "Prints the JSON Schema of a session file, as Callboard writes it, or that of a shape's definition.",
  arguments: { least: 0, most: 0 },
  // The schema is JSON either way.
  options: { shape: { type: "boolean", about: "print the schema of a definition for other pipelines' files" }, json: JSON_OPTION },
  async run({ values, out }) {
    const file = values.shape ? "../shape.schema.json" : "../schema.json";
    out(await readFile(new URL(file, import.meta.url), "utf8"));
  },
};
