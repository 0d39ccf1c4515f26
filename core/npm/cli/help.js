import { sessionFolder } from "callboard";

import { optionsOf } from "./options.js";

const EXITS = `Exit codes
  0  done
  1  refused, or something was found: an event, a conflict, an invalid file
  2  the command line cannot be meant
  3  a session or file is missing, or cannot be read or written`;

/** The help of one command. */
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

/** The help of all. */
export function overview(commands) {
  const rows = [...commands].map(([, { usage, summary }]) => [usage, summary]);
  return `Usage: callboard <command> [options]

Commands
${table(rows)}

Options
${table([
  ["-h, --help", "show this help, or that of a command; so does help <command>"],
  ["-v, --version", "print the version"],
])}

A session is named by its id, the beginning of one (ep_001), its episode's number, or the path of its file.
Options may stand before the command too, and a value after its option's name or a =.

The sessions are in the folder that --dir names, else CALLBOARD_DIR, else the nearest callboard.json from the
working folder up to its repository's root, else ${sessionFolder()} there. The policy is
that of --policy, else of the nearest callboard.json above the sessions, else the default one:
  { "policy": { "retry_limit": 5 }, "sessions": "path/of/the/folder" }

With --json, every command prints one JSON document on standard output. That of an error is
  { "error": { "code", "message", "hint", ... } }, with the whole "refusal" where an event was refused.

Colours are for terminals: FORCE_COLOR turns them on elsewhere too, and NO_COLOR off, whatever FORCE_COLOR says.

${EXITS}
`;
}

function table(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
