import { tell } from "./apply.js";
import { DIR, JSON_OPTION, NOW, store } from "./options.js";

export const resume = {
  usage: "session resume <id> [--override] [--reason <text>]",
  summary: "let a failed or stalled agent try again",
  about: "Lets the session's current agent try again: one that has failed, or that is long overdue.",
  arguments: { least: 1, most: 1 },
  options: {
    override: { type: "boolean", about: "also where the session is escalated; its retries are counted afresh" },
    reason: { type: "string", value: "<text>", about: "why, for the session's history" },
    dir: DIR,
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, positionals: [id], out }) {
    const { override, reason } = values;
    return tell(values.json, out, () => store(values).resume(id, { override, reason }));
  },
};
