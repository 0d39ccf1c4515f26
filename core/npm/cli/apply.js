import { text } from "node:stream/consumers";

import { DIR, NOW, UsageError, store } from "./options.js";

export const apply = {
  usage: "apply <id> <event>",
  summary: "apply an event to a session",
  about: `Applies an event to a session, and says what comes next. The event is JSON, or - to read it from standard
input: '{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}'`,
  arguments: { least: 2, most: 2 },
  options: { dir: DIR, json: { type: "boolean", about: "print the outcome, or the refusal, as JSON" }, now: NOW },
  async run({ values, positionals: [id, given], out }) {
    const event = parse(given === "-" ? await text(process.stdin) : given);
    try {
      const outcome = await store(values).apply(id, event);
      out(values.json ? JSON.stringify(outcome) : sentence(outcome));
    } catch (error) {
      if (!values.json || error.refusal === undefined) throw error;
      out(JSON.stringify({ refusal: error.refusal }));
      return false;
    }
    return true;
  },
};

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The event is not JSON: ${error.message}.`, "See callboard apply --help.");
  }
}

/** What an outcome says, in words. */
export function sentence({ agent, from, to, next, warnings }) {
  const follows = {
    start: `Next: start ${next.agent}.`,
    work: `${next.agent} is at work.`,
    retry: `Next: retry ${next.agent}.`,
    escalate: `${next.agent} needs a decision: resume it with an override.`,
    done: "The session is complete.",
  };
  const moved = from === to ? to : `${from} → ${to}`;
  return [`${agent}: ${moved}. ${follows[next.step]}`, ...warnings.map(({ message }) => `Warning: ${message}`)].join("\n");
}
