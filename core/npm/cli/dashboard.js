import { DIR, JSON_OPTION, NOW, store } from "./options.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, bar, columns, duration, figure, json, money, percent, plain } from "./style.js";

export const dashboard = {
  usage: "session dashboard [--watch]",
  summary: "show how production stands",
  about: "Shows every session that is not complete, with its progress and health, and the figures over all.",
  arguments: { least: 0, most: 0 },
  options: {
    watch: { type: "boolean", short: "w", about: "draw it again whenever a session changes, until interrupted" },
    dir: DIR,
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, out, paint }) {
    const sessions = store(values);
    let said;
    const show = async () => {
      const { sessions: found, broken } = await sessions.list();
      const figures = await sessions.dashboard({ sessions: found });
      const without = left(broken);
      if (!values.json) return draw(plain(figures), without, paint);
      // The figures are the framework's; what they leave out is said beside them, whenever that changes.
      if (without !== undefined && without !== said) process.stderr.write(`callboard: ${without}\n`);
      said = without;
      return json(figures, values.watch ? 0 : 2);
    };
    if (!values.watch) return out(await show());
    await watch(sessions, show, out, values.json);
  },
};

/** Without a change, the time alone can make a session late: drawn again after so many milliseconds. */
const MINUTE = 60_000;

/** Draws again and again, until the process is interrupted. */
async function watch(sessions, show, out, asJson) {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  const changes = sessions.watch({ signal: stop.signal });
  const following = () => {
    const next = changes.next();
    // What goes wrong with it is said when it is waited for, which may be later, or never.
    next.catch(() => {});
    return next;
  };
  // The watch begins when it is first asked, so that what changes while the first is drawn is not missed.
  let change = following();
  try {
    while (!stop.signal.aborted) {
      const drawn = await show();
      // One screen, drawn over the last one; in a pipe, one after another.
      out(asJson || !process.stdout.isTTY ? drawn : `\u001b[2J\u001b[H${drawn}`);
      const due = pause(MINUTE);
      const first = await Promise.race([change, due.over]);
      due.cancel();
      if (first?.done) return;
      if (first !== undefined) change = following();
    }
  } finally {
    stop.abort();
  }
}

/** What the figures leave out, in a line; none where they leave out nothing. */
function left(broken) {
  if (broken.length === 0) return undefined;
  const twins = broken.filter(({ error }) => error.code === "duplicate_id").length;
  const files = (count, what) => (count === 0 ? [] : [`${count} ${count === 1 ? "file" : "files"} ${what}`]);
  const parts = [...files(broken.length - twins, "unreadable"), ...files(twins, "with another's session_id")];
  return `Left out: ${parts.join(", and ")}. See callboard list.`;
}

function pause(milliseconds) {
  let timer;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return { over, cancel: () => clearTimeout(timer) };
}

function draw(figures, left, paint) {
  const { active_sessions: active, completed_today, failed_today, average_time, average_cost, quality_average } = figures;
  const of = ({ n }, text) => (n === 0 ? UNKNOWN : `${text} (n = ${n})`);
  const summary = [
    ["Active", String(active.length)],
    ["Completed today", String(completed_today)],
    ["Failed today", String(failed_today)],
    ["Average time", of(average_time, duration(average_time.value))],
    ["Average cost", of(average_cost, money(average_cost.value))],
    ["Average quality", of(quality_average, figure(quality_average.value))],
  ];
  const parts = (table) => [columns(summary), table, ...(left === undefined ? [] : [left])].join("\n\n");
  if (active.length === 0) return parts("No active sessions.");
  const head = ["Session", "State", "Progress", "Health", ""].map((cell) => paint("bold", cell));
  const rows = active.map(({ session_id, state, progress, health, reasons }) => [
    session_id ?? UNKNOWN,
    state === null ? UNKNOWN : paint(STATE_COLOURS[state], state),
    `${bar(progress)} ${percent(progress).padStart(5)}`,
    paint(HEALTH_COLOURS[health], health),
    reasons[0]?.message ?? "",
  ]);
  return parts(columns([head, ...rows]));
}
