import { element } from "../../page/element.ts";
import { SUITS, type Suit } from "../cards.ts";
import { suitSign } from "./card-view.ts";

/** Asks for the suit that an eight stands for. */
export class SuitDialog {
  readonly #dialog = element("suit-dialog", HTMLDialogElement);
  #answer: (suit: Suit | undefined) => void = () => {};

  constructor() {
    element("suit-choices", HTMLElement).append(
      ...SUITS.map((suit) => {
        const button = document.createElement("button");
        button.type = "submit";
        button.className = "button suit-choice";
        button.value = suit;
        button.dataset.suit = suit;
        button.append(suitSign(suit), suit);
        return button;
      }),
    );
    this.#dialog.addEventListener("close", () => {
      this.#answer(SUITS.find((suit) => suit === this.#dialog.returnValue));
    });
  }

  /** `undefined` where the eight is kept. */
  ask(): Promise<Suit | undefined> {
    this.#dialog.returnValue = "";
    this.#dialog.showModal();
    return new Promise((answer) => {
      this.#answer = answer;
    });
  }

  /** The turn is over: the question has no object any more. */
  dismiss(): void {
    if (this.#dialog.open) this.#dialog.close("");
  }
}
