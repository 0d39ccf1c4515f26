import { text } from "node:stream/consumers";

import { DIR, NOW, UsageError, store } from "./options.js";
import { json, plain } from "./style.js";

export const apply = {
  usage: "apply <id> <event>",
  summary: "apply an event to a session",
  about: `Applies an event to a session, and says what comes next. The event is JSON, or - to read it from standard
input: '{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}'`,
  arguments: { least: 2, most: 2 },
  options: { dir: DIR, json: { type: "boolean", about: "print the outcome, or the refusal, as JSON" }, now: NOW },
  async run({ values, positionals: [id, given], out }) {
    const event = parse(given === "-" ? await text(process.stdin) : given);
    return tell(values.json, out, () => store(values).apply(id, event));
  },
};

function parse(text) {
  const hint = "See callboard apply --help.";
  let event;
  try {
    event = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The event is not JSON: ${error.message}.`, hint);
  }
  if (event === null || typeof event !== "object" || Array.isArray(event)) {
    throw new UsageError("The event must be a JSON object.", hint);
  }
  return event;
}

/** Says what comes of a change, its outcome or its refusal; for people, a refusal is an error as any other. */
export async function tell(asJson, out, change) {
  try {
    const outcome = await change();
    out(asJson ? json(outcome) : sentence(plain(outcome)));
    return "done";
  } catch (error) {
    if (!asJson || error.refusal === undefined) throw error;
    out(json({ refusal: error.refusal }));
    return "found";
  }
}

/** What an outcome says, in words. */
function sentence({ event, agent, from, to, next, warnings, duplicate }) {
  const follows = {
    start: `Next: start ${next.agent}.`,
    work: `${next.agent} is at work.`,
    retry: `Next: retry ${next.agent}.`,
    escalate: `${next.agent} needs a decision: resume it with an override.`,
    done: "The session is complete.",
  };
  const moved = from === to ? to : `${from} → ${to}`;
  const did = duplicate === undefined ? `${agent}: ${moved}.` : `${agent}: this ${event} is recorded already, nothing changed.`;
  return [`${did} ${follows[next.step]}`, ...warnings.map(({ message }) => `Warning: ${message}`)].join("\n");
}
