import { readFile } from "node:fs/promises";

export const schema = {
  usage: "schema",
  summary: "print the JSON Schema of a session file",
  about: "Prints the JSON Schema of a session file, as Callboard writes it.",
  arguments: { least: 0, most: 0 },
  options: {},
  async run({ out }) {
    out(await readFile(new URL("../schema.json", import.meta.url), "utf8"));
  },
};
