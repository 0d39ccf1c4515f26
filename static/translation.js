// Protects the app from translators, which rewrite its nodes: Chromium's and most extensions replace texts by <font>
// elements, Firefox's merges the texts of an element and drops the comments between them. The app keeps references to
// its nodes: text written to a removed node is not visible, and nothing can be inserted before it.
//
// Foreign changes are recorded, and undone in an element just before the app changes that element itself. The
// translator then finds a new text and translates that.
{
  /** Foreign changes of each element, oldest first. */
  const journals = new WeakMap();
  /** The element whose journal has the foreign change of a node. */
  const homes = new WeakMap();
  /** Nodes that a translator added. */
  const foreign = new WeakSet();
  /** The <font> elements that replace a text. */
  const paired = new WeakSet();
  let isRewritten = false;

  const { prototype: node } = Node;
  const property = (of, name) => Object.getOwnPropertyDescriptor(of, name);
  const parentOf = (of) => native.parentNode.call(of);
  const native = {
    parentNode: property(node, "parentNode").get,
    setValue: property(node, "nodeValue").set,
    insertBefore: node.insertBefore,
    removeChild: node.removeChild,
  };
  // The app creates no <font> elements.
  const isFont = (of) => of?.nodeName === "FONT";

  const note = (records) => {
    const changed = new Set();
    // The app's nodes that were removed.
    const left = new Set();
    for (const { target, type, addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      if (type === "characterData") {
        if (!foreign.has(target)) changed.add(homes.get(target) ?? parentOf(target));
        continue;
      }
      for (const added of addedNodes) if (!homes.has(added) && !left.has(added)) foreign.add(added);
      if (removedNodes.length === 0) continue;
      for (const beside of [...addedNodes, previousSibling, nextSibling]) if (isFont(beside)) paired.add(beside);
      for (const removed of removedNodes) {
        if (foreign.has(removed)) continue;
        left.add(removed);
        changed.add(target);
      }
    }
    for (const record of records) {
      const { target, type, removedNodes } = record;
      const isText = type === "characterData";
      const element = isText ? (homes.get(target) ?? parentOf(target)) : target;
      // Changes inside of foreign nodes do not matter.
      if (!element || foreign.has(element) || !(changed.has(element) || journals.has(element))) continue;
      isRewritten = true;
      if (!journals.has(element)) journals.set(element, []);
      journals.get(element).push(record);
      for (const moved of isText ? [target] : removedNodes) {
        if (!foreign.has(moved) && !homes.has(moved)) homes.set(moved, element);
      }
    }
  };

  const observer = new MutationObserver(note);

  const takeBack = (element) => {
    const journal = journals.get(element);
    journals.delete(element);
    const isIn = (child) => child && parentOf(child) === element;
    for (const { type, target, oldValue, addedNodes, removedNodes, previousSibling, nextSibling } of journal.reverse()) {
      if (type === "characterData") {
        native.setValue.call(target, oldValue);
        homes.delete(target);
        continue;
      }
      for (const added of addedNodes) if (isIn(added)) native.removeChild.call(element, added);
      let next = null;
      if (isIn(nextSibling)) next = nextSibling;
      else if (isIn(previousSibling)) next = previousSibling.nextSibling;
      for (const removed of removedNodes) {
        native.insertBefore.call(element, removed, next);
        homes.delete(removed);
      }
    }
    // A <font> added before its text was removed.
    for (const font of [...element.children].filter(isFont)) native.removeChild.call(element, font);
  };

  /** Restores a node and its ancestors to their places in the app. */
  const restore = (of) => {
    if (!isRewritten) return;
    for (let at = of; at; at = parentOf(at)) {
      const home = homes.get(at);
      if (home && journals.has(home)) takeBack(home);
    }
  };
  /** Restores an element and its content. */
  const restoreIn = (element) => {
    if (isRewritten && journals.has(element)) takeBack(element);
    restore(element);
  };
  const catchUp = () => note(observer.takeRecords());

  /** Returns true if a text is being replaced by a new <font> beside it. */
  const isReplaced = (of) => [of.previousSibling, of.nextSibling].some((beside) => isFont(beside) && !paired.has(beside));

  /**
   * Patches a DOM method so that the app changes the page as it knows it. `prepare` returns the node to change, or null
   * for a change by a translator that runs in the page.
   */
  const patch = (of, name, kind, prepare) => {
    const known = property(of, name);
    const own = known[kind];
    const changed = function (...args) {
      catchUp();
      const on = prepare.apply(this, args);
      if (!on) return own.apply(this, args);
      const result = own.apply(on, args);
      // The app's own changes are not foreign.
      observer.takeRecords();
      return result;
    };
    Object.defineProperty(of, name, { ...known, [kind]: changed });
  };

  const inElement = function (child, other) {
    if (isFont(child) || isFont(other)) return null;
    if (isFont(this)) {
      // A translator inserts before a text that it moved into the <font>.
      if (!homes.has(other)) return null;
      restore(other);
      restore(child);
      return parentOf(other);
    }
    restoreIn(this);
    for (const one of [child, other]) if (one instanceof Node) restore(one);
    return this;
  };
  const removal = function () {
    if (isFont(this) || isReplaced(this)) return null;
    restore(this);
    const parent = parentOf(this);
    if (parent) restoreIn(parent);
    return this;
  };
  const rewriting = function () {
    if (this instanceof Element) restoreIn(this);
    else restore(this);
    return this;
  };
  for (const name of ["appendChild", "insertBefore", "replaceChild"]) patch(node, name, "value", inElement);
  patch(node, "removeChild", "value", function (child) {
    return child instanceof Node && isReplaced(child) ? null : inElement.call(this, child);
  });
  for (const { prototype } of [CharacterData, Element]) patch(prototype, "remove", "value", removal);
  for (const name of ["nodeValue", "textContent"]) patch(node, name, "set", rewriting);
  patch(CharacterData.prototype, "data", "set", rewriting);
  Object.defineProperty(node, "parentNode", {
    ...property(node, "parentNode"),
    get() {
      const parent = parentOf(this);
      if (parent !== null) return parent;
      catchUp();
      restore(this);
      observer.takeRecords();
      return parentOf(this);
    },
  });

  // The app starts after the page is parsed.
  const watch = () =>
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, characterDataOldValue: true });
  document.addEventListener("readystatechange", watch, { once: true });
}
