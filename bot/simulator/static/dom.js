// Nodes, made and found.

export const byId = (id) => document.getElementById(id);

/** Finds the one node of a class within `root`. */
export const byClass = (root) => (name) => root.querySelector(`.${name}`);

/** A node: `make("a", { class: "key", href: "/" }, "text", other)`; null children are left out. */
export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** A fresh copy of the template `id`. */
export function copyOf(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

/** A button that does one thing. */
export function button(text, act, attributes = {}) {
  const node = make("button", { type: "button", class: "small", ...attributes }, text);
  node.addEventListener("click", act);
  return node;
}
