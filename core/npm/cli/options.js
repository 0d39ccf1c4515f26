import { parseArgs } from "node:util";

import { Session, dashboard } from "callboard";

import { didYouMean } from "../store/nearest.js";
import { UsageError } from "./usage.js";

/** Options of every command. */
const SHARED_OPTIONS = { help: { type: "boolean", short: "h", about: "show this help" } };

/** Options that several commands take. */
export const DIR = { type: "string", value: "<folder>", about: "folder of the sessions (default: found from here upwards)" };
export const POLICY = { type: "string", value: "<file>", about: "file with the policy (default: the callboard.json found)" };
export const JSON_OPTION = { type: "boolean", about: "print one JSON document, errors included" };
export const NOW = { type: "string", value: "<time>", about: "time to use as now, such as 2024-08-11T14:30:00Z" };

/** Options for the folder of the sessions and their policy. */
export const WHERE = { dir: DIR, policy: POLICY };

/** Returns every option of a command. */
export const optionsOf = (command) => ({ ...command.options, ...SHARED_OPTIONS });

/** Reads a command's options and arguments. */
export function read(command, args) {
  const options = {};
  for (const [name, { type, short, multiple = false }] of Object.entries(optionsOf(command))) {
    options[name] = short === undefined ? { type, multiple } : { type, short, multiple };
  }
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    if (!String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
    const dashed = / '(--[\w-]+)' argument is ambiguous/.exec(error.message)?.[1];
    if (dashed !== undefined) throw new UsageError(`${dashed} has no value.`, `Write a value that begins with a dash as ${dashed}=-1.`);
    if (error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw unknownOption(error, command);
    throw new UsageError(`${error.message.split(".")[0]}.`, "See --help.");
  }
  const { least, most } = command.arguments;
  const given = parsed.positionals.length;
  if (!parsed.values.help && (given < least || given > most)) {
    throw new UsageError(`The number of arguments is wrong. Usage: callboard ${command.usage}.`, "See --help.");
  }
  return parsed;
}

function unknownOption(error, command) {
  const [, name] = /'(-[^' ]*)/.exec(error.message) ?? [];
  const names = Object.keys(optionsOf(command)).map((option) => `--${option}`);
  const hint = (name === undefined ? undefined : didYouMean(name, names, String)) ?? `The options are ${names.join(", ")}.`;
  return new UsageError(`${error.message.split(".")[0]}.`, hint, { code: "unknown_option" });
}

/** Throws for a time that the core cannot read. */
export function assertTime(now) {
  if (now !== undefined && !isTime(now)) throw new UsageError(`--now must be a time such as 2024-08-11T14:30:00Z, not "${now}".`);
}

/** True if the core can read a text as a time. */
function isTime(now) {
  try {
    dashboard([], { now });
    return true;
  } catch (error) {
    if (error.code !== "invalid_value") throw error;
    return false;
  }
}

/** Reads the number in an option's value. */
export function number(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new UsageError(`--${name} must be a number, not "${text}".`);
  }
  return value;
}

/** Passes a stored session to `work` under a policy, and frees it. */
export async function look(stored, policy, work) {
  const session = Session.parse(stored.text, { file: stored.file, policy });
  try {
    return await work(session);
  } finally {
    session.free();
  }
}
