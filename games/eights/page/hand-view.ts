import { element } from "../../page/element.ts";
import { type Card, nameOf } from "../cards.ts";
import { cardFace } from "./card-view.ts";
import type { View } from "./view.ts";

/** One's own cards, as buttons. Arrow keys go from one to the next. */
export class HandView {
  readonly #list = element("hand", HTMLElement);
  readonly #buttons = new Map<Card, HTMLButtonElement>();
  readonly #play: (card: Card) => void;

  constructor(play: (card: Card) => void) {
    this.#play = play;
    this.#list.addEventListener("keydown", (event) => this.#step(event));
  }

  show({ hand, playable, myTurn }: View): void {
    for (const [card, button] of this.#buttons)
      if (!hand.includes(card)) {
        button.remove();
        this.#buttons.delete(card);
      }
    hand.forEach((card, index) => {
      const button = this.#buttons.get(card) ?? this.#make(card);
      if (this.#list.children[index] !== button)
        this.#list.insertBefore(button, this.#list.children[index] ?? null);
      const goes = playable.includes(card);
      // It stays in reach of the keyboard: one may look at all of one's cards at any time.
      button.ariaDisabled = String(!goes);
      button.ariaLabel = goes ? `Play the ${nameOf(card)}` : nameOf(card);
      button.classList.toggle("goes", goes);
      button.classList.toggle("stays", myTurn && !goes);
    });
    this.#list.style.setProperty("--cards", String(hand.length));
    this.#list.dataset.many = String(hand.length > 9);
  }

  #make(card: Card): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hand-card";
    button.dataset.card = String(card);
    const face = cardFace(card);
    face.ariaHidden = "true";
    button.append(face);
    button.addEventListener("click", () => {
      if (button.ariaDisabled === "false") this.#play(card);
    });
    this.#buttons.set(card, button);
    return button;
  }

  #step(event: KeyboardEvent): void {
    const way = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (way === 0) return;
    const buttons: readonly (Element | null)[] = [...this.#list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const next = buttons[(at + way + buttons.length) % buttons.length];
    if (next instanceof HTMLElement) next.focus();
    event.preventDefault();
  }
}
