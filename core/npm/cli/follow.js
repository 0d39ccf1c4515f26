/** Longest time between reads in milliseconds: without any change, the passing of time can make a session late. */
const MINUTE = 60_000;

/** Shortest time from one frame to the next, in milliseconds. */
const FRAME_MS = 200;

/**
 * Draws the newest state whenever `changes` come, until the signal is aborted or they end. Changes that come while a frame
 * is made, or too soon after it, are combined: no more than one frame is ever due.
 * @param {object} parts
 * @param {AsyncIterable<unknown>} parts.changes followed before the first frame
 * @param {() => Promise<void>} parts.read reads the state: at first, after changes, and after `atMost` milliseconds
 * @param {() => Promise<void>} parts.draw draws the state that was read last
 * @param {(redraw: () => void) => void} [parts.onResize] receives the function that requests a frame of the same state
 */
export async function follow({ changes, read, draw, signal, onResize = () => {}, least = FRAME_MS, atMost = MINUTE }) {
  const due = { read: true, draw: true };
  let ended = signal.aborted;
  let failure;
  let wake = () => {};
  const set = (target, names) => {
    for (const name of names) target[name] = true;
    wake();
  };
  const end = () => {
    ended = true;
    wake();
  };
  signal.addEventListener("abort", end, { once: true });
  onResize(() => set(due, ["draw"]));
  (async () => {
    for await (const _ of changes) set(due, ["read", "draw"]);
  })()
    .catch((error) => {
      failure = { error };
    })
    .then(end);
  try {
    while (!ended) {
      const began = performance.now();
      if (due.read) {
        due.read = false;
        await read();
      }
      due.draw = false;
      await draw();
      await until(() => ended, began + least - performance.now());
      if (!(await until(() => ended || due.draw || due.read, atMost))) due.read = true;
    }
  } finally {
    signal.removeEventListener("abort", end);
  }
  if (failure !== undefined) throw failure.error;

  /** Waits until a condition holds; false if the given milliseconds passed first. */
  async function until(holds, milliseconds) {
    let timer;
    const passed = new Promise((resolve) => {
      timer = setTimeout(() => resolve(true), Math.max(0, milliseconds));
    });
    try {
      while (!holds()) {
        const woken = new Promise((resolve) => {
          wake = () => resolve(false);
        });
        if (await Promise.race([passed, woken])) return holds();
      }
      return true;
    } finally {
      clearTimeout(timer);
    }
  }
}
