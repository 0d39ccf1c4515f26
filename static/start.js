// The page before the app is there, and after it has stopped. What is dropped meanwhile is kept for the app, and does
// not take the browser away from the page; and when the app does not come, or stops, the page says so. The app takes
// over in `web/src/platform/start.rs`.
{
  const SAFE = "What you have kept in this browser is still there.";
  const dropped = [];
  let isStarted = false;
  const hold = (event) => {
    if (!event.dataTransfer?.types.length) return;
    event.preventDefault();
    if (event.type !== "drop") return;
    const before = dropped.length;
    for (const item of event.dataTransfer.items) {
      // Which of them are folders can be asked now only.
      const held = item.kind === "file" && (item.webkitGetAsEntry() ?? item.getAsFile());
      if (held) dropped.push(held);
    }
    // Text in place of files: the app says what it is.
    const text = ["text/uri-list", "text/plain"].map((type) => event.dataTransfer.getData(type));
    if (dropped.length === before && text.some(Boolean)) dropped.push(text);
  };
  const say = (why) => {
    const start = document.querySelector("#start");
    const words = start?.querySelector("p");
    if (!words || start.classList.contains("start-failed")) return;
    start.classList.add("start-failed");
    words.setAttribute("role", "alert");
    words.textContent =
      `It could not start${why ? ` (${why})` : ""}. Load the page again; if that does not help, try a current Chromium ` +
      `or Firefox. ${SAFE}`;
    // Parts of it may be there already.
    for (const other of document.body.children) if (other !== start) other.hidden = true;
  };
  /** Nothing in the page works any more. */
  const stop = (why) => {
    if (document.querySelector("#stopped")) return;
    const element = (name, text, attributes = {}) => {
      const made = document.createElementNS("http://www.w3.org/1999/xhtml", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.textContent = text;
      return made;
    };
    const reload = element("button", "Reload", { type: "button", class: "button button-primary" });
    reload.addEventListener("click", () => location.reload());
    const words = element("div", "", { class: "stopped-words" });
    words.append(
      element("h1", "Callboard has stopped", { id: "stopped-title" }),
      element("p", `${SAFE} Reload the page to go on; if it stops again, try a current Chromium or Firefox.`),
      reload,
      // Where it happened and what; not all that led there.
      element("p", (why ?? "").split("\n").slice(0, 2).join(" ").slice(0, 240), { class: "stopped-why muted", translate: "no" }),
    );
    const stopped = element("div", "", { id: "stopped", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "stopped-title" });
    stopped.append(words);
    for (const other of document.body.children) other.inert = true;
    document.body.append(stopped);
    reload.focus();
  };
  const fail = (event) => {
    const { src } = event.target ?? {};
    // A link that did not load is no loss: what it would have fetched ahead is fetched again when it is needed.
    if (event.target instanceof Element && !src) return;
    const why = (src ? `${src} did not load` : (event.message ?? event.reason?.message))?.replace(/\.$/, "");
    say(why);
  };
  // An app that has panicked, has no memory left or has overrun its stack is in no state to go on.
  const trapped = (event) => {
    const error = event.error ?? event.reason;
    const isOverrun = /call stack|too much recursion/.test(error?.message);
    if (error instanceof WebAssembly.RuntimeError || isOverrun) stop(error.message);
  };
  const early = [
    ["dragenter", hold],
    ["dragover", hold],
    ["drop", hold],
    ["unhandledrejection", fail],
    // What did not load tells nobody above itself: it is heard on the way down.
    ["error", fail, true],
  ];
  for (const listener of early) addEventListener(...listener);

  // The app is there: what was dropped is its own.
  globalThis.callboardStarted = () => {
    isStarted = true;
    for (const listener of early) removeEventListener(...listener);
    addEventListener("error", trapped);
    addEventListener("unhandledrejection", trapped);
    document.querySelector("#start")?.remove();
    return dropped.splice(0);
  };

  // The app has panicked, and says where.
  globalThis.callboardStopped = (why) => (isStarted ? stop(why) : say(why.replace(/\.$/, "")));
}
