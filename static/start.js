// Until the app is there. What is dropped meanwhile is kept for it, and does not take the browser away from the
// page; and when the app does not come, the page says so. The app takes over in `web/src/platform/start.rs`.
{
  const dropped = [];
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
  const say = (text) => {
    const start = document.querySelector("#start");
    const words = start?.querySelector("p");
    if (!words) return;
    start.classList.add("start-failed");
    words.setAttribute("role", "alert");
    words.textContent = text;
  };
  const fail = (event) => {
    const { src } = event.target ?? {};
    // A link that did not load is no loss: what it would have fetched ahead is fetched again when it is needed.
    if (event.target instanceof Element && !src) return;
    const why = (src ? `${src} did not load` : (event.message ?? event.reason?.message))?.replace(/\.$/, "");
    say(
      `It could not start${why ? ` (${why})` : ""}. Load the page again; if that does not help, try a current Chromium ` +
        "or Firefox. What you have kept in this browser is still there.",
    );
  };
  const listeners = [
    ["dragenter", hold],
    ["dragover", hold],
    ["drop", hold],
    ["unhandledrejection", fail],
    // What did not load tells nobody above itself: it is heard on the way down.
    ["error", fail, true],
  ];
  for (const listener of listeners) addEventListener(...listener);

  // The app is there: what was dropped is its own.
  globalThis.callboardStarted = () => {
    for (const listener of listeners) removeEventListener(...listener);
    document.querySelector("#start")?.remove();
    return dropped.splice(0);
  };
}
