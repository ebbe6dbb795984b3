// The dialog of a date picker action: the browser's own input for a date, a time, or both.

import { byId } from "./dom.js";

// The browser's input, its title, and the ends where a button names none (LINE's own).
const KINDS = {
  date: ["date", "日にちを選ぶ", "1900-01-01", "2100-12-31"],
  time: ["time", "時刻を選ぶ", "00:00", "23:59"],
  datetime: ["datetime-local", "日時を選ぶ", "1900-01-01T00:00", "2100-12-31T23:59"],
};

const dialog = byId("date");
const field = byId("date-value");
let onPick = () => {};
let mode = "date";

/** Let a value be chosen within the limits of `action`; `picked` takes LINE's `params`. */
export function pick(action, picked) {
  onPick = picked;
  mode = action.mode in KINDS ? action.mode : "date";
  const [type, title, first, last] = KINDS[mode];
  byId("date-title").textContent = action.label || title;
  field.type = type;
  field.min = local(action.min) || first;
  field.max = local(action.max) || last;
  field.value = local(action.initial);
  dialog.showModal();
}

/** LINE writes the "t" between date and time small as well; browsers want it large. */
function local(value) {
  return (value ?? "").replace("t", "T");
}

byId("date-close").addEventListener("click", () => dialog.close());
byId("date-form").addEventListener("submit", () => onPick({ [mode]: field.value }));
