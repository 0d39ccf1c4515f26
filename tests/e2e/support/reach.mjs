// Looks for controls that are cut or covered when they have the focus, and for pages wider than their window.

/**
 * Returns a description of everything on the page, or within one part of it, that cannot be reached whole: the document's
 * overflow, and each control that is outside of the window or behind something else while it has the focus. Runs in the
 * page.
 *
 * @param {string} [within] selector of the part
 */
export function unreachable(within = "html") {
  const found = [];
  const root = document.documentElement;
  for (const element of [root, document.querySelector("main")]) {
    if (element.scrollWidth > element.clientWidth + 1) {
      const wide = [...element.querySelectorAll("*")].find((child) => {
        const scroller = child.closest(".scroll-x, [data-scroller]:not(main)");
        return scroller === null && child.getBoundingClientRect().right > element.getBoundingClientRect().right + 1;
      });
      found.push(`${element.localName} is ${element.scrollWidth} px wide in ${element.clientWidth}: ${wide?.outerHTML.slice(0, 160)}`);
    }
  }
  const main = document.querySelector("main").getBoundingClientRect();
  const controls = [...document.querySelector(within).querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  for (const control of controls) {
    if (!control.isConnected || !control.checkVisibility({ visibilityProperty: true }) || control.disabled || control.tabIndex < 0) continue;
    document.activeElement.blur();
    control.focus();
    if (document.activeElement !== control) continue;
    // A hidden input is shown by its label.
    const small = control.getBoundingClientRect();
    const shown = control.labels?.length && small.width < 10 ? control.labels[0] : control;
    // Only a part of a long line of text may be in the window.
    const box = shown.getClientRects()[0];
    if (!box) continue;
    // The page is shown between the bars of the window.
    const around = (control.closest("main") ?? root).getBoundingClientRect();
    const left = Math.max(box.left, around.left, 0);
    const right = Math.min(box.right, around.right, innerWidth);
    const top = Math.max(box.top, around.top, 0);
    const bottom = Math.min(box.bottom, around.bottom, innerHeight);
    const name = `${control.getAttribute("aria-label") ?? control.innerText ?? ""} ${control.outerHTML.slice(0, 90)}`.replace(/\s+/g, " ").slice(0, 140);
    // The box of a straight arrow has no width or no height.
    const least = control.namespaceURI.endsWith("svg") ? 0 : 2;
    if (right - left < least || bottom - top < least) {
      found.push(`outside of the window: ${name}`);
      continue;
    }
    const fits = box.height < main.height * 0.6 && box.width <= innerWidth;
    if (fits && (bottom - top < box.height - 2 || right - left < box.width - 2)) {
      found.push(`cut by the window: ${name}`);
      continue;
    }
    // The middle of an arrow's box need not be on the arrow.
    if (control.namespaceURI.endsWith("svg")) continue;
    const middle = (left + right) / 2;
    // Padding that enlarges a target may be behind its neighbours.
    const { paddingTop, paddingBottom } = getComputedStyle(shown);
    const [first, last] = [top + Number.parseFloat(paddingTop) + 3, bottom - Number.parseFloat(paddingBottom) - 3];
    const points = fits && first < last ? [first, (first + last) / 2, last] : [(top + bottom) / 2];
    for (const y of points) {
      const hit = document.elementFromPoint(middle, y);
      const isOwn = hit && (shown.contains(hit) || hit.contains(shown) || hit.closest("label")?.contains(control));
      if (!isOwn) {
        found.push(`behind ${hit?.cloneNode(false).outerHTML.slice(0, 90)}: ${name}`);
        break;
      }
    }
  }
  return found;
}

/**
 * Returns the controls of the page, or of one part of it, that are smaller than a finger: less than 44 px high, with what
 * extends them. Runs in the page.
 *
 * @param {string} [within] selector of the part
 */
export function tooSmall(within = "html") {
  const found = [];
  for (const control of document.querySelector(within).querySelectorAll("button, a.button, a.nav-item, summary, select, input")) {
    if (!control.checkVisibility({ visibilityProperty: true })) continue;
    // There is nothing to press.
    if (control.disabled || control.ariaDisabled === "true") continue;
    // A field's box has the border.
    const box = (control.closest(".field-box") ?? control).getBoundingClientRect();
    // The head of a narrow list is shown while it has the focus.
    if (control.closest("thead") && getComputedStyle(control.closest("thead")).clipPath !== "none") continue;
    const shown = control.labels?.length ? control.labels[0].getBoundingClientRect() : box;
    const around = getComputedStyle(control, "::after");
    const extra = around.position === "absolute" && around.content !== "none" ? -2 * Number.parseFloat(around.top) || 0 : 0;
    const height = Math.max(box.height, shown.height) + extra;
    if (height < 43.5) found.push(`${Math.round(height)} px: ${control.outerHTML.replace(/\s+/g, " ").slice(0, 120)}`);
  }
  return found;
}
