import { DIR, JSON_OPTION, NOW, look, store } from "./options.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, columns, json, percent, plain } from "./style.js";

export const list = {
  usage: "list",
  summary: "list the sessions, and the files that cannot be read",
  about: "Lists the sessions of a folder, one a line, and below them the files that cannot be read.",
  arguments: { least: 0, most: 0 },
  options: { dir: DIR, json: JSON_OPTION, now: NOW },
  async run({ values, out, paint }) {
    const sessions = store(values);
    const { sessions: found, broken } = await sessions.list();
    const policy = await sessions.typicalPolicy(found);
    const rows = [];
    for (const stored of found) {
      rows.push(
        await look(stored, policy, (session) => ({
          id: session.id ?? null,
          file: stored.file,
          state: session.state ?? null,
          progress: session.progress({ now: sessions.now() }).progress_percentage,
          health: session.health({ now: sessions.now() }).health,
        })),
      );
    }
    const unread = broken.map(({ file, error }) => ({ file, code: error.code, message: error.message }));
    if (values.json) return out(json({ sessions: rows, broken: unread }, 2));
    const cells = plain(rows).map(({ id, file, state, progress, health }) => [
      paint("bold", id ?? UNKNOWN),
      state === null ? UNKNOWN : paint(STATE_COLOURS[state], state),
      percent(progress).padStart(5),
      paint(HEALTH_COLOURS[health], health),
      file,
    ]);
    out([rows.length === 0 ? "No sessions." : columns(cells), ...unread.map(({ message }) => plain(message))].join("\n"));
  },
};
