import { dirname, join } from "node:path";

import { CallboardError } from "callboard";

import { create } from "../store/files.js";
import { foreignSession } from "./foreign.js";
import { JSON_OPTION, NOW, assertTime } from "./options.js";
import { json, plain } from "./style.js";
import { SHAPES, importTree } from "./tree.js";

export const convert = {
  usage: "convert <id> [<tree>]",
  summary: "create a session file from another pipeline's session",
  about: `Creates a session file from another pipeline's session in a tree (by default the working folder), beside its files,
and lists what was assumed. No file is changed; a session in an archive is written beside the archive.`,
  arguments: { least: 1, most: 2 },
  options: {
    shapes: SHAPES,
    "dry-run": { type: "boolean", about: "print the text instead of writing it" },
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, positionals: [given, tree = "."], out }) {
    assertTime(values.now);
    const imported = await importTree(tree, values);
    try {
      const session = foreignSession(imported.found, given);
      const { text, file_name, assumptions, left_out } = imported.found.convert(session.key, { now: values.now ?? new Date() });
      const [{ path }] = session.files;
      const file = join(tree, dirname(imported.archiveOf(path) ?? path), file_name);
      if (!values["dry-run"]) await write(file, text);
      if (values.json) return out(json({ file, written: !values["dry-run"], assumptions, left_out, ...(values["dry-run"] && { text }) }, 2));
      if (values["dry-run"]) out(plainLines(text));
      const lines = [values["dry-run"] ? `Would write ${file}.` : `Wrote ${file}.`];
      if (assumptions.length > 0) lines.push("Assumed:", ...assumptions.map((said) => `  ${said}`));
      if (left_out.length > 0) lines.push("Left out:", ...left_out.map((said) => `  ${said}`));
      out(plain(lines).join("\n"));
    } finally {
      imported.free();
    }
  },
};

const plainLines = (text) => text.split("\n").map(plain).join("\n");

/** Writes a new file wholly; never over one. */
async function write(file, text) {
  if (await create(file, text)) return;
  const message = `${file} already exists, and is not overwritten.`;
  throw new CallboardError({ code: "session_exists", message, file, hint: "Move it, or use it as it is." });
}
