import { Session, compareFiles } from "callboard";

/** The files of one session, `{ id, file, text }`, in the order in which they stand for it: the first one does. */
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
