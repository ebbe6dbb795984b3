// What the soft keyboard leaves of the talk: a keyboard of usual height, laid over the phone's foot.

import { byClass } from "./dom.js";

const SHARE = new Intl.NumberFormat("ja-JP", { style: "percent" });

/** The keyboard of the phone `root`, put there and away by its button. */
export class Keyboard {
  constructor(root) {
    const part = byClass(root);
    this.toggle = part("keyboard-toggle");
    this.board = part("keyboard");
    this.told = part("keyboard-told");
    this.view = part("talk");
    this.log = part("log");
    this.chips = part("quick-list");
    this.toggle.addEventListener("click", () => this.#put(this.board.hidden));
    const look = () => this.look();
    this.view.addEventListener("scroll", look);
    this.chips.addEventListener("scroll", look);
    new ResizeObserver(look).observe(this.view);
  }

  /** Tell anew what is in sight; nothing while there is no keyboard. */
  look() {
    if (this.board.hidden) return;
    const told = [lastMessage(this.log, this.view), quickReplies(this.chips)].filter(Boolean).join(" ");
    if (this.told.textContent !== told) this.told.textContent = told;
  }

  #put(isThere) {
    this.board.hidden = !isThere;
    this.toggle.setAttribute("aria-pressed", String(isThere));
    this.look();
  }
}

function lastMessage(log, view) {
  const last = [...log.querySelectorAll(".is-bot .message")].at(-1)?.getBoundingClientRect();
  if (!last?.height) return "";
  const { top, bottom } = view.getBoundingClientRect();
  const seen = Math.max(0, Math.min(last.bottom, bottom) - Math.max(last.top, top)) / last.height;
  if (seen > 0.99) return "最後の案内は、全部見えます。";
  return `最後の案内は、全体の${SHARE.format(Math.floor(seen * 100) / 100)}が見えます。`;
}

function quickReplies(list) {
  const { left, right } = list.getBoundingClientRect();
  const chips = [...list.children].map((chip) => chip.getBoundingClientRect());
  if (!chips.length) return "";
  const seen = chips.filter((chip) => chip.left >= left - 1 && chip.right <= right + 1);
  return `返信の候補は、${chips.length}個のうち${seen.length}個が見えます。`;
}
