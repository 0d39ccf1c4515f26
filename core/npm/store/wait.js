// Waiting, with an end to it, and no listener or timer left behind.

/** The longest that a timer can wait: it takes more for nothing at all. */
const LONGEST = 2 ** 31 - 1;

/** A number of milliseconds as timers take it. */
export const milliseconds = (count) => Math.min(count, LONGEST);

/** Waits for so long, or until the signal is aborted: then this throws its reason. */
export async function pause(count, signal) {
  await race([timer(count), ...(signal === undefined ? [] : [abortion(signal)])]);
  signal?.throwIfAborted();
}

/**
 * Waits for `work` while the signal is not aborted, and for so long after that. Whether it was `stopped` so, and what
 * came of it as `Promise.allSettled` says it: undefined where nothing did in time.
 */
export async function settledOrStopped(work, signal, grace) {
  const settling = { promise: Promise.allSettled([work]).then(([settled]) => settled), cancel() {} };
  const settled = await race([settling, abortion(signal)]);
  if (settled !== undefined) return { settled, stopped: false };
  return { settled: await race([settling, timer(grace)]), stopped: true };
}

/** What the first gives; none of them is waited for any more. */
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
