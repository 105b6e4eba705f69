import type { Remedy, Status } from "../../page/connection.ts";
import { element, setText } from "../../page/element.ts";
import { type EightsSpec, GRACE_SECONDS } from "../eights.ts";

const REMEDIES: Readonly<Record<Remedy, string>> = {
  again: "Join again",
  "any-room": "Join another table",
  reload: "Reload the page",
};

/** Says how the connection is when it is not well, and what can be done. */
export class Banner {
  readonly #view = element("banner", HTMLElement);
  readonly #title = element("banner-title", HTMLElement);
  readonly #text = element("banner-text", HTMLElement);
  readonly #button = element("banner-button", HTMLButtonElement);
  #onButton = (): void => {};

  constructor() {
    this.#button.addEventListener("click", () => this.#onButton());
  }

  /** `act` does what the button offers. */
  show(status: Status<EightsSpec>, act: (remedy: Remedy) => void): void {
    this.#view.hidden =
      status.state === "playing" ||
      status.state === "seatless" ||
      // A first attempt takes a moment, which is no news.
      (status.state === "connecting" && status.attempt < 2);
    this.#button.hidden = true;
    switch (status.state) {
      case "playing":
      case "seatless":
        return;
      case "connecting":
        this.#say("Connecting …", "");
        return;
      case "returning":
        this.#say(
          "Connection lost. Returning …",
          `The house plays for you, for up to ${GRACE_SECONDS} seconds.`,
        );
        return;
      case "waiting":
        this.#say("Not connected yet", `${status.sentence} Trying again by itself.`);
        this.#offer("Try now", () => act("again"));
        return;
      case "ended":
        this.#say("Not connected", status.sentence);
        this.#offer(REMEDIES[status.remedy], () => act(status.remedy));
    }
  }

  #say(title: string, text: string): void {
    setText(this.#title, title);
    setText(this.#text, text);
  }

  #offer(label: string, act: () => void): void {
    setText(this.#button, label);
    this.#button.hidden = false;
    this.#onButton = act;
  }
}
