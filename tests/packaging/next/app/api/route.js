import { tmpdir } from "node:os";

import { MemoryStore } from "callboard/memory";
import { FileStore } from "callboard/node";

export const dynamic = "force-dynamic";

/** A route handler, with both stores. */
export async function GET() {
  const store = new MemoryStore({ now: () => "2024-08-11T14:30:00Z" });
  const id = await store.initializeSession({ episode: 3, topic: "tides" });
  const { folder } = new FileStore(tmpdir());
  return Response.json({ id, inFolder: folder === tmpdir() });
}
