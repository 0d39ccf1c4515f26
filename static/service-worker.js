// Keeps the app's own files, so that it opens without a network. It keeps and sees no data: everything below `api/`,
// and every address that is not one of the app's files, goes to the network as if it were not there.
//
// The build fills in the version and the files (xtask/src/hook.rs). A new version waits until the page lets it take
// over (web/src/platform/updates.rs).
const VERSION = "";
const FILES = [];

/** Time after which a page that the network does not answer is opened from the kept files. */
const PATIENCE_MS = 4_000;

const PREFIX = "callboard-files-";
const CACHE = PREFIX + VERSION;
const scope = new URL(registration.scope);
const addresses = new Set(FILES.map((file) => new URL(file, scope).href));

addEventListener("install", (event) => {
  // Files whose names have no hash may be stale in the browser's own cache.
  const requests = FILES.map((file) => new Request(new URL(file, scope), { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

addEventListener("activate", (event) => {
  const clear = async () => {
    const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
    await Promise.all(others.map((name) => caches.delete(name)));
  };
  event.waitUntil(clear());
});

addEventListener("message", (event) => {
  if (event.data === "version") event.ports[0]?.postMessage(VERSION);
  if (event.data === "take over") event.waitUntil(skipWaiting());
});

const kept = async (address) => (await caches.open(CACHE)).match(address);

/** Answers with the network's page, as a server may have a newer one or a reason to redirect; else with the kept one. */
async function page(request) {
  const asked = fetch(request);
  // Where the kept page comes first, a later failure matters no more.
  asked.catch(() => undefined);
  const waited = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const answer = await Promise.race([asked, waited]).catch(() => undefined);
  return answer ?? (await kept(scope.href)) ?? asked;
}

const file = async (request) => (await kept(request.url)) ?? fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.origin) return;
  if (url.href.startsWith(new URL("api/", scope).href)) return;
  const isPage = [scope.pathname, `${scope.pathname}index.html`].includes(url.pathname);
  if (request.mode === "navigate" && isPage) event.respondWith(page(request));
  else if (addresses.has(url.href) && !isPage) event.respondWith(file(request));
});
