// The stores' types, without Node's types, which they must not need.
import { Session, type Warning } from "callboard";
import { MemoryStore } from "callboard/memory";
import {
  CallboardError,
  FileStore,
  Store,
  findSessions,
  runAgent,
  serve,
  type AgentResult,
  type Server,
  type SessionsLocation,
  type Signal,
  type Stored,
  type Swap,
  type Update,
} from "callboard/node";

class EmptyStore extends Store {
  async load(id: string): Promise<Stored> {
    throw new CallboardError({ code: "session_not_found", message: `There is no session ${id} here.`, hint: "Make it." });
  }
  async compareAndSwap(id: string, expected: string | null, text: string): Promise<boolean> {
    return id === text && expected === null;
  }
  async list() {
    return { sessions: [], broken: [] };
  }
  async *watch() {
    yield { id: "a" };
  }
}

/** Optional values may be passed as `undefined`. */
export async function standing(store: Store, id: string, signal?: Signal, cost?: number): Promise<string> {
  const { text, file } = await store.load(id);
  Session.parse(text, { file, policy: store.policy }).free();
  await store.apply(id, { type: "complete", agent: "script_writer", cost, handoff: undefined });
  await store.handleAgentFailure(id, "script_writer", "x", { cost, now: undefined });
  const { warnings } = await runAgent(store, id, "script_writer", () => ({ cost, output_file: undefined }), { signal, heartbeat: undefined });
  return warnings.map(({ code }: Warning) => code).join();
}

const stores: Store[] = [new FileStore(), new FileStore("sessions", { policy: {} }), new MemoryStore(), new EmptyStore()];

for (const store of stores) {
  const id: string = await store.initializeSession({ episode: 1, topic: "tides", complexity: 3 });
  await store.updateSessionState(id, "script_writer", { status: "complete", cost: 1.2 });
  await store.handleAgentFailure(id, "script_writer", new Error("timeout"), { cost: 0.1, attempt: 1, key: "job 1" });
  await store.updateSessionState(id, "script_writer", { status: "complete", cost: 1.2, attempt: 1, key: "job 2" });
  await store.resume(id, { key: "job 3" });
  await store.handleQualityFailure(id, { failures: ["technical"] });
  const { ready, refusals } = await store.validateReadyForStage(id, "script_writer");
  const code: string | undefined = ready ? undefined : refusals[0]?.code;
  const update: Update = { status: "failed", error: "timeout" };
  await store.updateSessionState(id, "script_writer", update);
  const state: string | undefined = await store.change(id, (session) => session.state);
  await store.change(id, (session) => void session.undo());
  // @ts-expect-error: a session is changed synchronously
  await store.change(id, async (session) => session.state);
  const policy = await store.typicalPolicy((await store.list()).sessions);
  const level: string = (await store.getSessionHealth(id)).health + state;
  await store.read(id, (session) => session.progress({ now: level }), { policy });
  const percent: number | null = (await store.getSessionProgress(id)).progress_percentage;
  const work = async (): Promise<AgentResult> => ({ output_file: "a", cost: percent ?? 0, quality_score: 0.9 });
  const outcome = await runAgent(store, id, "script_writer", work, {
    backoff: (attempt) => attempt,
    heartbeat: 60_000,
    grace: 1000,
    shouldRetry: async (error, attempt) => error instanceof Error && attempt < 3,
  });
  await runAgent(store, id, "script_writer", (session, signal, { attempt }) => ({ cost: attempt }));
  await runAgent(store, id, "quality_evaluator", (session, signal) => {
    if (signal.aborted) return;
    return { report: { failures: [session.id ?? code ?? outcome.agent] } };
  });
  await store.exclusively(id, async (swap: Swap) => swap("a", "b"));
  for await (const change of store.watch()) void change.error?.code;
  for await (const { text } of store.each()) void text.length;
  for (const { research } of await store.durations()) void ((research ?? 0) + 1);
  // @ts-expect-error: a failure needs its error
  await store.updateSessionState(id, "script_writer", { status: "failed" });
}

const { folder, config, source }: SessionsLocation = findSessions({ cwd: ".", env: {}, dir: undefined });
const located = new FileStore(folder, { config, durationsAge: 60_000 });
const watching = located.watch({ poll: source === "found" ? true : 500 });
await watching.return?.();
// @ts-expect-error: unknown source
void (source === "guess");

const server: Server = await serve(located, { port: 0, host: "127.0.0.1", readOnly: true, name: "Episodes", app: "dist", poll: 500 });
await Promise.all([server.close(), serve("sessions").then(({ url, origin, port, folder: of }) => [url, origin, port.toFixed(), of])]);
// @ts-expect-error: a port is a number
void serve("sessions", { port: "4600" });

// @ts-expect-error: unknown error code
new CallboardError({ code: "lost", message: "x" });
// @ts-expect-error: a store needs a backend
new Store();
