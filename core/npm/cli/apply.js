import { text } from "node:stream/consumers";

import { find } from "./ids.js";
import { JSON_OPTION, NOW, WHERE } from "./options.js";
import { json, plain } from "./style.js";
import { UsageError } from "./usage.js";

export const apply = {
  usage: "apply <id> <event>",
  summary: "apply an event to a session",
  about: `Applies an event to a session, and prints the next step. The event is JSON, or - to read it from standard
input: '{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}'`,
  more: `An event may carry a "key": sent again with the same key, it changes nothing. With "attempt", the result of an
abandoned attempt is refused.`,
  arguments: { least: 2, most: 2 },
  options: { ...WHERE, json: JSON_OPTION, now: NOW },
  async run({ values, positionals: [given, event], out }) {
    const parsed = parse(event === "-" ? await text(process.stdin) : event);
    const { store, id } = await find(given, values);
    const outcome = await store.apply(id, parsed);
    out(values.json ? json(outcome, 2) : sentence(plain(outcome)));
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

/** Describes an outcome in one or more sentences. */
export function sentence({ event, agent, from, to, next, warnings, duplicate }) {
  const follows = {
    start: `Next: start ${next.agent}.`,
    work: `${next.agent} is running.`,
    retry: `Next: retry ${next.agent}.`,
    escalate: `${next.agent} is escalated: decide, and resume it with --override.`,
    done: "The session is complete.",
  };
  const moved = from === to ? to : `${from} → ${to}`;
  const did = duplicate === undefined ? `${agent}: ${moved}.` : `${agent}: nothing changed, this ${event} was recorded before.`;
  return [`${did} ${follows[next.step]}`, ...warnings.map(({ message }) => `Warning: ${message}`)].join("\n");
}
