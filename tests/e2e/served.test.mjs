// The app over Callboard's local server.
import assert from "node:assert/strict";

import { openServed, serveRepository } from "./support/live.mjs";
import { suite } from "./support/suite.mjs";

suite(
  "served",
  ({ test }) => {
    test("the server's address shows its sessions, and the token leaves the address bar", async (visit) => {
      const { server } = await serveRepository(visit);
      const app = await openServed(visit.open, server);
      await app.sessions.ids(50);
      assert.equal(app.page.url(), `${server.origin}/#/sessions`);
    });
  },
  { firefox: true },
);
