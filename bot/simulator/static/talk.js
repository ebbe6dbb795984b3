// The talk on one phone: what was said, oldest first, and the quick replies under the newest.

import { byClass } from "./dom.js";
import { fromBot, fromMe, mark, note, stamp } from "./entry.js";
import { nodes, shrink } from "./paint.js";

const NEAR = 48; // pixels from the end that still count as the end
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const day = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo",
  month: "long",
  day: "numeric",
  weekday: "short",
});

/** The talk inside `root`. */
export class Talk {
  #drawn = new Map(); // number of an entry → its node
  #lastDay = "";
  #isFollowing = true; // until the reader goes back to look at something earlier
  #lastTop = 0;

  constructor(root) {
    const part = byClass(root);
    this.view = part("talk");
    this.log = part("log");
    this.quick = part("quick");
    this.quickList = part("quick-list");
    this.typing = part("typing");
    this.toNewest = part("newest");
    this.toNewest.addEventListener("click", () => this.#toEnd());
    this.view.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#isFollowing && this.#toEnd(true)).observe(this.view);
    this.quickList.addEventListener(
      "wheel",
      (event) => {
        if (!event.deltaX) this.quickList.scrollLeft += event.deltaY; // a mouse's only way sideways
      },
      { passive: true },
    );
  }

  /** Forget everything: the person went back in time. */
  clear() {
    this.#drawn.clear();
    this.#lastDay = "";
    this.#isFollowing = true;
    this.log.replaceChildren();
    this.quickList.replaceChildren();
  }

  /** Take in new entries and changed ones; go along to the end unless the reader went back. */
  show(entries, isWaiting) {
    const isFirst = this.#drawn.size === 0;
    this.log.setAttribute("aria-busy", String(isFirst));
    for (const entry of entries) {
      const known = this.#drawn.get(entry.n);
      if (known) mark(known, entry);
      else this.#append(entry, isFirst);
      this.#isFollowing ||= !known && entry.who === "me";
    }
    this.log.setAttribute("aria-busy", "false");
    this.typing.hidden = !isWaiting;
    if (entries.length) {
      this.#markOlder();
      this.#markLastOwn();
      this.#offer(entries.filter((entry) => entry.who !== "note").at(-1));
    }
    if (this.#isFollowing) this.#toEnd(isFirst);
    else if (entries.length) this.toNewest.hidden = false;
  }

  /** Take the quick replies away, as LINE does at a tap; who used the keyboard stays in place. */
  clearQuickReplies() {
    const hadFocus = this.quick.contains(document.activeElement);
    this.quickList.replaceChildren();
    if (hadFocus) this.quick.focus();
  }

  #append(entry, isFirst) {
    const today = day.format(new Date(entry.at));
    if (today !== this.#lastDay) {
      this.#lastDay = today;
      this.log.append(note(today));
    }
    const draw = { bot: fromBot, me: fromMe, note: (given) => note(given.text) }[entry.who];
    const node = draw(entry);
    stamp(node, entry.at);
    node.dataset.n = entry.n;
    if (!isFirst) node.classList.add("is-new");
    mark(node, entry);
    this.log.append(node);
    shrink(node);
    this.#drawn.set(entry.n, node);
  }

  /** Buttons of earlier turns stay tappable; they only say that they are earlier ones. */
  #markOlder() {
    const last = [...this.log.querySelectorAll(".is-me")].at(-1);
    for (const node of this.log.querySelectorAll(".is-bot:not([data-older])")) {
      const isOlder = last && node.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isOlder && node.querySelector("[data-action]:not(.link)")) node.dataset.older = "true";
    }
  }

  /** The server takes back the last message of one's own: only that one offers it. */
  #markLastOwn() {
    const own = [...this.log.querySelectorAll(".is-me:not(.is-unsent)")];
    for (const node of own) node.querySelector(".unsend").hidden = node !== own.at(-1);
  }

  /** Only the newest message shows its quick replies, and any newer one takes them away. A line
      of ours, which LINE would not have there, does not. */
  #offer(newest) {
    const last = [...this.log.querySelectorAll(".is-bot, .is-me")].at(-1);
    if (!newest || this.#drawn.get(newest.n) !== last) return;
    this.quickList.replaceChildren(newest.who === "bot" ? nodes(newest.quick) : "");
    this.quickList.scrollLeft = 0;
    this.quick.dataset.n = newest.n;
  }

  #scrolled() {
    if (this.view.scrollHeight - this.view.scrollTop - this.view.clientHeight < NEAR) {
      this.#isFollowing = true;
      this.toNewest.hidden = true;
    } else if (this.view.scrollTop < this.#lastTop) {
      this.#isFollowing = false; // we ourselves only ever scroll down
    }
    this.#lastTop = this.view.scrollTop;
  }

  #toEnd(atOnce = false) {
    this.#isFollowing = true;
    const behavior = atOnce || calm.matches ? "instant" : "smooth";
    this.view.scrollTo({ top: this.view.scrollHeight, behavior });
    this.toNewest.hidden = true;
  }
}
