/** The files of one session, `{ id, file, text }`, in the order in which they stand for it: the first one does. */
export function inOrder(found) {
  return [...found].sort((one, other) => (one.file < other.file ? -1 : 1));
}
