import { Session } from "callboard";
import { Importer } from "callboard/import";
import { MemoryStore } from "callboard/memory";

import { load } from "./load.js";

/** A session moved on, one that a store in memory has made, and the state of another pipeline's. */
export async function move(text, file, event, at) {
  await load();
  const session = Session.parse(text, { file });
  session.apply(event, at);
  const store = new MemoryStore({ now: () => at.now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  const importer = new Importer();
  importer.add("a.json", new TextEncoder().encode('{"session_id": "ep_9", "status": "failed"}'));
  return { text: session.toString(), id, state: importer.finish().sessions[0].state.value };
}
