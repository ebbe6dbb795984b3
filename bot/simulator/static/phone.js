// One person's phone: the talk, what is done on it, and the record of their turns.

import { write } from "./composer.js";
import { byClass, copyOf } from "./dom.js";
import { Keyboard } from "./keyboard.js";
import { Menu } from "./menu.js";
import { Talk } from "./talk.js";
import { watch } from "./taps.js";
import { tell } from "./toast.js";
import { listen, of, post } from "./wire.js";

const PRESENCE = { friend: "公式アカウント", stranger: "まだ友だちではありません", blocked: "ブロック中" };

/**
 * `person` is the key in addresses. `onUpdate` hears each update after it was drawn, `onLine` how
 * the line to the server is: "open", "retrying" or "closed".
 */
export class Phone {
  turns = new Map(); // number of a turn → its record
  face = "loading";
  name = "";
  #hangUp = null;
  #life = 0;
  #talk;
  #menu;
  #keyboard;
  #onUpdate;
  #onLine;

  constructor(person, onUpdate, onLine) {
    this.person = person;
    this.node = copyOf("phone");
    this.#onUpdate = onUpdate;
    this.#onLine = onLine;
    this.#talk = new Talk(this.node);
    this.#menu = new Menu(this.node, (known) => this.do("menu", known));
    this.#keyboard = new Keyboard(this.node);
    const part = byClass(this.node);
    watch(
      this.node,
      (tapped) => {
        this.#menu.obey(tapped.action);
        return this.do("tap", tapped);
      },
      () => this.#talk.clearQuickReplies(),
    );
    write(part("composer"), (text) => {
      this.#talk.clearQuickReplies();
      this.do("say", { text });
    });
    const deeds = {
      follow: () => this.do("follow"),
      unblock: () => this.do("follow"),
      "send-sticker": () => this.do("send", { kind: "sticker" }),
      "send-image": () => this.do("send", { kind: "image" }),
    };
    for (const [name, act] of Object.entries(deeds)) part(name).addEventListener("click", act);
    part("log").addEventListener("click", (event) => {
      if (event.target.classList.contains("unsend")) this.do("unsend");
    });
  }

  /** The turns, oldest first. */
  get records() {
    return [...this.turns.values()].sort((one, other) => one.n - other.n);
  }

  /** Be on show, or not: only who is on show listens. */
  show(isShown) {
    this.node.hidden = !isShown;
    if (isShown === Boolean(this.#hangUp)) return;
    this.#hangUp?.();
    this.#hangUp = isShown
      ? listen(
          this.person,
          (update) => this.#take(update),
          (state) => this.#onLine(this, state),
        )
      : null;
  }

  /** Give focus to what one would do next here. */
  focus() {
    const words = this.node.querySelector(".words");
    (words.checkVisibility() ? words : this.node.querySelector(".follow")).focus();
  }

  /** Do something as this person; what went wrong is told, and the result is undefined then. */
  do(what, body) {
    return post(of(this.person, what), body).catch((error) => tell(error.message));
  }

  #take(update) {
    if (update.life !== this.#life) {
      // Somebody else is in this person's place, whether or not we were listening when they came.
      this.#life = update.life;
      this.#talk.clear();
      this.turns.clear();
    }
    this.face = update.person.face;
    this.name = update.person.name;
    this.node.dataset.face = this.face;
    this.node.setAttribute("aria-label", `${this.name}のトーク画面`);
    this.node.querySelector(".talk").setAttribute("aria-label", `${this.name}のトーク`);
    const about = this.node.querySelector(".top-about");
    about.textContent = PRESENCE[this.face];
    about.dataset.name = this.name;
    for (const record of update.turns ?? []) this.turns.set(record.n, record);
    this.#talk.show(update.entries, update.waiting);
    if (!update.waiting) this.#menu.refresh();
    this.#keyboard.look();
    this.#onUpdate(this, update);
  }
}
