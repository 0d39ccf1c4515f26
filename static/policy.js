// The page's one Trusted Types policy. Leptos puts what is wholly static in a view into the page as markup, and
// the browser asks here before it takes any. What could run, load something or lead somewhere is refused, whoever
// it comes from: such elements, such attributes, and whatever is not spelt as plainly as the compiler spells it.
// Script text and script addresses are refused always: nothing here makes them.
{
  const elements =
    "script|style|template|noscript|iframe|frame|frameset|portal|object|embed|applet|base|link|meta|form|" +
    "img|image|picture|source|audio|video|track|set|animate[a-z]*|foreignobject|math";
  const attributes =
    "on[a-z]*|style|is|src|srcset|srcdoc|href|action|formaction|ping|data|poster|background|cite|target|content|" +
    "codebase|classid|manifest|longdesc|usemap|attributename|from|to|values|by";
  const end = "(?![a-z0-9-])";
  const other = `(?!(?:${attributes})${end})[a-z][a-z0-9-]*(?:="[^"<>]*")?`;
  // A link may lead to another place of this page.
  const attribute = `\\s+(?:${other}|href="#[^"<>]*")`;
  const tag = new RegExp(`</?(?!(?:${elements})${end})[a-z][a-z0-9-]*(?:${attribute})*\\s*/?>`, "gi");
  const isInert = (markup) => !markup.replaceAll(tag, "").includes("<");
  globalThis.trustedTypes?.createPolicy("default", {
    createHTML: (markup) => (isInert(markup) ? markup : null),
  });
}
