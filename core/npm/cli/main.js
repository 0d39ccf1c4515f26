import { readFileSync } from "node:fs";

import { CallboardError } from "callboard";

import { isSystems, unreadable } from "../store/system.js";
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
import { plain, styles } from "./style.js";
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

/** Exit codes, by what a command gives: see the help. */
const EXIT = { done: 0, found: 1, usage: 2, failed: 3 };

/** Runs a command line; resolves to the exit code. */
export async function main(argv) {
  const out = (text) => {
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  };
  process.stdout.on("error", quietWhenClosed);
  try {
    const asked = helpAsked(argv);
    if (asked !== undefined) {
      out(asked);
      return EXIT.done;
    }
    const name = nameOf(argv);
    if (name === undefined) return beginning(argv, out);
    const command = COMMANDS.get(name);
    const { values, positionals } = read(command, argv.slice(name.split(" ").length));
    if (values.help) {
      out(helpOf(name, command));
      return EXIT.done;
    }
    const exit = await command.run({ values, positionals, out, ...styles(process.stdout) });
    return EXIT[exit ?? "done"];
  } catch (error) {
    return fail(error);
  }
}

/** The help that is asked for by `help`, `help <command>`, or options alone; undefined where none is. */
function helpAsked([first, ...rest]) {
  if (first === "session" && ["--help", "-h", "help"].includes(rest[0])) return overview(sessionCommands());
  if (first === undefined || first === "--help" || first === "-h") return overview(COMMANDS);
  if (first !== "help") return undefined;
  if (rest.length === 0 || rest[0].startsWith("-")) return overview(COMMANDS);
  if (rest[0] === "session" && rest.length === 1) return overview(sessionCommands());
  const name = nameOf(rest);
  return helpOf(name, COMMANDS.get(name));
}

const sessionCommands = () => [...COMMANDS].filter(([name]) => name.startsWith("session "));

/** The command that the first words name; none where there are only options, or no words. */
function nameOf(argv) {
  const [first, second] = argv;
  if (first === undefined || first.startsWith("-")) return undefined;
  if (COMMANDS.has(first)) return first;
  const known = [...COMMANDS.keys()];
  if (first !== "session") throw new UsageError(`There is no command "${first}".`, `There are: ${known.join(", ")}.`);
  const name = `session ${second}`;
  if (COMMANDS.has(name)) return name;
  const subs = sessionCommands().map(([command]) => command.slice(8));
  if (second === undefined) throw new UsageError("session needs a word more.", `One of ${subs.join(", ")}.`);
  throw new UsageError(`There is no command "${name}".`, `There are session ${subs.join(", ")}.`);
}

/** What was called without a command: the version, or a mistake. */
function beginning([option], out) {
  if (option === "--version" || option === "-v") {
    out(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
    return EXIT.done;
  }
  throw new UsageError(`There is no option "${option}" before a command.`, "See callboard --help.");
}

/** Says what went wrong, in a sentence with its hint, on standard error. */
function fail(error) {
  const say = (message, hint) => process.stderr.write(`callboard: ${plain(`${message}${hint ? ` ${hint}` : ""}`)}\n`);
  if (error instanceof UsageError) {
    say(error.message, error.hint);
    return EXIT.usage;
  }
  if (error instanceof CallboardError) {
    say(error.message, error.hint);
    if (error.refusal !== undefined || error.code === "session_exists") return EXIT.found;
    return error.code === "invalid_value" ? EXIT.usage : EXIT.failed;
  }
  if (isSystems(error)) {
    const name = error.path ?? "A file";
    say(error.code === "ENOENT" ? `There is no file ${name}.` : unreadable(error, name).message);
    return EXIT.failed;
  }
  // Anything else is a mistake of ours, and shown whole.
  for (const line of String(error?.stack ?? error).split("\n")) say(line);
  return EXIT.failed;
}

/** A reader that has seen enough (`callboard list | head`) is no mistake. */
function quietWhenClosed(error) {
  if (error.code !== "EPIPE") throw error;
}
