import { invitedTo } from "../../page/connection.ts";
import { element } from "../../page/element.ts";
import { cardOf } from "../cards.ts";
import { cardBack, cardFace } from "./card-view.ts";

export interface Guest {
  readonly name: string;
  readonly watch: boolean;
}

/** Asks for a name, and whether one plays. */
export class JoinScreen {
  readonly #view = element("join", HTMLElement);
  readonly #name = element("join-name", HTMLInputElement);
  readonly #problem = element("join-problem", HTMLElement);

  constructor(name: string, join: (guest: Guest) => void) {
    this.#name.value = name;
    element("join-room", HTMLElement).textContent =
      invitedTo() === undefined ? "" : "You have been invited to a table.";
    element("spread", HTMLElement).append(
      cardBack(),
      cardFace(cardOf("8", "spades")),
      cardFace(cardOf("8", "hearts")),
      cardFace(cardOf("Q", "hearts")),
      cardBack(),
    );
    element("join-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = this.#name.value.trim();
      if (chosen === "") {
        this.show("Please choose a name.");
        return;
      }
      const watch = event.submitter instanceof HTMLButtonElement && event.submitter.value === "watch";
      join({ name: chosen, watch });
    });
    if (!matchMedia("(pointer: coarse)").matches) this.#name.select();
  }

  show(problem: string): void {
    this.#problem.textContent = problem;
    this.#view.hidden = false;
  }

  hide(): void {
    this.#view.hidden = true;
  }
}
