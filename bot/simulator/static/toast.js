// A line that says what just happened, and goes away.

const toast = document.getElementById("toast");
const SHOWN_FOR = 4500; // milliseconds
let timer;

export function tell(sentence) {
  clearTimeout(timer);
  toast.textContent = sentence;
  timer = setTimeout(() => {
    toast.textContent = "";
  }, SHOWN_FOR);
}
