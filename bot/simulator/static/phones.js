// Whose phones there are, whose is on show, and the tabs between them.

import { byId, make } from "./dom.js";
import { Phone } from "./phone.js";
import { post } from "./wire.js";

const isWide = matchMedia("(min-width: 75rem)"); // two phones and the record fit side by side
const LOST = "シミュレーターにつながりません。つながるまで待っています。";

/** `onUpdate` hears each update of the phone the record is about, and every change of that phone. */
export class Phones {
  #all = new Map(); // key of a person → their phone
  #names = []; // everybody, in the order they came
  #beside = null; // the key of who is shown beside the active one
  #focusing = null; // the phone that gets focus when it is drawn
  #onUpdate;
  active = null;

  constructor(onUpdate) {
    this.#onUpdate = onUpdate;
    isWide.addEventListener("change", () => this.#arrange());
    byId("beside").addEventListener("click", () => {
      this.#beside = this.#beside ? null : this.#names.findLast(({ key }) => key !== this.active.person)?.key;
      this.#arrange();
    });
  }

  /** Let the record be about `key`, and show `beside` next to them where there is room. */
  turnTo(key, beside = this.#beside) {
    this.#beside = beside === key ? (this.active?.person ?? null) : beside;
    this.active = this.#phone(key);
    if (this.#beside) this.#phone(this.#beside);
    this.#arrange();
    if (this.active.name) this.#onUpdate(this.active, {});
  }

  /** A new person, brought to `place` ({service, state}) if one is given. */
  async welcome(place) {
    const { person } = await post("/people", place);
    this.turnTo(person, null);
  }

  /** Every turn of everybody who was shown on this page. */
  get records() {
    return [...this.#all.values()].flatMap((phone) => phone.records);
  }

  /** Give focus to what one would do next on the active phone, as soon as it is drawn. */
  focus() {
    this.#focusing = this.active;
  }

  #phone(key) {
    if (!this.#all.has(key)) {
      const phone = new Phone(
        key,
        (...told) => this.#take(...told),
        (...told) => this.#line(...told),
      );
      phone.node.addEventListener(
        "pointerdown",
        () => phone !== this.active && this.turnTo(key, this.active.person),
      );
      phone.node.addEventListener(
        "focusin",
        () => phone !== this.active && this.turnTo(key, this.active.person),
      );
      this.#all.set(key, phone);
      byId("phones").append(phone.node);
    }
    return this.#all.get(key);
  }

  #arrange() {
    const isPair = isWide.matches && this.#beside !== null;
    const shown = [this.active.person, ...(isPair ? [this.#beside] : [])];
    for (const [key, phone] of this.#all) {
      phone.show(shown.includes(key));
      phone.node.classList.toggle("is-active", key === this.active.person);
    }
    byId("phones").classList.toggle("is-pair", isPair);
    const query = new URLSearchParams({ user: this.active.person });
    if (this.#beside) query.set("beside", this.#beside);
    history.replaceState(null, "", `?${query}`);
    this.#drawTabs();
  }

  #take(phone, update) {
    if (update.people) this.#names = update.people;
    this.#drawTabs();
    if (phone === this.#focusing) {
      this.#focusing = null;
      phone.focus();
    }
    if (phone === this.active) this.#onUpdate(phone, update);
  }

  #line(phone, state) {
    if (phone !== this.active) return;
    const lost = byId("lost");
    lost.hidden = state === "open";
    if (state === "retrying") lost.textContent = LOST;
    if (state === "closed")
      lost.replaceChildren("この人はもういません。", make("a", { href: "/" }, "新しい人で始める"));
  }

  #drawTabs() {
    const list = byId("people-list");
    const drawn = JSON.stringify([this.#names, this.active.person]);
    if (list.dataset.drawn !== drawn) {
      list.dataset.drawn = drawn;
      const focused = list.contains(document.activeElement);
      list.replaceChildren(...this.#names.map((each) => this.#tab(each)));
      if (focused) list.querySelector("[aria-current=true]")?.focus();
    }
    byId("people").classList.toggle("is-single", this.#names.length < 2);
    byId("beside").disabled = this.#names.length < 2;
    byId("beside").setAttribute("aria-pressed", String(this.#beside !== null));
  }

  #tab({ key, name }) {
    const isCurrent = key === this.active.person;
    const tab = make(
      "button",
      { type: "button", class: "people-tab", "aria-current": isCurrent && "true" },
      name,
    );
    tab.addEventListener("click", () => this.turnTo(key));
    return make("li", {}, tab);
  }
}
