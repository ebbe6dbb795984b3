// What is to go wrong: with the next calls to LINE, and with webhooks on their way to the bot.

import { byId, button, make } from "./dom.js";
import { tell } from "./toast.js";
import { get, post } from "./wire.js";

const SHORT = 20; // letters of a message that tell which one it is

let phones;
let abouts = new Map(); // kind → what it is, in words
let held = []; // of everybody: what is on its way to the bot

export async function wire(given) {
  phones = given;
  const complain = (error) => tell(error.message);
  byId("faults").addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { kind: byId("fault-kind").value, times: byId("fault-times").valueAsNumber };
    post("/faults", body).catch(complain);
  });
  byId("faults-clear").addEventListener("click", () => post("/faults/clear").catch(complain));
  const kinds = await get("/faults").catch(complain);
  if (kinds) offer(kinds);
}

/** The kinds there are, those of one way together. */
function offer(kinds) {
  abouts = new Map(kinds.map(({ kind, about }) => [kind, about]));
  const ways = new Map();
  for (const { kind, about, where } of kinds) {
    const way = ways.get(where) ?? make("optgroup", { label: where });
    way.append(make("option", { value: kind }, about));
    ways.set(where, way);
  }
  byId("fault-kind").replaceChildren(...ways.values());
}

/** List what is still to happen, and what of the active person's is still to arrive. */
export function show(update) {
  if (update.faults) {
    byId("faults-none").hidden = update.faults.length > 0;
    byId("faults-left").replaceChildren(...update.faults.map(still));
  }
  held = update.held ?? held;
  const mine = held.find(({ person }) => person === phones.active.person)?.on_the_way ?? [];
  byId("held").hidden = mine.length === 0;
  byId("held-list").replaceChildren(...mine.map(onTheWay));
}

function still({ kind, left }) {
  return make("li", {}, make("code", { class: "key" }, kind), ` ${abouts.get(kind) ?? kind}：あと${left}回`);
}

function onTheWay({ kind, heard, text }, place) {
  const start = text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
  const what = `${heard}${start ? `「${start}」` : ""}：${abouts.get(kind) ?? kind} `;
  const now = place === 0 ? button("いま届ける", () => phones.active.do("arrive")) : null;
  return make("li", {}, what, now);
}
