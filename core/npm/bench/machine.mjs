// The pipeline as an XState machine whose context is the session: restored from JSON, sent one event, persisted.
import { complete } from "./reducer.mjs";

/** Makes a function from text and event to text. */
export function throughXState({ assign, createActor, setup }) {
  const step = (next) => ({
    on: {
      complete: {
        target: next,
        guard: ({ context, event }) => ["in_progress", "pending", "retry"].includes(context.session.agent_outputs[event.agent].status),
        actions: assign({ session: ({ context, event }) => complete(context.session, event, event.now) }),
      },
      fail: { target: "failed" },
    },
  });
  const machine = setup({}).createMachine({
    id: "session",
    initial: "initialized",
    context: ({ input }) => ({ session: input ?? null }),
    states: {
      initialized: { on: { start: "research" } },
      research: step("writing"),
      writing: step("evaluation"),
      evaluation: step("synthesis"),
      synthesis: step("complete"),
      failed: { on: { retry: "retry" } },
      retry: { on: { start: "research" } },
      complete: { type: "final" },
    },
  });
  return (text, event, now) => {
    const session = JSON.parse(text);
    const snapshot = machine.resolveState({ value: session.pipeline_state.current_stage, context: { session } });
    const actor = createActor(machine, { snapshot }).start();
    actor.send({ ...event, now });
    const persisted = actor.getPersistedSnapshot();
    actor.stop();
    return JSON.stringify(persisted.context.session, null, 2);
  };
}
