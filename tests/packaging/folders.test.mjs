// The installed package does not reveal where it was built.
import { join } from "node:path";
import { test } from "node:test";

import { assertNamesNoFolder } from "../e2e/support/folders.mjs";

test("no file of the package names a folder of the machine it was built on", () =>
  assertNamesNoFolder(join(process.env.CALLBOARD_PROJECT, "node_modules", "callboard")));
