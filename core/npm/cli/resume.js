import { sentence } from "./apply.js";
import { showForeign } from "./foreign.js";
import { find } from "./ids.js";
import { JSON_OPTION, NOW, WHERE } from "./options.js";
import { json, plain } from "./style.js";
import { SHAPES, assertNoShapes } from "./tree.js";

export const resume = {
  usage: "session resume <id> [<tree>] [--override] [--reason <text>]",
  summary: "let a failed or stalled agent try again",
  about: "Lets the session's current agent try again, if it has failed or stalled.",
  more: "With a tree, changes nothing: shows the resume point of another pipeline's session in this folder and below.",
  arguments: { least: 1, most: 2 },
  options: {
    override: { type: "boolean", about: "resume an escalated session too; its retries count from 0 again" },
    reason: { type: "string", value: "<text>", about: "reason, for the session's history" },
    ...WHERE,
    shapes: SHAPES,
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, positionals: [given, tree], out, paint }) {
    if (tree !== undefined) return showForeign(given, tree, { values, out, paint, onlyResume: true });
    assertNoShapes(values);
    const { override, reason } = values;
    const { store, id } = await find(given, values);
    const outcome = await store.resume(id, { override, reason });
    out(values.json ? json(outcome, 2) : sentence(plain(outcome)));
  },
};
