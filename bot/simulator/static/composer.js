// The field one writes in.

/** Hand what is written into `form` to `send`. Enter sends; Shift+Enter begins a line. */
export function write(form, send) {
  const words = form.querySelector(".words");
  const mark = () => {
    form.classList.toggle("is-empty", !words.value.trim());
    if (CSS.supports("field-sizing", "content")) return;
    words.style.height = "auto";
    words.style.height = `${words.scrollHeight}px`;
  };
  words.addEventListener("keydown", (event) => {
    // The Enter that ends a conversion is the input method's. Safari tells it by 229 alone.
    const isConverting = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isConverting) return;
    event.preventDefault();
    form.requestSubmit();
  });
  words.addEventListener("input", mark);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = words.value;
    if (!text.trim()) return;
    words.value = "";
    mark();
    send(text);
  });
  mark();
}
