import { JSON_OPTION, NOW, WHERE, look } from "./options.js";
import { open } from "./open.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, columns, json, percentage, plain } from "./style.js";

export const list = {
  usage: "list",
  summary: "list the sessions, and the files that cannot be read",
  about: "Lists the sessions of a folder, one on each line, and below them the files that cannot be read.",
  arguments: { least: 0, most: 0 },
  options: { ...WHERE, json: JSON_OPTION, now: NOW },
  async run({ values, out, paint }) {
    const store = await open(values);
    const { sessions: found, broken } = await store.list();
    const policy = await store.typicalPolicy(found);
    const rows = [];
    for (const stored of found) {
      rows.push(
        await look(stored, policy, (session) => ({
          session_id: session.id ?? null,
          file: stored.file,
          state: session.state ?? null,
          progress: session.progress({ now: store.now() }).progress_percentage,
          health: session.health({ now: store.now() }).health,
        })),
      );
    }
    const unread = broken.map(({ file, error }) => ({ file, code: error.code, message: error.message }));
    if (values.json) return out(json({ sessions: rows, broken: unread }, 2));
    const cells = plain(rows).map(({ session_id, file, state, progress, health }) => [
      paint("bold", session_id ?? UNKNOWN),
      state === null ? UNKNOWN : paint(STATE_COLOURS[state], state),
      percentage(progress),
      paint(HEALTH_COLOURS[health], health),
      file,
    ]);
    out([rows.length === 0 ? "No sessions." : columns(cells), ...unread.map(({ message }) => plain(message))].join("\n"));
  },
};
