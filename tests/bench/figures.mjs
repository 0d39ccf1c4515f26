// Measuring and printing, shared by the benchmarks.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

/** Prints a line: name, figure and target. */
export const print = (name, figure, bar = "") =>
  console.log(`  ${name.padEnd(52)} ${String(figure).padStart(16)}   ${bar}`);

export const ms = (value) => `${value.toFixed(0)} ms`;

/** Prints the machine's load. Under high load, measured times are unreliable. */
export const load = () => `load ${loadavg()[0].toFixed(1)}`;

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Names of the marks that a page sets around measured work. */
export const BEGUN = "bench-begun";
export const DONE = "bench-done";

/**
 * Returns the processor time of the main thread's tasks while `deed` runs, which is independent of other processes:
 * the total, and the time between each pair of the page's marks.
 */
export async function traced(page, deed) {
  const folder = await mkdtemp(join(tmpdir(), "callboard-bench-"));
  try {
    const path = join(folder, "trace.json");
    await page.tracing.start({ path, categories: ["toplevel", "blink.user_timing"] });
    await deed();
    await page.tracing.stop();
    return digest(JSON.parse(await readFile(path)).traceEvents);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function digest(events) {
  const thread = ({ pid, tid }) => `${pid} ${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread),
  );
  const threads = new Map([...main].map((name) => [name, []]));
  for (const event of events) {
    if (event.ph === "X" && event.name === "ThreadControllerImpl::RunTask") threads.get(thread(event))?.push(event);
  }
  const total = (tasks) => tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
  // The browser keeps a spare page, so the busiest main thread is ours.
  const [ours, tasks] = [...threads].sort(([, a], [, b]) => total(b) - total(a))[0] ?? [];
  if (!tasks || total(tasks) === 0) throw new Error("The browser's trace says nothing of its main thread's tasks.");
  const at = (mark) =>
    events.filter((event) => event.name === mark && thread(event) === ours).map(({ ts }) => ts);
  const ends = at(DONE);
  const spans = at(BEGUN).map((from) => {
    const to = ends.find((end) => end >= from) ?? Infinity;
    return total(tasks.filter(({ ts, dur }) => ts + dur > from && ts < to));
  });
  const times = tasks.map(({ tdur = 0 }) => tdur / 1000);
  return { sum: total(tasks), over: times.filter((time) => time > 50).length, longest: Math.max(0, ...times), spans };
}

export const sayCpu = ({ over, longest }) => `${over} (longest ${ms(longest)})`;
