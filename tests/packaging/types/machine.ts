// The machine's types, used like in a harness: valid uses compile, invalid ones do not.
import init, {
  CallboardError,
  Session,
  compareFiles,
  dashboard,
  merge,
  parseConfig,
  sessionFileNames,
  sessionFolder,
  typicalDurations,
  type Agent,
  type ErrorData,
  type Config,
  type Diagnostic,
  type HistoryEntry,
  type Outcome,
  type SessionEvent,
  type UpdateEvent,
} from "callboard";

await init();

const now = "2024-08-11T14:30:00Z";
const session = Session.initialize({ episode: 1, topic: "tides" }, { now, policy: { retry_limit: 5 } });
const id: string | undefined = session.id;
const update: UpdateEvent = { agent: "script_writer", status: "complete", quality_score: { script_quality: 0.9 } };
const outcome: Outcome = session.apply(update, { now: new Date() });
const begun: number = session.apply({ type: "start", agent: "script_writer", key: "job 1" }, { now }).attempt;
session.apply({ type: "complete", agent: "script_writer", attempt: begun, key: "job 2" }, { now });
session.apply({ type: "update", agent: "script_writer", status: "failed", error: "x", attempt: begun, key: undefined }, { now });
const entry: HistoryEntry | undefined = session.apply({ type: "retry", key: "job 3" }, { now }).duplicate;
const key: string | undefined = entry?.key;
const first: Diagnostic | undefined = session.diagnostics()[0];
if (first) session.fix(first);
const seconds: number = session.health({ now: 0 }).reasons.length + session.timeline().lanes.length;
const figures = dashboard([session], { now, timeZoneOffset: 60 });
const research: number = typicalDurations([session]).research;
const typical = Session.parse("{}", { policy: { typical_durations: typicalDurations([session], { policy: {} }) } });
const own: number | null = session.durations().writing;
const known: number = typicalDurations([session, { ...session.durations(), research: own }]).research;
const later: Promise<number> = dashboard((async function* () { yield session; })(), { now }).then(({ failed_today }) => failed_today + known);
void later;
const mean: number | null = figures.average_cost.value;
const text: string = merge("a", "b", "c").conflicts.map(({ path }) => path).join() + sessionFolder();
const names: string[] = sessionFileNames("ep_001_20240811_1430");
const spent: number | null = session.spending().stages[0]?.cost ?? session.spending().attempts;
const config: Config = parseConfig("{}", { file: "callboard.json" });
const limit: number = config.policy.wait_limit ?? 86_400;
const percentage: number | null = session.progress({ now }).progress_percentage;
const unknown: boolean = session.state === "UNKNOWN";
const order: number = compareFiles(session, session);
session[Symbol.dispose]();

/** Covers every step: an additional one would not compile. */
export function follow({ next }: Outcome): Agent | null {
  switch (next.step) {
    case "start":
    case "work":
    case "retry":
    case "escalate":
      return next.agent;
    case "done":
      return next.agent satisfies null;
    default:
      return next satisfies never;
  }
}

/** Covers every event, each with its own fields. */
export function describe(event: SessionEvent): string {
  switch (event.type) {
    case "start":
      return event.estimated_completion ?? "";
    case "progress":
      return `${event.cost ?? 0}`;
    case "complete":
      return event.output_file ?? "";
    case "fail":
      return event.error;
    case "retry":
      return event.agent ?? "the failed one";
    case "resume":
      return `${event.override ?? false}`;
    case "quality_failure":
      return (event.agent satisfies "quality_evaluator" | undefined) ?? "the evaluator";
    case "skip":
      return event.reason;
    default:
      return event satisfies never;
  }
}

try {
  session.apply({ type: "retry", agent: "script_writer" }, { now });
} catch (error) {
  if (error instanceof CallboardError && error.code === "retries_exhausted") {
    const hint: string | null | undefined = error.refusal?.hint ?? error.hint;
    void hint;
    const data: ErrorData = error.toJSON();
    void new CallboardError(data);
  }
}

// @ts-expect-error: the time is not optional
session.progress();
// @ts-expect-error: unknown agent
session.check({ type: "start", agent: "writer" }, { now });
// @ts-expect-error: start returns an attempt, and accepts none
session.apply({ type: "start", agent: "script_writer", attempt: 1 }, { now });
// @ts-expect-error: a failure needs its error
session.apply({ type: "fail", agent: "script_writer" }, { now });
// @ts-expect-error: only parse and initialize create a session
new Session();
// @ts-expect-error: unknown field of a policy
Session.parse("{}", { policy: { retries: 3 } });

export { figures, limit, order, percentage, research, typical, id, key, mean, names, outcome, seconds, spent, text, unknown };
