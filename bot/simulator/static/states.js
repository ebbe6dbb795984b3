// The table of the flow: its states with their names, and its rows as arrows.

import { make } from "./dom.js";
import { get } from "./wire.js";

let asked;

/** The table, fetched once: {states, edges, final, anywhere}. */
export function table() {
  asked ??= get("/diagram").then((told) => {
    for (const { id, name } of told.states) names.set(id, name);
    return told;
  });
  return asked;
}

/** Ask again the next time: the content has changed. */
export function forget() {
  asked = undefined;
}

const names = new Map();

/** What people call the state `id`; "" for nobody's. Needs `table` to have come. */
export function nameOf(id) {
  return names.get(id) ?? id;
}

/** A state as it is written everywhere: its name, and its id as in the code. */
export function stateMark(id) {
  if (!id) return make("span", { class: "state" }, "（まだ何もない）");
  return make("span", { class: "state" }, nameOf(id), " ", make("code", { class: "key" }, id));
}
