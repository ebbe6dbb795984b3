// Copying, in three ways: browsers refuse one or the other.

/**
 * Put `text` on the clipboard; false when the browser lets no script do it. Within an open dialog
 * say so by `root`: nothing outside it can be selected.
 */
export async function copy(text, root = document.body) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, root);
  }
}

function copyBySelection(text, root) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "unseen";
  field.setAttribute("aria-hidden", "true");
  root.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  before?.focus({ preventScroll: true });
  return isCopied;
}
