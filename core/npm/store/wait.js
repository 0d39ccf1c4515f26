// Waits that end, and leave no listener or timer behind.

/** Longest delay of a timer in milliseconds: a longer one would count as none. */
const MAX_DELAY = 2 ** 31 - 1;

/** Limits a number of milliseconds to a timer's range. */
export const milliseconds = (count) => Math.min(count, MAX_DELAY);

/** Waits for the given milliseconds; throws the signal's reason once that is aborted. */
export async function pause(count, signal) {
  await race([timer(count), ...(signal === undefined ? [] : [abortion(signal)])]);
  signal?.throwIfAborted();
}

/**
 * Waits for `work` until the signal is aborted, and for `grace` milliseconds after that. Returns `stopped`, true if it was
 * aborted, and the result in the form of `Promise.allSettled`; undefined if there was none in time.
 */
export async function settledOrStopped(work, signal, grace) {
  const settling = { promise: Promise.allSettled([work]).then(([settled]) => settled), cancel() {} };
  const settled = await race([settling, abortion(signal)]);
  if (settled !== undefined) return { settled, stopped: false };
  return { settled: await race([settling, timer(grace)]), stopped: true };
}

/** Returns the result of the first to settle, and cancels all. */
async function race(waits) {
  try {
    return await Promise.race(waits.map(({ promise }) => promise));
  } finally {
    for (const { cancel } of waits) cancel();
  }
}

function timer(count) {
  let running;
  const promise = new Promise((resolve) => {
    running = setTimeout(() => resolve(undefined), milliseconds(count));
  });
  return { promise, cancel: () => clearTimeout(running) };
}

function abortion(signal) {
  let listener;
  const promise = new Promise((resolve) => {
    listener = () => resolve(undefined);
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", listener, { once: true });
  });
  return { promise, cancel: () => signal.removeEventListener("abort", listener) };
}
