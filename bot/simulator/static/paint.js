// Markup made by the server, put into the page.

/**
 * Nodes for markup of bot/simulator/render/message.py, which escapes every text in it. Style comes as
 * data-css, because the content policy forbids style in markup: copied here, one by one.
 */
export function nodes(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const part of holder.content.querySelectorAll("[data-css]")) {
    for (const declaration of part.dataset.css.split(";")) {
      const colon = declaration.indexOf(":");
      part.style.setProperty(declaration.slice(0, colon), declaration.slice(colon + 1));
    }
    part.removeAttribute("data-css");
  }
  return holder.content;
}

/** LINE's "shrink-to-fit": smaller letters rather than a label cut off. Needs to be in the page. */
export function shrink(root) {
  for (const part of root.querySelectorAll(".fx-shrink")) {
    const label = part.querySelector(".fx-label") ?? part;
    for (let size = 100; label.scrollWidth > label.clientWidth && size > 50; size -= 5) {
      part.style.fontSize = `${size / 100}em`;
    }
  }
}
