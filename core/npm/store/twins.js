import { Session, compareFiles } from "callboard";

/** Sorts the files of one session, `{ id, file, text }`: the first represents it. */
export function inOrder(found) {
  if (found.length < 2) return found;
  const opened = found.map(({ text, file }) => Session.parse(text, { file }));
  try {
    return found
      .map((one, at) => ({ one, session: opened[at] }))
      .sort((one, other) => compareFiles(one.session, other.session))
      .map(({ one }) => one);
  } finally {
    for (const session of opened) session.free();
  }
}
