import { listTree } from "./list-tree.js";
import { JSON_OPTION, NOW, WHERE, look } from "./options.js";
import { open } from "./open.js";
import { HEALTH_COLOURS, STATE_COLOURS, UNKNOWN, columns, json, percentage, plain } from "./style.js";
import { SHAPES, assertNoShapes } from "./tree.js";
import { UsageError } from "./usage.js";

export const list = {
  usage: "list [<tree>]",
  summary: "list the sessions, and the files that cannot be read",
  about: `Lists the sessions of a folder, one on each line, and below them the files that cannot be read. With a tree, reads
every file in this folder and below, also those of other pipelines and in archives.`,
  more: `The files of other pipelines are read by shapes: those in the tree (*.callboard-shape.json, and the files in
folders callboard.shapes), those of --shapes, those of the nearest folder callboard.shapes from the working folder up to
its repository's root, and those that come with callboard. Folders of tools, such as .git, are skipped.

A session of another pipeline is listed with its state, progress, cost, score and shape; "session status <id> <tree>" has
more. With --json, each value has its file and line. For files that are not recognised, write a shape by the schema that
"schema --shape" prints, or teach Callboard one in the app. An unreadable file is listed, and does not change the exit code.`,
  arguments: { least: 0, most: 1 },
  options: {
    ...WHERE,
    shapes: SHAPES,
    files: { type: "boolean", about: "with a tree: also list every file, with the reason for its group" },
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, positionals: [tree], out, paint }) {
    if (tree !== undefined) return listTree(tree, { values, out, paint });
    assertNoShapes(values);
    if (values.files) throw new UsageError("--files needs a tree.", "Add the folder, or a dot for the working folder.");
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
