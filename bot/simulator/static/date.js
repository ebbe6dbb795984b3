// The dialog of a date picker action: the browser's own input for a date, a time, or both.

import { byId } from "./dom.js";

const KINDS = {
  date: ["date", "日にちを選ぶ"],
  time: ["time", "時刻を選ぶ"],
  datetime: ["datetime-local", "日時を選ぶ"],
};

const dialog = byId("date");
const field = byId("date-value");
let onPick = () => {};
let mode = "date";

/** Let a value be chosen within the limits of `action`; `picked` takes LINE's `params`. */
export function pick(action, picked) {
  onPick = picked;
  mode = action.mode in KINDS ? action.mode : "date";
  const [type, title] = KINDS[mode];
  byId("date-title").textContent = action.label || title;
  field.type = type;
  field.min = local(action.min);
  field.max = local(action.max);
  field.value = local(action.initial);
  dialog.showModal();
}

/** LINE writes the "t" between date and time small as well; browsers want it large. */
function local(value) {
  return (value ?? "").replace("t", "T");
}

byId("date-close").addEventListener("click", () => dialog.close());
byId("date-form").addEventListener("submit", () => onPick({ [mode]: field.value }));
