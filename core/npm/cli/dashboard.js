import { drawFigures } from "./figures.js";
import { follow } from "./follow.js";
import { look, WHERE, JSON_OPTION, NOW } from "./options.js";
import { open } from "./open.js";
import { complain } from "./output.js";
import { Screen } from "./screen.js";
import { SERVER_OPTIONS, serveFolder } from "./serve.js";
import { json, plain } from "./style.js";
import { UsageError } from "./usage.js";

export const dashboard = {
  usage: "session dashboard [--watch | --web]",
  summary: "show the dashboard",
  about: `Shows every session that is not complete, most urgent first, with its progress and health, and the figures over
all sessions.`,
  more: `With --watch the dashboard is drawn again when sessions change, at most five times a second, in the rows and
columns of the terminal. In a pipe, one dashboard follows another; with --watch --json, each is a line.

With --web the app is opened in the browser instead, as callboard open does; over the folder of --dir, if given.`,
  arguments: { least: 0, most: 0 },
  options: {
    watch: { type: "boolean", short: "w", about: "draw it again when a session changes, until interrupted" },
    web: { type: "boolean", about: "open the app in the browser instead" },
    ...SERVER_OPTIONS,
    ...WHERE,
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, output, out, paint }) {
    if (values.web) return web({ values, out, output });
    assertNoServer(values);
    const store = await open(values);
    if (values.watch) return watch(store, { values, output, out, paint });
    const { figures, left } = await read(store);
    if (values.json) {
      if (left !== undefined) complain(left);
      return out(json(figures, 2));
    }
    return out(drawFigures(plain(figures), { left, paint }));
  },
};

/** Opens the app. It has its own time, and finds the policy in the folder. */
function web({ values, out, output }) {
  const other = ["watch", "policy", "now"].find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} does not go with --web.`, "See --help.");
  return serveFolder(values.dir, { values, out, output });
}

/** Throws for an option of the server without --web. */
function assertNoServer(values) {
  const option = Object.keys(SERVER_OPTIONS).find((name) => values[name] !== undefined);
  if (option !== undefined) throw new UsageError(`--${option} needs --web.`, "See --help.");
}

/** Reads the figures, and describes the files and sessions that they leave out. */
async function read(store) {
  const { sessions, broken } = await store.list();
  const figures = await store.dashboard({ sessions });
  return { figures, left: await leftOut(sessions, broken) };
}

async function watch(store, { values, output, out, paint }) {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => stop.abort());
  // The reader of the output has gone.
  output.signal.addEventListener("abort", () => stop.abort());
  const screen = !values.json && process.stdout.isTTY && process.env.TERM !== "dumb" ? new Screen(output) : undefined;
  // The screen is left at once, however long reading takes: a second interrupt ends the process in the middle of it.
  stop.signal.addEventListener("abort", () => screen?.leave());
  const written = {};
  let last;
  try {
    await follow({
      changes: store.watch({ signal: stop.signal }),
      signal: stop.signal,
      onResize: (redraw) => screen?.enter(redraw),
      async read() {
        last = await read(store);
      },
      async draw() {
        const { figures, left } = last;
        if (screen !== undefined) return screen.draw(drawFigures(plain(figures), { left, paint, ...screen.size }));
        // The JSON is the framework's format, so the note on the figures goes to standard error, whenever it changes.
        if (values.json && left !== undefined && left !== written.left) complain(left);
        const text = values.json ? json(figures) : drawFigures(plain(figures), { left, paint });
        const apart = values.json || written.text === undefined ? "" : "\n";
        if (text !== written.text) out(apart + text);
        Object.assign(written, { left, text });
        return output.flushed();
      },
    });
  } finally {
    stop.abort();
    screen?.leave();
  }
}

/** Describes the files and sessions that the figures leave out, in one line; undefined if there are none. */
async function leftOut(sessions, broken) {
  const of = (count, one, many) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);
  const twins = broken.filter(({ error }) => error.code === "duplicate_id").length;
  const templates = broken.filter(({ error }) => error.code === "template").length;
  let unknown = 0;
  for (const stored of sessions) unknown += await look(stored, undefined, ({ state }) => (state === "UNKNOWN" ? 1 : 0));
  const parts = [
    ...of(broken.length - twins - templates, "file unreadable", "files unreadable"),
    ...of(twins, "file with another's session_id", "files with another's session_id"),
    ...of(templates, "template", "templates"),
    ...of(unknown, "session of unknown state", "sessions of unknown state"),
  ];
  if (parts.length === 0) return undefined;
  const last = parts.pop();
  return `Not included: ${parts.length === 0 ? last : `${parts.join(", ")}, and ${last}`}. See callboard list.`;
}
