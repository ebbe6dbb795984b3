// The rich menu at the foot of a phone: its bar, its picture with places to tap, and the way back
// to the field one writes in. A phone without a menu shows nothing of it.

import { byClass, make } from "./dom.js";
import { nodes } from "./paint.js";

/** The menu of the phone `root`; `fetchMenu` asks what is there, given the id of what is known. */
export class Menu {
  #id = "";
  #fetchMenu;
  #asked = 0;

  constructor(root, fetchMenu) {
    this.#fetchMenu = fetchMenu;
    const part = byClass(root);
    this.edge = part("edge");
    this.picture = part("menu-picture");
    this.bar = part("menu-toggle");
    this.barWords = part("menu-words");
    this.words = part("words");
    this.bar.addEventListener("click", () => this.#open(this.picture.hidden));
    part("menu-keyboard").addEventListener("click", () => this.#stand("words"));
    part("menu-back").addEventListener("click", () => this.#stand("menu"));
  }

  /** Look again what menu there is: it may have been given, changed or taken away. */
  async refresh() {
    const asked = ++this.#asked;
    const said = await this.#fetchMenu({ known: this.#id });
    if (said && asked === this.#asked && said.menu?.id !== (this.#id || undefined)) this.#draw(said.menu);
  }

  /** Do what a tapped button asks of the phone itself (LINE's `inputOption`). */
  obey({ inputOption, fillInText }) {
    if (inputOption === "openKeyboard") {
      if (this.#id) this.#stand("words");
      if (fillInText) this.words.value = fillInText;
      this.words.dispatchEvent(new Event("input"));
      this.words.focus();
    }
    if (!this.#id || !["openRichMenu", "closeRichMenu"].includes(inputOption)) return;
    this.#stand("menu", { focus: false });
    this.#open(inputOption === "openRichMenu");
  }

  #draw(menu) {
    this.#id = menu?.id ?? "";
    const hadFocus = this.picture.contains(document.activeElement);
    if (!menu) {
      delete this.edge.dataset.foot;
      this.picture.replaceChildren();
      return;
    }
    const image = make("img", { class: "menu-image", src: menu.picture, alt: "" });
    this.picture.replaceChildren(image, nodes(menu.html));
    this.picture.style.aspectRatio = menu.shape;
    this.picture.setAttribute("aria-label", menu.bar);
    this.barWords.textContent = menu.bar;
    this.#open(menu.open);
    this.#stand("menu", { focus: hadFocus });
  }

  #open(isOpen) {
    this.picture.hidden = !isOpen;
    this.bar.setAttribute("aria-expanded", String(isOpen));
  }

  /** Show the menu's bar, or the field instead; focus goes along with who pressed. */
  #stand(foot, { focus = true } = {}) {
    this.edge.dataset.foot = foot;
    if (focus) (foot === "menu" ? this.bar : this.words).focus();
  }
}
