import { readFileSync } from "node:fs";

import { CallboardError } from "callboard";

import { didYouMean } from "../store/nearest.js";
import { COMMANDS, commandOf, optionNames, sessionCommands, split } from "./commands.js";
import { helpOf, overview } from "./help.js";
import { read } from "./options.js";
import { Output, known, outputLost, report } from "./output.js";
import { json, styles } from "./style.js";
import { UsageError } from "./usage.js";

/** Exit codes, by what a command gives: see the help. */
const EXIT = { done: 0, found: 1, usage: 2, failed: 3 };

/** Runs a command line; resolves to the exit code. */
export async function main(argv) {
  const output = new Output();
  const asJson = wantsJson(argv);
  const exit = await run(argv, asJson, output).catch((error) => {
    report(error, asJson, output, asJson && isFollowing(argv) ? 0 : 2);
    return exitOf(error);
  });
  const failure = await output.flushed();
  if (failure === undefined) return EXIT[exit ?? "done"];
  outputLost(failure);
  return EXIT.failed;
}

/** Whether JSON is asked for, also by a command line that cannot be meant otherwise. */
const wantsJson = (argv) => beforeDashes(argv).includes("--json");

/** Whether what is written goes on, a document a line. */
const isFollowing = (argv) => beforeDashes(argv).some((arg) => arg === "--watch" || arg === "-w");

const beforeDashes = (argv) => (argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv);

async function run(argv, asJson, output) {
  const out = (text) => output.line(text);
  const say = (key, text) => out(asJson ? json({ [key]: text }, 2) : text);
  const { name, args, before } = split(argv);
  if (name === "help") return say("help", helpFor(args));
  if (name === undefined || name === "session") {
    const bare = bareOption(before);
    if (name === undefined && bare === "version") return say("version", version());
    if (bare === "help" || argv.length === 0) return say("help", overview(name === undefined ? COMMANDS : sessionCommands()));
    if (name === undefined) throw new UsageError("There is no command.", "See callboard --help.");
  }
  if (name === "session help") return say("help", overview(sessionCommands()));
  const command = commandOf(name);
  const { values, positionals } = read(command, args);
  if (values.help) return say("help", helpOf(name, command));
  return command.run({ values, positionals, out, output, ...styles(process.stdout) });
}

/** The option that stands for a command of its own; throws where one is unknown. */
function bareOption(before) {
  for (const arg of before) {
    if (arg === "--version" || arg === "-v") return "version";
    if (arg === "--help" || arg === "-h") return "help";
    const [name] = arg.split("=");
    const unknown = name.startsWith("--") && !optionNames().includes(name);
    if (unknown) {
      throw new UsageError(`There is no option ${name}.`, didYouMean(name, optionNames(), String) ?? "See callboard --help.", {
        code: "unknown_option",
      });
    }
  }
  return undefined;
}

/** The help of `help`, `help session` and `help <command>`. */
function helpFor(args) {
  const words = args.filter((arg) => !arg.startsWith("-"));
  if (words.length === 0) return overview(COMMANDS);
  if (words.length === 1 && words[0] === "session") return overview(sessionCommands());
  const name = words.slice(0, words[0] === "session" ? 2 : 1).join(" ");
  return helpOf(name, commandOf(name));
}

const version = () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

/** What an error means for the exit code. */
function exitOf(error) {
  if (error instanceof UsageError) return "usage";
  if (!(known(error) instanceof CallboardError)) return "failed";
  if (error.refusal !== undefined || error.code === "session_exists") return "found";
  return error.code === "invalid_value" ? "usage" : "failed";
}
