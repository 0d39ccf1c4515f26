import { readFileSync } from "node:fs";

import { CallboardError } from "callboard";

import { apply } from "./apply.js";
import { dashboard } from "./dashboard.js";
import { helpOf, overview } from "./help.js";
import { init } from "./init.js";
import { list } from "./list.js";
import { merge } from "./merge.js";
import { UsageError, read } from "./options.js";
import { resume } from "./resume.js";
import { schema } from "./schema.js";
import { status } from "./status.js";
import { styles } from "./style.js";
import { validate } from "./validate.js";

/** The commands by their words. */
const COMMANDS = new Map(
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

/** Exit codes: see the help. */
const EXIT = { done: 0, found: 1, usage: 2, failed: 3 };

/** Runs a command line; resolves to the exit code. */
export async function main(argv) {
  const out = (text) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  process.stdout.on("error", quietWhenClosed);
  try {
    const name = nameOf(argv);
    if (name === undefined) return beginning(argv, out);
    const command = COMMANDS.get(name);
    const { values, positionals } = read(command, argv.slice(name.split(" ").length));
    if (values.help) {
      out(helpOf(name, command));
      return EXIT.done;
    }
    const good = await command.run({ values, positionals, out, ...styles(process.stdout) });
    return good === false ? EXIT.found : EXIT.done;
  } catch (error) {
    return fail(error);
  }
}

/** The command that the first words name; none where there are only options, or no words. */
function nameOf(argv) {
  const [first, second] = argv;
  if (first === undefined || first.startsWith("-")) return undefined;
  if (COMMANDS.has(first)) return first;
  const known = [...COMMANDS.keys()];
  if (first !== "session") throw new UsageError(`There is no command "${first}".`, `There are: ${known.join(", ")}.`);
  const name = `session ${second}`;
  if (COMMANDS.has(name)) return name;
  const subs = known.filter((command) => command.startsWith("session ")).map((command) => command.slice(8));
  if (second === undefined || second === "--help" || second === "-h") {
    throw new UsageError("session needs a word more.", `One of ${subs.join(", ")}.`);
  }
  throw new UsageError(`There is no command "${name}".`, `There are session ${subs.join(", ")}.`);
}

/** What was called without a command: help, the version, or a mistake. */
function beginning([option], out) {
  if (option === "--version" || option === "-v") {
    out(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
    return EXIT.done;
  }
  if (option === undefined || option === "--help" || option === "-h") {
    out(overview(COMMANDS));
    return EXIT.done;
  }
  throw new UsageError(`There is no option "${option}" before a command.`, "See callboard --help.");
}

/** Says what went wrong, in a sentence with its hint, on standard error. */
function fail(error) {
  const say = (message, hint) => process.stderr.write(`callboard: ${message}${hint ? ` ${hint}` : ""}\n`);
  if (error instanceof UsageError) {
    say(error.message, error.hint);
    return EXIT.usage;
  }
  if (error instanceof CallboardError) {
    say(error.message, error.hint);
    if (error.refusal !== undefined || error.code === "session_exists") return EXIT.found;
    return error.code === "invalid_value" ? EXIT.usage : EXIT.failed;
  }
  // What the system says of a file: a sentence already. Anything else is a mistake of ours, and shown whole.
  say(error?.syscall === undefined ? (error?.stack ?? String(error)) : `${error.message}.`);
  return EXIT.failed;
}

/** A reader that has seen enough (`callboard list | head`) is no mistake. */
function quietWhenClosed(error) {
  if (error.code !== "EPIPE") throw error;
}
