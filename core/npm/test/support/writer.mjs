// node writer.mjs <folder> <session> <times>: reports progress repeatedly, and writes a dot for each stored report.
import { writeSync } from "node:fs";

import { FileStore } from "callboard/node";

const [folder, id, times] = process.argv.slice(2);
const store = new FileStore(folder);
for (let written = 0; written < Number(times); written += 1) {
  const event = { type: "progress", agent: "research_coordinator", cost: 0.01 };
  await store.apply(id, event, { now: "2024-08-11T14:31:00Z" });
  writeSync(1, ".");
}
