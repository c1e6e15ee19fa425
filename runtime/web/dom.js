/**
 * Elements, made and kept. Promises that text from the scheduler stays text, and that an element which still stands for the same
 * thing stays where it is, with its focus and whatever is open in it.
 */

/** `element('button', { type: 'button', onclick: restart }, 'Restart')`: functions are listeners; false and undefined are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice('on'.length), value);
    else setAttribute(made, key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function setAttribute(node, name, value) {
  if (value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? '' : value);
}

/** Leaves a text that is right alone: what a person selects stays selected, and a screen reader stays silent. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** By parent, the view of each item by key. */
const views = new WeakMap();

/**
 * Makes the children of `parent` stand for these items, one each. `make(item)` gives a view, `{ node, update(item) }`; it is kept as
 * long as there is an item of its key.
 */
export function renderList(parent, items, keyOf, make) {
  const before = views.get(parent) ?? new Map();
  const wanted = new Map();
  for (const item of items) {
    let key = keyOf(item);
    while (wanted.has(key)) key += "'";
    wanted.set(key, item);
  }
  for (const [key, view] of before) if (!wanted.has(key)) view.node.remove();
  const after = new Map();
  let next = parent.firstElementChild;
  for (const [key, item] of wanted) {
    const view = before.get(key) ?? make(item);
    view.update(item);
    after.set(key, view);
    if (view.node === next) next = next.nextElementSibling;
    else parent.insertBefore(view.node, next);
  }
  views.set(parent, after);
}

/** A list of lines of text. */
export function renderLines(parent, lines) {
  renderList(
    parent,
    lines,
    (line) => line,
    (line) => ({ node: element('li', {}, line), update() {} }),
  );
}
