// The page's only Trusted Types policy. Leptos inserts static parts of a view as markup, which the browser passes to
// this policy. It refuses elements and attributes that could run code, load something or navigate, and all markup that
// is not as plain as the compiler's. It refuses all script text, which the app never creates, and every script address
// but the service worker's.
{
  const elements =
    "script|style|template|noscript|iframe|frame|frameset|portal|object|embed|applet|base|link|meta|form|" +
    "img|image|picture|source|audio|video|track|set|animate[a-z]*|foreignobject|math";
  const attributes =
    "on[a-z]*|style|is|src|srcset|srcdoc|href|action|formaction|ping|data|poster|background|cite|target|content|" +
    "codebase|classid|manifest|longdesc|usemap|attributename|from|to|values|by";
  const end = "(?![a-z0-9-])";
  const other = `(?!(?:${attributes})${end})[a-z][a-z0-9-]*(?:="[^"<>]*")?`;
  // Links within this page are allowed.
  const attribute = `\\s+(?:${other}|href="#[^"<>]*")`;
  const tag = new RegExp(`</?(?!(?:${elements})${end})[a-z][a-z0-9-]*(?:${attribute})*\\s*/?>`, "gi");
  const isInert = (markup) => !markup.replaceAll(tag, "").includes("<");
  globalThis.trustedTypes?.createPolicy("default", {
    createHTML: (markup) => (isInert(markup) ? markup : null),
    createScriptURL: (address) => (address === "./service-worker.js" ? address : null),
  });
}
