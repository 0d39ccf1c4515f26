// The stores' types, without Node's own: nothing here needs them.
import { MemoryStore } from "callboard/memory";
import { FileStore, Store, runAgent, type AgentResult, type Stored, type Swap } from "callboard/node";

class EmptyStore extends Store {
  async load(id: string): Promise<Stored> {
    return { id, text: "{}" };
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

const stores: Store[] = [new FileStore(), new FileStore("sessions", { policy: {} }), new MemoryStore(), new EmptyStore()];

for (const store of stores) {
  const id: string = await store.initializeSession({ episode: 1, topic: "tides", complexity: 3 });
  await store.updateSessionState(id, "script_writer", { status: "complete", cost: 1.2 });
  await store.handleAgentFailure(id, "script_writer", new Error("timeout"), { cost: 0.1 });
  await store.handleQualityFailure(id, { failures: ["technical"] });
  const { ready, refusals } = await store.validateReadyForStage(id, "script_writer");
  const code: string | undefined = ready ? undefined : refusals[0]?.code;
  const percent: number = (await store.getSessionProgress(id)).progress_percentage;
  const work = async (): Promise<AgentResult> => ({ output_file: "a", cost: percent, quality_score: 0.9 });
  const outcome = await runAgent(store, id, "script_writer", work, { backoff: (attempt) => attempt, heartbeat: 60_000 });
  await runAgent(store, id, "quality_evaluator", (session, signal) => {
    if (signal.aborted) return;
    return { report: { failures: [session.id ?? code ?? outcome.agent] } };
  });
  await store.exclusively(id, async (swap: Swap) => swap("a", "b"));
  for await (const change of store.watch()) void change.error?.code;
  // @ts-expect-error: a failure says what went wrong
  await store.updateSessionState(id, "script_writer", { status: "failed" });
}

// @ts-expect-error: a store needs a backend
new Store();
