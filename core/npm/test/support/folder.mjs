import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** Creates an empty folder that is removed after the tests of this file. */
export async function folder() {
  const made = await mkdtemp(join(tmpdir(), "callboard-"));
  after(() => rm(made, { recursive: true, force: true }));
  return made;
}
