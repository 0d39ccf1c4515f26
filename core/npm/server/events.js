// Changes as server-sent events. The last ones are kept, for pages that come back after a lost connection.

/** Number of events that are kept. */
const EVENT_LIMIT = 10_000;

/** Milliseconds between comments that keep a connection open. */
const PULSE_MS = 15_000;

/** Bytes that wait for a slow page before it is sent away; it comes back, and asks for what it has missed. */
const MOST_WAITING = 1 << 20;

/** Most pages that follow at once. */
const MOST_PAGES = 100;

/** The events of a server, and the pages that follow them. */
export class Events {
  /** Ids grow over restarts too, so a page never takes one server's event for another's. */
  #last = Date.now() * 1000;
  #kept = [];
  #pages = new Set();
  #pulse;

  constructor() {
    this.#pulse = setInterval(() => this.#send(": still here\n\n"), PULSE_MS);
    this.#pulse.unref();
  }

  /** Id of the last event. */
  get last() {
    return this.#last;
  }

  /** Reports a changed file with the ETag of its content, or null for a removed one. */
  changed(path, etag) {
    this.#add(`event: change\ndata: ${JSON.stringify({ path, etag })}\n\n`);
  }

  /** Reports that changes may have been missed: pages list the files again. */
  reset() {
    this.#kept = [];
    this.#add("event: reset\ndata: {}\n\n");
  }

  #add(text) {
    this.#last += 1;
    const event = { id: this.#last, text: `id: ${this.#last}\n${text}` };
    this.#kept.push(event);
    if (this.#kept.length >= 2 * EVENT_LIMIT) this.#kept = this.#kept.slice(-EVENT_LIMIT);
    this.#send(event.text);
  }

  /** Answers a request with the events after the given id, and with all that come, until the page closes it. */
  follow(response, after) {
    // The page that has been there for the longest is probably gone.
    if (this.#pages.size >= MOST_PAGES) {
      const [oldest] = this.#pages;
      oldest.destroy();
      this.#pages.delete(oldest);
    }
    response.writeHead(200, { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" });
    response.write(`retry: 1000\n\n${this.#missed(after)}`);
    this.#pages.add(response);
    response.on("close", () => this.#pages.delete(response));
  }

  #missed(after) {
    if (after === undefined) return "";
    const known = after >= (this.#kept[0]?.id ?? this.#last + 1) - 1 && after <= this.#last;
    if (!known) return `id: ${this.#last}\nevent: reset\ndata: {}\n\n`;
    return this.#kept.filter(({ id }) => id > after).map(({ text }) => text).join("");
  }

  #send(text) {
    for (const page of this.#pages) {
      if (page.writableLength > MOST_WAITING) page.destroy();
      else page.write(text);
    }
  }

  close() {
    clearInterval(this.#pulse);
    for (const page of this.#pages) page.destroy();
  }
}

/** Reads the id of a page's last event, from its header or its address; undefined if there is none. */
export function lastEventOf(request, query) {
  const text = request.headers["last-event-id"] ?? query.get("after") ?? undefined;
  // An id that is none is not known, and leads to a reset.
  return text === undefined || text === "" ? undefined : Number(text);
}
