// One entry of the talk, drawn: the bot's message, one's own, or a line of ours.

import { copyOf } from "./dom.js";
import { nodes } from "./paint.js";

const STATUS = { sending: "", read: "既読", failed: "届きませんでした" };
const PICTURES = {
  sticker: ["スタンプ", "/static/sticker.svg", 120, 120],
  image: ["画像", "/static/picture.svg", 180, 132],
};
const NAMES = { video: "動画", audio: "音声", file: "ファイル", location: "位置情報" };
const UNSENT = "送信を取り消しました";

const clock = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo",
  hour: "2-digit",
  minute: "2-digit",
});

export function note(text) {
  const node = copyOf("entry-note");
  node.querySelector("span").textContent = text;
  return node;
}

export function fromBot(entry) {
  const node = copyOf("entry-bot");
  const said = node.querySelector(".entry-said");
  said.append(nodes(entry.html));
  node.classList.toggle("has-row", said.querySelector(".row") !== null);
  return node;
}

export function fromMe(entry) {
  const node = copyOf("entry-me");
  const said = node.querySelector(".entry-said");
  if (entry.kind in PICTURES) {
    const [name, address, width, height] = PICTURES[entry.kind];
    const picture = Object.assign(new Image(width, height), {
      src: address,
      alt: name,
      className: "mine-picture",
    });
    said.append(picture);
  } else {
    said.append(bubble(entry.text || `［${NAMES[entry.kind] ?? entry.kind}］`));
  }
  return node;
}

/** Write down when `node` was said. */
export function stamp(node, at) {
  const time = node.querySelector("time");
  if (!time) return;
  time.textContent = clock.format(new Date(at));
  time.dateTime = at;
}

/** Show what became of one's own message: on its way, read, lost, or taken back. */
export function mark(node, entry) {
  const status = node.querySelector(".entry-status");
  if (!status) return;
  node.dataset.status = entry.status;
  status.textContent = entry.detail || STATUS[entry.status];
  if (!entry.unsent || node.classList.contains("is-unsent")) return;
  node.classList.add("is-unsent");
  node.querySelector(".unsend").hidden = true;
  node.querySelector(".mine, .mine-picture").replaceWith(bubble(UNSENT));
}

function bubble(text) {
  const node = document.createElement("div");
  node.className = "mine";
  node.dir = "auto";
  node.textContent = text;
  return node;
}
