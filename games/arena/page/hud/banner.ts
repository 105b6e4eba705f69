import type { Remedy, Status } from "../connection.ts";
import { element, setText } from "../element.ts";

const REMEDIES: Readonly<Record<Remedy, string>> = {
  again: "Reconnect",
  "any-room": "Join another room",
  reload: "Reload the page",
};

/** Says how the connection is when it is not well, and what can be done. */
export class Banner {
  readonly #view = element("banner", HTMLElement);
  readonly #title = element("banner-title", HTMLElement);
  readonly #text = element("banner-text", HTMLElement);
  readonly #button = element("banner-button", HTMLButtonElement);
  #countdown: ReturnType<typeof setInterval> | undefined;
  #onButton = (): void => {};

  constructor() {
    this.#button.addEventListener("click", () => this.#onButton());
  }

  /** `act` does what the button offers. */
  show(status: Status, act: (remedy: Remedy) => void): void {
    clearInterval(this.#countdown);
    this.#view.hidden = status.state === "playing" || (status.state === "connecting" && status.attempt < 2);
    this.#view.classList.toggle("ended", status.state === "ended");
    this.#button.hidden = status.state === "connecting";
    switch (status.state) {
      case "playing":
        return;
      case "connecting":
        setText(this.#title, "Connecting …");
        setText(this.#text, "");
        return;
      case "waiting":
        this.#onButton = () => act("again");
        setText(this.#button, "Try now");
        setText(this.#text, status.sentence);
        this.#countDown(status.retryAt);
        this.#countdown = setInterval(() => this.#countDown(status.retryAt), 250);
        return;
      case "ended":
        this.#onButton = () => act(status.remedy);
        setText(this.#title, "Not connected");
        setText(this.#text, status.sentence);
        setText(this.#button, REMEDIES[status.remedy]);
    }
  }

  #countDown(retryAt: number): void {
    const seconds = Math.max(Math.ceil((retryAt - performance.now()) / 1000), 0);
    setText(this.#title, seconds === 0 ? "Connecting again …" : `Connecting again in ${seconds} s`);
  }
}
