/** Draws descriptions of elements into the page and keeps what a person is typing, focusing or scrolling. */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "selected", "hidden", "open"]);
const drawn = new WeakMap();

/** Describe one element. Strings become text nodes, so nothing a customer types is ever read as markup. */
export function h(tag, props, ...children) {
  const shown = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return { tag, props: props ?? {}, key: props?.key, children: shown };
}

/** Make `root` show exactly `tree`. Hooks run last, when everything has its final size. */
export function draw(root, tree) {
  const hooks = [];
  arrange(root, [tree], hooks);
  for (const run of hooks) run();
}

function arrange(parent, wanted, hooks) {
  const pairs = match([...parent.childNodes], wanted);
  const kept = new Set(pairs.map(([, node]) => node));
  // What goes is removed first: moving a node that stays would drop its focus and scroll position.
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();
  let cursor = parent.firstChild;
  for (const [description, found] of pairs) {
    const node = found ?? create(description, parent);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    update(node, description, hooks);
  }
}

function match(nodes, wanted) {
  const keyed = new Map();
  const loose = [];
  for (const node of nodes) {
    const key = drawn.get(node)?.key;
    if (key === undefined) loose.push(node);
    else keyed.set(key, node);
  }
  return wanted.map((description) => [description, claim(description, keyed, loose)]);
}

function claim(description, keyed, loose) {
  if (typeof description === "object" && description.key !== undefined) {
    const node = keyed.get(description.key);
    keyed.delete(description.key);
    return node?.localName === description.tag ? node : undefined;
  }
  const fits = typeof description === "object" ? (node) => node.localName === description.tag : (node) => node.nodeType === Node.TEXT_NODE;
  const at = loose.findIndex(fits);
  return at < 0 ? undefined : loose.splice(0, at + 1).at(-1);
}

function create(description, parent) {
  if (typeof description !== "object") return document.createTextNode("");
  const inSvg = description.tag === "svg" || parent.namespaceURI === SVG;
  return inSvg ? document.createElementNS(SVG, description.tag) : document.createElement(description.tag);
}

function update(node, description, hooks) {
  if (typeof description !== "object") {
    if (node.data !== String(description)) node.data = String(description);
    return;
  }
  const before = drawn.get(node);
  drawn.set(node, description);
  // What a field opens with is said once: what people type afterwards is theirs.
  if (before === undefined) Object.assign(node, description.props.start);
  setProps(node, before?.props ?? {}, description.props);
  arrange(node, description.children, hooks);
  const { hook } = description.props;
  if (hook) hooks.push(() => hook(node, before === undefined));
}

function setProps(node, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) setProp(node, name, undefined);
  for (const [name, value] of Object.entries(after)) if (value !== before[name]) setProp(node, name, value);
}

function setProp(node, name, value) {
  if (name === "key" || name === "hook" || name === "start") return;
  if (name.startsWith("on")) node[name] = value ?? null;
  else if (name === "tint") node.style.setProperty("--tint", value ?? "");
  else if (PROPERTIES.has(name)) setProperty(node, name, value ?? (name === "value" ? "" : false));
  else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

function setProperty(node, name, value) {
  // Writing an equal value again would still move the caret in some browsers.
  if (node[name] !== value) node[name] = value;
}

/** A hook for lists that grow at the end: they stay at the end unless the reader scrolled up. */
export function stayAtEnd(node, isNew) {
  if (isNew) {
    node.dataset.atEnd = "yes";
    node.addEventListener("scroll", () => {
      const distance = node.scrollHeight - node.scrollTop - node.clientHeight;
      node.dataset.atEnd = distance < 48 ? "yes" : "no";
    });
  }
  if (node.dataset.atEnd === "yes") node.scrollTop = node.scrollHeight;
}

/** A hook for dialogs: shown as modal, so the browser itself keeps the focus inside and handles Escape. */
export function showAsModal(node, isNew) {
  if (!isNew) return;
  node.showModal();
  focusFirst(node);
}

/** The same for windows of Slack's: the customer's phone is another device, and goes on meanwhile. */
export function showBeside(node, isNew) {
  if (!isNew) return;
  node.show();
  focusFirst(node);
}

function focusFirst(dialog) {
  (dialog.querySelector("[data-action]") ?? dialog.querySelector("footer button:last-child")).focus();
}

/** A hook for menus: they open towards where there is room. */
export function keepInSight(node) {
  node.classList.remove("up", "left");
  const room = (node.parentElement.closest(".scroll, .modal-body") ?? document.body).getBoundingClientRect();
  const opener = node.parentElement.getBoundingClientRect();
  const isAbove = opener.bottom + node.offsetHeight + 8 > room.bottom && opener.top - node.offsetHeight - 8 > room.top;
  node.classList.toggle("up", isAbove);
  node.classList.toggle("left", opener.left + node.offsetWidth + 8 > room.right);
}
