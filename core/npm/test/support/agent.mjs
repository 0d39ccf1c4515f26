// node agent.mjs <folder>: creates a session there, runs an agent that never ends, and prints the id once it is running.
import { FileStore, runAgent } from "callboard/node";

const store = new FileStore(process.argv[2], { now: () => "2024-08-11T14:30:00Z" });
const id = await store.initializeSession({ episode: 1, topic: "tides" });
await runAgent(store, id, "research_coordinator", () => {
  console.log(id);
  return new Promise((resolve) => setTimeout(resolve, 2 ** 30));
});
