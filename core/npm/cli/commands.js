import { didYouMean } from "../store/nearest.js";
import { apply } from "./apply.js";
import { dashboard } from "./dashboard.js";
import { init } from "./init.js";
import { list } from "./list.js";
import { merge } from "./merge.js";
import { optionsOf } from "./options.js";
import { resume } from "./resume.js";
import { schema } from "./schema.js";
import { status } from "./status.js";
import { UsageError } from "./usage.js";
import { validate } from "./validate.js";

/** The commands by their words. */
export const COMMANDS = new Map(
  Object.entries({
    "session init": init,
    "session status": status,
    "session resume": resume,
    "session dashboard": dashboard,
    list,
    validate,
    apply,
    merge,
    schema,
  }),
);

/** The commands of `callboard session`. */
export const sessionCommands = () => [...COMMANDS].filter(([name]) => name.startsWith("session "));

/** Every option by its name, as the first command that has it declares it: what comes before a command is read so. */
const ANY_OPTION = new Map([...COMMANDS.values()].flatMap((command) => Object.entries(optionsOf(command))));

/**
 * A command line taken apart: the words that name the command, and its other arguments, with the options that come
 * before or between those words. No `name` where there are only options.
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

/** Whether the argument after an option is its value. */
function takesNext(arg) {
  if (arg.includes("=")) return false;
  const [, option] = [...ANY_OPTION].find(([name, { short }]) => arg === `--${name}` || arg === `-${short}`) ?? [];
  return option?.type === "string";
}

/** The command of a name; throws where there is none, with the one that was probably meant. */
export function commandOf(name) {
  const command = COMMANDS.get(name);
  if (command !== undefined) return command;
  const names = [...COMMANDS.keys()];
  const subs = sessionCommands().map(([full]) => full.slice("session ".length));
  if (name === "session") throw new UsageError("session needs a word more.", `One of ${subs.join(", ")}.`);
  const hint = meant(name, names, subs) ?? (isSub(name) ? `There are session ${subs.join(", ")}.` : `There are: ${names.join(", ")}.`);
  throw new UsageError(`There is no command "${name}".`, hint, { code: "unknown_command" });
}

const isSub = (name) => name.startsWith("session ");

/** The command that was probably meant, with or without its first word: `status` is `session status`. */
function meant(name, names, subs) {
  const whole = (sub) => `"session ${sub}"`;
  if (isSub(name)) return didYouMean(name.slice("session ".length), subs, whole);
  return subs.includes(name) ? `Did you mean ${whole(name)}?` : (didYouMean(name, [...names, "session", "help"]) ?? didYouMean(name, subs, whole));
}

/** The names of the options that a command, or any command, has. */
export const optionNames = (command) =>
  (command === undefined ? [...ANY_OPTION.keys(), "version"] : Object.keys(optionsOf(command))).map((name) => `--${name}`);
