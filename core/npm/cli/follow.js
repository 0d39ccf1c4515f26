/** Without a change, the time alone can make a session late: read again after so many milliseconds. */
const MINUTE = 60_000;

/** The least time from one frame to the next, in milliseconds. */
const LEAST = 200;

/**
 * Shows the newest state again and again while `changes` come, until the signal is aborted or they end. Changes that
 * come while a frame is made, or too soon after it, are one: no more than one frame is ever due.
 * @param {object} parts
 * @param {AsyncIterable<unknown>} parts.changes followed before the first frame
 * @param {() => Promise<void>} parts.read reads the state: first, after changes, and after `atMost` milliseconds
 * @param {() => Promise<void>} parts.draw shows what was read last
 * @param {(redraw: () => void) => void} [parts.onResize] is given the function that asks for a frame of the same state
 */
export async function follow({ changes, read, draw, signal, onResize = () => {}, least = LEAST, atMost = MINUTE }) {
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

  /** Waits for so many milliseconds, or until something holds: false where the time passed first. */
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
