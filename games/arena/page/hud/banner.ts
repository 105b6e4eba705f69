import type { ClientRoom } from "tickcast/client";
import { GRACE_SECONDS } from "../../arena.ts";
import type { Remedy, Status } from "../connection.ts";
import { element, setText } from "../element.ts";

const REMEDIES: Readonly<Record<Remedy, string>> = {
  again: "Join again",
  "any-room": "Join another room",
  reload: "Reload the page",
};

/** As long as the banner takes to appear, in milliseconds: who returns sooner was hardly away. */
const NOTICEABLE_MS = 400;
/** As long as it takes to fade, see `.banner.back`. */
const FADING_MS = 1_600;

/** Says how the connection is when it is not well, and what can be done. */
export class Banner {
  readonly #view = element("banner", HTMLElement);
  readonly #title = element("banner-title", HTMLElement);
  readonly #text = element("banner-text", HTMLElement);
  readonly #button = element("banner-button", HTMLButtonElement);
  #lostAt: number | undefined;
  #maintenance: ClientRoom["maintenance"];
  #isPlaying = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #onButton = (): void => {};

  constructor() {
    this.#button.addEventListener("click", () => this.#onButton());
  }

  /** The server is about to close, or is not any more. */
  maintain(maintenance: ClientRoom["maintenance"]): void {
    this.#maintenance = maintenance;
    if (this.#isPlaying) this.#showMaintenance();
  }

  /** `act` does what the button offers. */
  show(status: Status, act: (remedy: Remedy) => void): void {
    clearInterval(this.#timer);
    const { state } = status;
    this.#isPlaying = state === "playing";
    const wasLostAt = this.#lostAt;
    this.#lostAt = state === "returning" ? (wasLostAt ?? performance.now()) : undefined;
    const isBack = wasLostAt !== undefined && state === "playing" && isNoticeable(wasLostAt);
    this.#view.hidden =
      state === "seatless" ||
      (state === "playing" && !isBack) ||
      (state === "connecting" && status.attempt < 2);
    this.#view.className = `banner panel ${isBack ? "back" : state}`;
    this.#button.hidden = state !== "waiting" && state !== "ended";
    switch (status.state) {
      case "playing":
        if (!isBack) {
          this.#showMaintenance();
          return;
        }
        this.#say("You are back", "");
        this.#timer = setInterval(() => this.#showMaintenance(), FADING_MS);
        return;
      case "seatless":
        return;
      case "connecting":
        this.#say("Connecting …", "");
        return;
      case "returning":
        this.#say(
          "Connection lost. Returning …",
          `Attempt ${status.attempt}. Your ship is kept for ${GRACE_SECONDS} seconds.`,
        );
        return;
      case "waiting":
        this.#offer("Try now", () => act("again"));
        setText(this.#text, status.sentence);
        this.#countDown(status.retryAt);
        this.#timer = setInterval(() => this.#countDown(status.retryAt), 250);
        return;
      case "ended":
        this.#offer(REMEDIES[status.remedy], () => act(status.remedy));
        this.#say("Not connected", status.sentence);
    }
  }

  /** Whoever plays is told how long they may go on. */
  #showMaintenance(): void {
    clearInterval(this.#timer);
    const maintenance = this.#maintenance;
    this.#view.hidden = maintenance === undefined;
    if (maintenance === undefined) return;
    this.#view.className = "banner panel maintenance";
    this.#button.hidden = true;
    const countDown = (): void =>
      this.#say(
        `Maintenance in ${untilIn(maintenance.deadlineMs)}`,
        "Play on until then. This page connects again by itself.",
      );
    countDown();
    this.#timer = setInterval(countDown, 250);
  }

  #say(title: string, text: string): void {
    setText(this.#title, title);
    setText(this.#text, text);
  }

  #offer(label: string, act: () => void): void {
    setText(this.#button, label);
    this.#onButton = act;
  }

  #countDown(retryAt: number): void {
    const seconds = Math.max(Math.ceil((retryAt - performance.now()) / 1000), 0);
    setText(this.#title, seconds === 0 ? "Connecting again …" : `Connecting again in ${seconds} s`);
  }
}

/** How long it is until then, as people say it. */
function untilIn(deadlineMs: number): string {
  const seconds = Math.max(Math.ceil((deadlineMs - performance.now()) / 1000), 0);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

function isNoticeable(lostAt: number): boolean {
  return performance.now() - lostAt >= NOTICEABLE_MS;
}
