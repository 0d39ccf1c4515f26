/** Puts items in a random order, so that a benchmark's side does not always pay for the garbage of the same other. */
export function shuffled(items) {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

/** Returns the middle of some numbers. */
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
