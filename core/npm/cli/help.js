import { sessionFolder } from "callboard";

import { optionsOf } from "./options.js";

const EXITS = `Exit codes
  0  done
  1  an event was refused, or a conflict or an invalid file was found
  2  the command line is wrong
  3  a session or file is missing, or cannot be read or written`;

/** Returns the help of one command. */
export function helpOf(name, command) {
  const rows = Object.entries(optionsOf(command)).map(([option, { short, value = "", about }]) => [
    `${short ? `-${short}, ` : ""}--${option} ${value}`.trim(),
    about,
  ]);
  return `Usage: callboard ${command.usage}

${command.about}

Options
${table(rows)}
${command.more ? `\n${command.more}\n` : ""}
${EXITS}
`;
}

/** Returns the help of all commands. */
export function overview(commands) {
  const rows = [...commands].map(([, { usage, summary }]) => [usage, summary]);
  return `Usage: callboard [<command>] [options]

Commands
${table(rows)}

Options
${table([
  ["-h, --help", "show this help, or that of a command (also: help <command>)"],
  ["-v, --version", "print the version"],
])}

Without a command, in a terminal, callboard opens the app: the same as callboard open.

A session is named by its id, the beginning of one (ep_001), its episode's number, or the path of its file.
Options may also stand before the command. An option's value follows its name, or a = after that.

The folder of the sessions is that of --dir, else of CALLBOARD_DIR, else of the nearest callboard.json from the working
folder up to its repository's root, else ${sessionFolder()} there. The policy is that of
--policy, else of the nearest callboard.json above the sessions, else the default:
  { "policy": { "retry_limit": 5 }, "sessions": "path/of/the/folder" }

With --json, every command prints one JSON document on standard output. That of an error is
  { "error": { "code", "message", "hint", ... } }, with the "refusal" of an event that was refused.

Colours are on at a terminal. FORCE_COLOR turns them on elsewhere; NO_COLOR turns them off and takes precedence.

${EXITS}
`;
}

function table(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
