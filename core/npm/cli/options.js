import { parseArgs } from "node:util";

import { Session, dashboard, sessionFolder } from "callboard";
import { FileStore } from "../store/file.js";

/** A command line that cannot be meant. */
export class UsageError extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** What every command takes. */
const COMMON = { help: { type: "boolean", short: "h", about: "show this help" } };

/** Options that several commands take. */
export const DIR = { type: "string", value: "<folder>", about: `where the sessions are (default: ${sessionFolder()})` };
export const JSON_OPTION = { type: "boolean", about: "print JSON" };
export const NOW = { type: "string", value: "<time>", about: "the time to go by, such as 2024-08-11T14:30:00Z (default: now)" };

/** Every option of a command. */
export const optionsOf = (command) => ({ ...command.options, ...COMMON });

/** Reads a command's options and arguments. */
export function read(command, args) {
  const options = {};
  for (const [name, { type, short }] of Object.entries(optionsOf(command))) {
    options[name] = short === undefined ? { type } : { type, short };
  }
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    if (!String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
    const dashed = / '(--[\w-]+)' argument is ambiguous/.exec(error.message)?.[1];
    if (dashed !== undefined) throw new UsageError(`${dashed} has no value.`, `One that begins with a dash is written ${dashed}=-1.`);
    throw new UsageError(`${error.message.split(".")[0]}.`, "See --help.");
  }
  const { least, most } = command.arguments;
  const given = parsed.positionals.length;
  if (!parsed.values.help && (given < least || given > most)) {
    throw new UsageError(`This is called as: callboard ${command.usage}.`, "See --help.");
  }
  return parsed;
}

/** The store that the options name, with their time. */
export function store({ dir, now }) {
  if (dir === "") throw new UsageError("--dir must name a folder, and is empty.");
  if (now !== undefined && !isTime(now)) throw new UsageError(`--now must be a time such as 2024-08-11T14:30:00Z, not "${now}".`);
  return new FileStore(dir, { now: () => now ?? new Date() });
}

/** Whether a text is a time, as the core reads one. */
function isTime(now) {
  try {
    dashboard([], { now });
    return true;
  } catch (error) {
    if (error.code !== "invalid_value") throw error;
    return false;
  }
}

/** A number that an option gives. */
export function number(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new UsageError(`--${name} must be a number, not "${text}".`);
  }
  return value;
}

/** Opens a stored session for a look under a policy, and frees it. */
export async function look(stored, policy, work) {
  const session = Session.parse(stored.text, { file: stored.file, policy });
  try {
    return await work(session);
  } finally {
    session.free();
  }
}
