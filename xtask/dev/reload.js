// Keeps a page of `cargo xtask dev` up to date. A separate file, because the page's policy forbids inline scripts.
const changes = new EventSource("dev-changes");

changes.addEventListener("built", () => location.reload());

// Reloads a stylesheet in place, so the page keeps its state.
changes.addEventListener("css", ({ data: name }) => {
  for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
    const address = new URL(link.href);
    if (!address.pathname.split("/").at(-1).startsWith(`${name}-`)) continue;
    address.search = String(Date.now());
    link.href = address.href;
  }
});
