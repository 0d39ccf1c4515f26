import { Session } from "callboard";

import { Made } from "./made.js";

export const dynamic = "force-dynamic";

/** A server component: the module is ready when it is imported. */
export default function Page() {
  const session = Session.initialize({ episode: 1, topic: "tides" }, { now: "2024-08-11T14:30:00Z" });
  return (
    <main>
      <p id="server">{session.id}</p>
      <Made />
    </main>
  );
}
