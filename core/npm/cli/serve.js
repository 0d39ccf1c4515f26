// The command that opens the app over a folder.
import { fileURLToPath } from "node:url";

import { JSON_OPTION } from "./options.js";
import { complain } from "./output.js";
import { json, plain } from "./style.js";
import { UsageError } from "./usage.js";

/** Options of the local server, which all commands that start it take. */
export const SERVER_OPTIONS = {
  port: { type: "string", value: "<port>", about: "port of the server (by default one that the folder keeps); the next one if it is taken" },
  host: { type: "string", value: "<address>", about: "address to listen at (default: 127.0.0.1, this machine only)" },
  "read-only": { type: "boolean", about: "save and commit nothing" },
  "no-open": { type: "boolean", about: "print the address, and do not open the browser" },
};

export const serveCommand = {
  usage: "open [<folder>]",
  summary: "open the app in the browser, over the files of a folder",
  about: `Serves the app, and the files of a folder and those below it, to browsers on this machine, and opens the browser. The
page shows changes as they are made, and saves and commits in place.`,
  more: `The folder is the one given, else the root of the git repository that the working folder is in, else the working
folder. In a terminal, callboard without a command does the same. The address has a token: who does not have it sees
nothing. Nothing leaves this machine. Ctrl-C ends the server.`,
  arguments: { least: 0, most: 1 },
  options: { ...SERVER_OPTIONS, json: JSON_OPTION },
  run: ({ values, positionals: [folder], out, output }) => serveFolder(folder, { values, out, output }),
};

/** Serves a folder until the process is interrupted. */
export async function serveFolder(named, { values, out, output }) {
  if (named === "") throw new UsageError("The folder is empty: it must be the path of a folder.");
  const { host = "127.0.0.1" } = values;
  if (host === "") throw new UsageError("--host is empty: it must be an address of this machine.");
  // Loaded only now: most commands need none of it.
  const { serve } = await import("../server/serve.js");
  const { servedFolder } = await import("../server/root.js");
  const { isLoopback } = await import("../server/guard.js");
  const installed = fileURLToPath(new URL("..", import.meta.url));
  const folder = servedFolder({ folder: named });
  const readOnly = values["read-only"];
  const server = await serve(folder, { host, port: portIn(values.port), readOnly, installed });
  const { url, port, wanted } = server;
  if (!isLoopback(host)) {
    complain(`Every machine that can reach ${host} can now open Callboard, and whoever has the address with its token can read and change the files.`);
  }
  if (values.json) out(json({ url, port, folder, read_only: readOnly === true }, 2));
  else out(plain(lines({ url, port, folder, readOnly, wanted })).join("\n"));
  const ended = interrupted(output);
  if (!values["no-open"]) openAddress(server.launchUrl());
  await ended;
  await server.close();
}

function lines({ url, port, folder, readOnly, wanted }) {
  const taken = wanted !== 0 && port !== wanted ? [`Port ${wanted} is taken, so this is port ${port}.`] : [];
  return [...taken, `Serving ${folder}${readOnly ? " (read-only)" : ""} at`, `  ${url}`, "Press Ctrl-C to stop."];
}

async function openAddress(url) {
  const { openBrowser } = await import("../server/browser.js");
  if (!(await openBrowser(url))) complain("The browser could not be opened.", "Open the address above yourself.");
}

/** Waits for the signal to end, or for the reader of the output to go. */
function interrupted(output) {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, resolve);
    output.signal.addEventListener("abort", resolve, { once: true });
  });
}

function portIn(text) {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/u.test(text) || port > 65_535) throw new UsageError(`--port must be a number from 0 to 65535, not "${text}".`);
  return port;
}
