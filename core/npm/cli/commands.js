import { didYouMean } from "../store/nearest.js";
import { apply } from "./apply.js";
import { convert } from "./convert.js";
import { dashboard } from "./dashboard.js";
import { init } from "./init.js";
import { list } from "./list.js";
import { merge } from "./merge.js";
import { optionsOf } from "./options.js";
import { resume } from "./resume.js";
import { schema } from "./schema.js";
import { SERVER_OPTIONS, serveCommand } from "./serve.js";
import { status } from "./status.js";
import { UsageError } from "./usage.js";
import { validate } from "./validate.js";

/** Commands by name. */
export const COMMANDS = new Map(
  Object.entries({
    open: serveCommand,
    "session init": init,
    "session status": status,
    "session resume": resume,
    "session dashboard": dashboard,
    list,
    validate,
    apply,
    merge,
    convert,
    schema,
  }),
);

/** Lists the commands of `callboard session`. */
export const sessionCommands = () => [...COMMANDS].filter(([name]) => name.startsWith("session "));

/** Name of the command that runs if none is given, in a terminal or with one of its own options. */
export const DEFAULT = "open";

/** True if a command line without a command means the default one. */
export const meansDefault = (argv) => (argv.length === 0 ? process.stdout.isTTY === true : argv.some(isServerOption));

const isServerOption = (arg) => arg.startsWith("--") && Object.hasOwn(SERVER_OPTIONS, arg.slice(2).split("=")[0]);

/** Every option by name, as the first command that has it declares it: for options that stand before the command. */
const ANY_OPTION = new Map([...COMMANDS.values()].flatMap((command) => Object.entries(optionsOf(command))));

/**
 * Splits a command line into the name of the command and its other arguments, which include the options before or within
 * the name. There is no `name` if there are only options.
 */
export function split(argv) {
  const before = [];
  const words = [];
  let at = 0;
  while (at < argv.length) {
    const arg = argv[at];
    at += 1;
    if (isOption(arg)) {
      before.push(arg);
      if (takesNext(arg) && at < argv.length) {
        before.push(argv[at]);
        at += 1;
      }
      continue;
    }
    words.push(arg);
    const name = words.join(" ");
    if (name !== "session" && name !== "help") break;
    if (name === "help") return { name, args: argv.slice(at), before };
  }
  return { name: words.length === 0 ? undefined : words.join(" "), args: [...before, ...argv.slice(at)], before };
}

const isOption = (arg) => arg.startsWith("-") && arg !== "-";

/** True if the argument after an option is its value. */
function takesNext(arg) {
  if (arg.includes("=")) return false;
  const [, option] = [...ANY_OPTION].find(([name, { short }]) => arg === `--${name}` || arg === `-${short}`) ?? [];
  return option?.type === "string";
}

/** Returns the command of a name. If there is none, throws an error that suggests the nearest. */
export function commandOf(name) {
  const command = COMMANDS.get(name);
  if (command !== undefined) return command;
  const names = [...COMMANDS.keys()];
  const subs = sessionCommands().map(([full]) => full.slice("session ".length));
  if (name === "session") throw new UsageError("session needs a subcommand.", `Give one of ${subs.join(", ")}.`);
  const hint = meant(name, names, subs) ?? (isSub(name) ? `The subcommands of session are ${subs.join(", ")}.` : `The commands are ${names.join(", ")}.`);
  throw new UsageError(`Unknown command "${name}".`, hint, { code: "unknown_command" });
}

const isSub = (name) => name.startsWith("session ");

/** Suggests the nearest command, with or without its first word: `status` is `session status`. */
function meant(name, names, subs) {
  const whole = (sub) => `"session ${sub}"`;
  if (isSub(name)) return didYouMean(name.slice("session ".length), subs, whole);
  return subs.includes(name) ? `Did you mean ${whole(name)}?` : (didYouMean(name, [...names, "session", "help"]) ?? didYouMean(name, subs, whole));
}

/** Lists the names of a command's options, or of all commands'. */
export const optionNames = (command) =>
  (command === undefined ? [...ANY_OPTION.keys(), "version"] : Object.keys(optionsOf(command))).map((name) => `--${name}`);
