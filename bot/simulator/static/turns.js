// The record of every turn of the active person, newest first, and the filter over it.

import { byId, make } from "./dom.js";
import { stateMark, table } from "./states.js";
import { tell } from "./toast.js";
import { drawTurn } from "./turn.js";

const drawn = new Map(); // number of a turn → {json, node}
let shownFor = null; // the phone the list is about
let phones;

export function wire(given) {
  phones = given;
  byId("turns-filter").addEventListener("input", sift);
  refresh();
}

/** Draw everything anew, once the names of the states have come. */
export function refresh() {
  const redraw = () => {
    drawn.clear();
    if (phones.active) show(phones.active);
  };
  table().then(redraw, (error) => tell(error.message));
}

/** Bring the list up to date; only turns that changed are drawn anew, so that open ones stay open. */
export function show(phone) {
  const records = phone.records;
  if (phone !== shownFor) drawn.clear();
  shownFor = phone;
  for (const n of drawn.keys()) if (!phone.turns.has(n)) drawn.delete(n);
  const newest = records.at(-1)?.n;
  for (const record of records) {
    const json = JSON.stringify(record);
    const known = drawn.get(record.n);
    if (known?.json === json) continue;
    const node = drawTurn(record, phones);
    const details = node.querySelector("details");
    details.open = known ? known.node.querySelector("details").open : record.n === newest;
    drawn.set(record.n, { json, node });
  }
  place(records);
  byId("turns-none").hidden = records.length > 0;
  byId("standing").replaceChildren(...standing(records.at(-1)));
  sift();
}

/** Put the nodes in order, touching none that stands right: whoever reads one keeps their place. */
function place(records) {
  const list = byId("turns");
  const wanted = records.toReversed().map(({ n }) => drawn.get(n).node);
  for (const node of [...list.children]) if (!wanted.includes(node)) node.remove();
  for (const [at, node] of wanted.entries()) {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  }
  // The turn before closes when a new one comes, unless somebody is in it.
  for (const node of wanted.slice(1)) {
    const details = node.querySelector("details");
    if (!details.dataset.touched && !details.contains(document.activeElement)) details.open = false;
  }
}

function standing(record) {
  if (!record) return [];
  const { state, service } = record.after;
  return [
    make("span", { class: "standing-name" }, "いま"),
    stateMark(state),
    service ? make("code", { class: "key" }, service) : null,
  ].filter(Boolean);
}

function sift() {
  const words = byId("turns-filter").value.trim().toLowerCase();
  for (const { json, node } of drawn.values()) {
    node.hidden = Boolean(words) && !`${json}${node.textContent}`.toLowerCase().includes(words);
  }
}
