// A Cloudflare Worker that applies events: POST { text, event } answers with the session's new text and the next step,
// or with the refusal. Nothing has to be loaded first: `wrangler dev examples/worker.mjs`.
import { CallboardError, Session } from "callboard";

export default {
  async fetch(request) {
    if (request.method !== "POST") return Response.json({ message: "POST { text, event }." }, { status: 405 });
    let session;
    try {
      const { text, event } = await request.json();
      session = Session.parse(text);
      const { to, next } = session.apply(event, { now: new Date() });
      return Response.json({ to, next, text: session.toString() });
    } catch (error) {
      if (!(error instanceof CallboardError || error instanceof SyntaxError)) throw error;
      const { code, message, refusal } = error;
      return Response.json({ code, message, refusal }, { status: refusal === undefined ? 400 : 409 });
    } finally {
      session?.free();
    }
  },
};
