import { sentence } from "./apply.js";
import { find } from "./ids.js";
import { JSON_OPTION, NOW, WHERE } from "./options.js";
import { json, plain } from "./style.js";

export const resume = {
  usage: "session resume <id> [--override] [--reason <text>]",
  summary: "let a failed or stalled agent try again",
  about: "Lets the session's current agent try again, if it has failed or stalled.",
  arguments: { least: 1, most: 1 },
  options: {
    override: { type: "boolean", about: "resume an escalated session too; its retries count from 0 again" },
    reason: { type: "string", value: "<text>", about: "reason, for the session's history" },
    ...WHERE,
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, positionals: [given], out }) {
    const { override, reason } = values;
    const { store, id } = await find(given, values);
    const outcome = await store.resume(id, { override, reason });
    out(values.json ? json(outcome, 2) : sentence(plain(outcome)));
  },
};
