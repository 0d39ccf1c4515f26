// The page's one Trusted Types policy. Leptos puts what is wholly static in a view into the page as markup, and
// the browser asks here before it takes any. Words, classes, roles and shapes are let in; what could run, load
// something or lead somewhere is refused, whoever it comes from. Script text and script addresses are refused
// always: nothing here makes them.
{
  const names =
    "class|id|for|type|value|name|scope|colspan|tabindex|role|title|lang|dir|hidden|open|placeholder|datetime|" +
    "aria-[a-z]+|data-[a-z-]+|viewBox|d|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|points|width|height|offset|transform|" +
    "patternUnits|patternTransform|markerUnits|markerWidth|markerHeight|refX|refY|orient|preserveAspectRatio";
  const tag = new RegExp(`<(?!/?script)/?[a-z][a-z0-9]*(?:\\s+(?:${names})(?:="[^"<>]*")?)*\\s*/?>`, "gi");
  const isInert = (markup) => !markup.replaceAll(tag, "").includes("<");
  globalThis.trustedTypes?.createPolicy("default", {
    createHTML: (markup) => (isInert(markup) ? markup : null),
  });
}
