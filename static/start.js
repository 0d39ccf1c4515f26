// Serves the page before the app has started and after it has stopped. Keeps dropped files for the app, stops the
// browser from opening them, and reports an app that fails to start or stops. The app takes over in
// `web/src/platform/start.rs`.
{
  const SAFE = "Your data in this browser is safe.";
  const dropped = [];
  let isStarted = false;
  const hold = (event) => {
    if (!event.dataTransfer?.types.length) return;
    event.preventDefault();
    if (event.type !== "drop") return;
    const before = dropped.length;
    for (const item of event.dataTransfer.items) {
      // Folders can only be recognised during the event.
      const held = item.kind === "file" && (item.webkitGetAsEntry() ?? item.getAsFile());
      if (held) dropped.push(held);
    }
    // Text instead of files: the app tells its kind.
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
      `Callboard could not start${why ? ` (${why})` : ""}. Reload the page. If that does not help, try a current version ` +
      `of Chromium or Firefox. ${SAFE}`;
    // Parts of the app may be rendered already.
    for (const other of document.body.children) if (other !== start) other.hidden = true;
  };
  /** Reports that no part of the page works any more. */
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
      element("p", `${SAFE} Reload the page to continue. If it stops again, try a current version of Chromium or Firefox.`),
      reload,
      // The error and its location, without the stack.
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
    // A failed preload link does not matter: its file is fetched again when needed.
    if (event.target instanceof Element && !src) return;
    const why = (src ? `${src} did not load` : (event.message ?? event.reason?.message))?.replace(/\.$/, "");
    say(why);
  };
  // An app that panicked, ran out of memory or overflowed its stack cannot continue.
  const trapped = (event) => {
    const error = event.error ?? event.reason;
    const isOverrun = /call stack|too much recursion/.test(error?.message);
    if (!(error instanceof WebAssembly.RuntimeError || isOverrun)) return;
    // What is left of a stopped app may still be called by an event, and traps again.
    if (document.querySelector("#stopped")) event.preventDefault();
    else stop(error.message);
  };
  const early = [
    ["dragenter", hold],
    ["dragover", hold],
    ["drop", hold],
    ["unhandledrejection", fail],
    // Load errors do not bubble, so they are captured.
    ["error", fail, true],
  ];
  for (const listener of early) addEventListener(...listener);

  // Called when the app has started; returns what was dropped.
  globalThis.callboardStarted = () => {
    isStarted = true;
    for (const listener of early) removeEventListener(...listener);
    addEventListener("error", trapped);
    addEventListener("unhandledrejection", trapped);
    document.querySelector("#start")?.remove();
    return dropped.splice(0);
  };

  // Called when the app has panicked.
  globalThis.callboardStopped = (why) => (isStarted ? stop(why) : say(why.replace(/\.$/, "")));
}
