import { readFileSync } from "node:fs";

import { CallboardError } from "callboard";

import { didYouMean } from "../store/nearest.js";
import { COMMANDS, DEFAULT, commandOf, meansDefault, optionNames, sessionCommands, split } from "./commands.js";
import { helpOf, overview } from "./help.js";
import { read } from "./options.js";
import { Output, known, outputLost, report } from "./output.js";
import { json, styles } from "./style.js";
import { UsageError } from "./usage.js";

/** Exit codes by a command's result; the help explains them. */
const EXIT = { done: 0, found: 1, usage: 2, failed: 3 };

/** Runs a command line, and returns the exit code. */
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

/** True if the output is to be JSON, even if the command line is wrong otherwise. */
const wantsJson = (argv) => beforeDashes(argv).includes("--json");

/** True if the output is a stream of documents, one on each line. */
const isFollowing = (argv) => beforeDashes(argv).some((arg) => arg === "--watch" || arg === "-w");

const beforeDashes = (argv) => (argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv);

async function run(argv, asJson, output) {
  const out = (text) => output.line(text);
  const say = (key, text) => out(asJson ? json({ [key]: text }, 2) : text);
  const { name: given, args, before } = split(argv);
  const bare = bareOption(before);
  const name = given === undefined && bare === undefined && meansDefault(before) ? DEFAULT : given;
  if (name === "help") return say("help", helpFor(args));
  if (bare === "version") return say("version", version());
  if (name === undefined || name === "session") {
    if (bare === "help" || argv.length === 0) return say("help", overview(name === undefined ? COMMANDS : sessionCommands()));
    if (name === undefined) throw new UsageError("The command is missing.", "See callboard --help.");
  }
  if (name === "session help") return say("help", overview(sessionCommands()));
  const command = commandOf(name);
  const { values, positionals } = read(command, args);
  if (values.help) return say("help", helpOf(name, command));
  return command.run({ values, positionals, out, output, ...styles(process.stdout) });
}

/** Returns the option that stands in place of a command, `help` or `version`; throws for an unknown option. */
function bareOption(before) {
  const known = optionNames();
  const unknown = before.map((arg) => arg.split("=")[0]).find((name) => name.startsWith("--") && !known.includes(name));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, known, String) ?? "See callboard --help.";
    throw new UsageError(`Unknown option '${unknown}'.`, hint, { code: "unknown_option" });
  }
  const has = (...names) => names.some((name) => before.includes(name));
  return has("--version", "-v") ? "version" : has("--help", "-h") ? "help" : undefined;
}

/** Returns the help for the words after `help`. */
function helpFor(args) {
  const words = args.filter((arg) => !arg.startsWith("-"));
  if (words.length === 0) return overview(COMMANDS);
  if (words.length === 1 && words[0] === "session") return overview(sessionCommands());
  const name = words.slice(0, words[0] === "session" ? 2 : 1).join(" ");
  return helpOf(name, commandOf(name));
}

const version = () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

/** Returns the name of an error's exit code. */
function exitOf(error) {
  if (error instanceof UsageError) return "usage";
  if (!(known(error) instanceof CallboardError)) return "failed";
  if (error.refusal !== undefined || error.code === "session_exists") return "found";
  // A wrong value in a file, callboard.json above all, is no error of usage.
  return error.code === "invalid_value" && error.file === undefined ? "usage" : "failed";
}
