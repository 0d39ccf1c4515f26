import { drawFigures } from "./figures.js";
import { follow } from "./follow.js";
import { look, WHERE, JSON_OPTION, NOW } from "./options.js";
import { open } from "./open.js";
import { complain } from "./output.js";
import { Screen } from "./screen.js";
import { json, plain } from "./style.js";

export const dashboard = {
  usage: "session dashboard [--watch]",
  summary: "show how production stands",
  about: `Shows every session that is not complete, what needs attention first, with its progress and health, and the
figures over all.`,
  more: `With --watch it is drawn again when sessions change, five times a second at the most, in as many rows and columns
as the terminal has; in a pipe one after another. With --watch --json each is a line.`,
  arguments: { least: 0, most: 0 },
  options: {
    watch: { type: "boolean", short: "w", about: "draw it again whenever a session changes, until interrupted" },
    ...WHERE,
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, output, out, paint }) {
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

/** The figures, and a line about what they leave out. */
async function read(store) {
  const { sessions, broken } = await store.list();
  const figures = await store.dashboard({ sessions });
  return { figures, left: await leftOut(sessions, broken) };
}

async function watch(store, { values, output, out, paint }) {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => stop.abort());
  // Nobody reads it any more.
  output.signal.addEventListener("abort", () => stop.abort());
  const screen = !values.json && process.stdout.isTTY && process.env.TERM !== "dumb" ? new Screen(output) : undefined;
  // At once, however long what is being read takes: who interrupts twice ends the process where it is.
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
        // The figures are the framework's; what they leave out is said beside them, whenever that changes.
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

/** The line about files and sessions that the figures leave out; undefined if there are none. */
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
  return `Left out: ${parts.length === 0 ? last : `${parts.join(", ")}, and ${last}`}. See callboard list.`;
}
