// The desk beside the phone: clock and deeds at its top, tabs below, an overlay where it is narrow.

import { byId } from "./dom.js";
import { tell } from "./toast.js";
import { of, post, token } from "./wire.js";

const desk = byId("desk");
const moment = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo",
  month: "long",
  day: "numeric",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const tabs = [...document.querySelectorAll("[role=tab]")];
const paneOf = (tab) => byId(tab.getAttribute("aria-controls"));

let ahead = 0; // milliseconds the simulated clock is ahead of this machine's

/** Write down what an update of `phone` says about the whole. */
export function show(phone, { now }) {
  if (now) ahead = new Date(now) - Date.now();
  tick();
  byId("desk-title").textContent = `${phone.name}の記録`;
  byId("block").textContent = phone.face === "blocked" ? "ブロックを解除" : "ブロックする";
  byId("block").disabled = phone.face === "stranger";
  byId("undo").disabled = phone.turns.size === 0;
  byId("transcript").href = `${of(phone.person, "transcript")}?token=${token}`;
}

export function wire(phones) {
  const complain = (error) => tell(error.message);
  for (const button of document.querySelectorAll("[data-clock]")) {
    button.addEventListener("click", () => post("/clock", { [button.dataset.clock]: 1 }).catch(complain));
  }
  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => phones.active.do(button.dataset.do));
  }
  byId("block").addEventListener("click", () => {
    phones.active.do(phones.active.face === "blocked" ? "follow" : "block");
  });
  byId("undo").addEventListener("click", () => phones.active.do("undo"));
  byId("fork").addEventListener("click", () => fork(phones));
  wireTabs();
  wireOverlay(phones);
}

/** Let a second person stand where the active one stands after turn `n`, or now; show both. */
export async function fork(phones, n) {
  const first = phones.active.person;
  const answer = await phones.active.do("fork", n ? { n } : {});
  if (answer) phones.turnTo(answer.person, first);
}

function tick() {
  const now = new Date(Date.now() + ahead);
  byId("clock").textContent = moment.format(now);
  byId("clock").dateTime = now.toISOString();
}

setInterval(tick, 5000);

/** Show the pane of `tab`. */
export function turnTo(tab) {
  for (const each of tabs) {
    each.setAttribute("aria-selected", String(each === tab));
    each.tabIndex = each === tab ? 0 : -1;
    paneOf(each).hidden = each !== tab;
  }
  paneOf(tab).dispatchEvent(new Event("shown"));
}

function wireTabs() {
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("click", () => turnTo(tab));
    tab.addEventListener("keydown", (event) => {
      const ends = { Home: tabs[0], End: tabs.at(-1) };
      const next = ends[event.key] ?? tabs[(at + (steps[event.key] ?? 0) + tabs.length) % tabs.length];
      if (next === tab) return;
      event.preventDefault();
      turnTo(next);
      next.focus();
    });
  }
}

function wireOverlay(phones) {
  const turnDesk = (isOpen) => {
    desk.dataset.open = String(isOpen);
    byId("left").inert = isOpen;
    const opener = phones.active.node.querySelector(".desk-open");
    opener.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? byId("desk-close") : opener).focus();
  };
  byId("phones").addEventListener("click", (event) => {
    if (event.target.closest(".desk-open")) turnDesk(true);
  });
  byId("desk-close").addEventListener("click", () => turnDesk(false));
  desk.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && desk.dataset.open === "true") turnDesk(false);
  });
  matchMedia("(min-width: 54rem)").addEventListener("change", ({ matches }) => {
    if (matches && desk.dataset.open === "true") turnDesk(false);
  });
}
