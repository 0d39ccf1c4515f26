/** Items in a random order: a benchmark's sides must not always follow the same one, and pay for its garbage. */
export function shuffled(items) {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

/** The middle of some numbers. */
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
