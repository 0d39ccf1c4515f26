import { Session } from "callboard";
import { MemoryStore } from "callboard/memory";

import { load } from "./load.js";

/** A session moved on, and one that a store in memory has made. */
export async function move(text, file, event, at) {
  await load();
  const session = Session.parse(text, { file });
  session.apply(event, at);
  const store = new MemoryStore({ now: () => at.now });
  const id = await store.initializeSession({ episode: 1, topic: "tides" });
  return { text: session.toString(), id };
}
