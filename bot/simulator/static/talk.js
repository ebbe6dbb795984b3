// The talk: what was said, oldest first, and the quick replies under the newest message.

import { nodes, shrink } from "./paint.js";

const talk = document.getElementById("talk");
const log = document.getElementById("log");
const quick = document.getElementById("quick");
const quickList = document.getElementById("quick-list");
const typing = document.getElementById("typing");
const toNewest = document.getElementById("newest");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const drawn = new Map(); // number of an entry → its node
const NEAR = 48; // pixels from the end that still count as the end
const STATUS = { sending: "", read: "既読", failed: "届きませんでした" };
const PICTURES = { sticker: ["スタンプ", "/static/sticker.svg", 120, 120], image: ["画像", "/static/picture.svg", 180, 132] };

const clock = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", month: "long", day: "numeric", weekday: "short" });
let lastDay = "";

let isFollowing = true; // until the reader goes back to look at something earlier
let lastTop = 0;

/** Take in new entries and changed ones; go along to the end unless the reader went back. */
export function show(entries, isWaiting) {
  const isFirst = drawn.size === 0;
  log.setAttribute("aria-busy", String(isFirst));
  for (const entry of entries) {
    const known = drawn.get(entry.n);
    if (known) mark(known, entry);
    else append(entry, isFirst);
    isFollowing ||= !known && entry.who === "me";
  }
  log.setAttribute("aria-busy", "false");
  typing.hidden = !isWaiting;
  if (entries.length) {
    markOlder();
    offer(entries.at(-1));
  }
  if (isFollowing) toEnd(isFirst);
  else if (entries.length) toNewest.hidden = false;
}

function append(entry, isFirst) {
  const at = new Date(entry.at);
  if (day.format(at) !== lastDay) {
    lastDay = day.format(at);
    log.append(note(lastDay));
  }
  const node = { bot: fromBot, me: fromMe, note: (given) => note(given.text) }[entry.who](entry);
  const time = node.querySelector("time");
  if (time) {
    time.textContent = clock.format(at);
    time.dateTime = entry.at;
  }
  node.dataset.n = entry.n;
  if (!isFirst) node.classList.add("is-new");
  mark(node, entry);
  log.append(node);
  shrink(node);
  drawn.set(entry.n, node);
}

function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function note(text) {
  const node = copyOf("entry-note");
  node.querySelector("span").textContent = text;
  return node;
}

function fromBot(entry) {
  const node = copyOf("entry-bot");
  const said = node.querySelector(".entry-said");
  said.append(nodes(entry.html));
  node.classList.toggle("has-row", said.querySelector(".row") !== null);
  return node;
}

function fromMe(entry) {
  const node = copyOf("entry-me");
  const said = node.querySelector(".entry-said");
  if (entry.kind in PICTURES) {
    const [name, address, width, height] = PICTURES[entry.kind];
    const picture = Object.assign(new Image(width, height), { src: address, alt: name, className: "mine-picture" });
    said.append(picture);
  } else {
    const bubble = document.createElement("div");
    bubble.className = "mine";
    bubble.dir = "auto";
    bubble.textContent = entry.text;
    said.append(bubble);
  }
  return node;
}

function mark(node, entry) {
  const status = node.querySelector(".entry-status");
  if (!status) return;
  node.dataset.status = entry.status;
  status.textContent = entry.detail || STATUS[entry.status];
}

/** Buttons of earlier turns stay tappable; they only say that they are earlier ones. */
function markOlder() {
  const answers = [...log.querySelectorAll(".is-me")];
  const last = answers.at(-1);
  for (const node of log.querySelectorAll(".is-bot:not([data-older])")) {
    const isOlder = last && node.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isOlder && node.querySelector("[data-action]:not(.link)")) node.dataset.older = "true";
  }
}

/** Only the newest message shows its quick replies, and any newer one takes them away. */
function offer(newest) {
  if (drawn.get(newest.n) !== log.lastElementChild) return;
  quickList.replaceChildren(newest.who === "bot" ? nodes(newest.quick) : "");
  quickList.scrollLeft = 0;
  quick.dataset.n = newest.n;
}

/** Take the quick replies away, as LINE does at a tap; who used the keyboard stays in place. */
export function clearQuickReplies() {
  const hadFocus = quick.contains(document.activeElement);
  quickList.replaceChildren();
  if (hadFocus) quick.focus();
}

function isNearEnd() {
  return talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR;
}

function toEnd(atOnce = false) {
  isFollowing = true;
  talk.scrollTo({ top: talk.scrollHeight, behavior: atOnce || calm.matches ? "instant" : "smooth" });
  toNewest.hidden = true;
}

toNewest.addEventListener("click", () => toEnd());
talk.addEventListener("scroll", () => {
  if (isNearEnd()) {
    isFollowing = true;
    toNewest.hidden = true;
  } else if (talk.scrollTop < lastTop) {
    isFollowing = false; // we ourselves only ever scroll down
  }
  lastTop = talk.scrollTop;
});
new ResizeObserver(() => {
  if (isFollowing) toEnd(true);
}).observe(talk);
quickList.addEventListener(
  "wheel",
  (event) => {
    if (!event.deltaX) quickList.scrollLeft += event.deltaY; // a mouse has no other way sideways
  },
  { passive: true },
);
