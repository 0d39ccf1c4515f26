// Long tasks of a page's main thread, in Chromium.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MARK = "callboard-page";

/** Measures the tasks of a page's main thread by a trace: by the clock, and in processor time. */
export class LongTasks {
  #page;
  #dir;

  constructor(page, dir) {
    this.#page = page;
    this.#dir = dir;
  }

  static async begin(page) {
    const dir = await mkdtemp(join(tmpdir(), "callboard-trace-"));
    await page.tracing.start({ path: join(dir, "trace.json"), categories: ["toplevel", "blink.user_timing"] });
    // Tells the page's thread from those of other pages.
    await page.evaluate((mark) => performance.mark(mark), MARK);
    return new LongTasks(page, dir);
  }

  /** Ends the trace; returns the number of tasks over 50 ms and the longest one, in milliseconds. */
  async end() {
    await this.#page.tracing.stop();
    const { traceEvents } = JSON.parse(await readFile(join(this.#dir, "trace.json"), "utf8"));
    await rm(this.#dir, { recursive: true, force: true });
    const own = traceEvents.find(({ name }) => name === MARK);
    if (!own) throw new Error("the trace does not tell the page's thread");
    const isTask = ({ ph, name, pid, tid }) =>
      ph === "X" && name === "ThreadControllerImpl::RunTask" && pid === own.pid && tid === own.tid;
    const tasks = traceEvents.filter(isTask);
    const longest = (field) => tasks.reduce((most, task) => Math.max(most, (task[field] ?? 0) / 1000), 0).toFixed(0);
    return {
      "tasks over 50 ms": tasks.filter(({ tdur, dur }) => (tdur ?? dur) > 50_000).length,
      "longest task, processor ms": longest("tdur"),
      "longest task, clock ms": longest("dur"),
    };
  }
}
