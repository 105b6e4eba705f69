import { invitedTo, type Pilot } from "../connection.ts";
import { element } from "../element.ts";
import { shipPortraits } from "../render/ship-sprites.ts";
import type { Settings } from "../settings.ts";

/** Asks for a name and a ship. */
export class JoinScreen {
  readonly #view = element("join", HTMLElement);
  readonly #name = element("join-name", HTMLInputElement);
  readonly #problem = element("join-problem", HTMLElement);
  readonly #colours = element("join-colours", HTMLElement);

  constructor(settings: Settings, join: (pilot: Pilot) => void) {
    this.#name.value = settings.name;
    this.#colours.replaceChildren(...choices(settings.colour));
    const room = invitedTo();
    element("join-room", HTMLElement).textContent =
      room === undefined ? "No account, no download." : "You have been invited to a room.";
    element("join-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const name = this.#name.value.trim();
      if (name === "") {
        this.#problem.textContent = "Please choose a name.";
        return;
      }
      const chosen = this.#colours.querySelector<HTMLInputElement>("input:checked");
      join({ name, colour: Number(chosen?.value ?? 0) });
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

function choices(chosen: number): HTMLLabelElement[] {
  return shipPortraits().map(({ name, picture }, index) => {
    const label = document.createElement("label");
    label.title = name;
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "colour";
    radio.value = String(index);
    radio.checked = index === chosen;
    radio.ariaLabel = name;
    label.append(radio, picture);
    return label;
  });
}
