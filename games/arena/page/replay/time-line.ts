import { FASTEST, type Replay, SLOWEST } from "tickcast/replay";
import { isOperating } from "../controls/keyboard.ts";
import { element, setText } from "../element.ts";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;
const SKIP_SECONDS = 5;

/** Plays, pauses, seeks and says where the replay is. */
export class TimeLine {
  readonly #replay: Replay;
  readonly #view = element("timeline", HTMLElement);
  readonly #play = element("play-button", HTMLButtonElement);
  readonly #slider = element("time-slider", HTMLInputElement);
  readonly #now = element("time-now", HTMLElement);
  readonly #hint = element("time-hint", HTMLElement);
  readonly #speeds: readonly HTMLButtonElement[];
  /** While one drags the thumb it plays no further. */
  #scrubs: { readonly goesOn: boolean } | undefined;
  /** One seek at a time; of those asked for meanwhile the last counts. */
  #seeking = false;
  #wanted: number | undefined;

  constructor(replay: Replay) {
    this.#replay = replay;
    this.#slider.min = String(replay.firstTick);
    this.#slider.max = String(replay.lastTick);
    setText(element("time-all", HTMLElement), this.#timeOf(replay.lastTick));
    this.#speeds = SPEEDS.map((speed) => this.#speedButton(speed));
    element("speeds", HTMLElement).append(...this.#speeds);
    this.#showSpeed();
    this.#play.addEventListener("click", () => this.toggle());
    this.#slider.addEventListener("input", () => this.#scrub());
    this.#slider.addEventListener("change", () => this.#letGo());
    this.#slider.addEventListener("pointermove", (event) => this.#point(event));
    this.#slider.addEventListener("pointerleave", () => {
      this.#hint.hidden = true;
    });
    addEventListener("keydown", (event) => this.#key(event));
    replay.onChange(() => this.#showState());
    this.#showState();
  }

  /** Once a picture. */
  show(): void {
    const { tick, firstTick, lastTick } = this.#replay;
    const shown = this.#scrubs === undefined ? (this.#wanted ?? tick) : Number(this.#slider.value);
    if (this.#scrubs === undefined) this.#slider.value = String(Math.round(shown));
    const played = lastTick === firstTick ? 1 : (shown - firstTick) / (lastTick - firstTick);
    this.#slider.style.setProperty("--played", played.toFixed(4));
    this.#slider.setAttribute("aria-valuetext", this.#timeOf(shown));
    setText(this.#now, this.#timeOf(shown));
  }

  toggle(): void {
    if (this.#replay.state.state === "playing") this.#replay.pause();
    else this.#replay.play();
  }

  seek(tick: number): void {
    this.#wanted = Math.min(Math.max(tick, this.#replay.firstTick), this.#replay.lastTick);
    if (!this.#seeking) void this.#seekOn();
  }

  async #seekOn(): Promise<void> {
    this.#seeking = true;
    try {
      while (this.#wanted !== undefined) {
        const to = this.#wanted;
        await this.#replay.seek(to);
        if (this.#wanted === to) this.#wanted = undefined;
      }
    } finally {
      this.#seeking = false;
    }
  }

  #scrub(): void {
    if (this.#scrubs === undefined) {
      this.#scrubs = { goesOn: this.#replay.state.state === "playing" };
      this.#replay.pause();
    }
    this.seek(Number(this.#slider.value));
  }

  #letGo(): void {
    const goesOn = this.#scrubs?.goesOn ?? false;
    this.#scrubs = undefined;
    this.seek(Number(this.#slider.value));
    if (goesOn) this.#replay.play();
    // The arrows are the page's from here on.
    this.#slider.blur();
  }

  #point({ offsetX }: PointerEvent): void {
    const { firstTick, lastTick } = this.#replay;
    // The thumb's middle goes from half of its width to half of it before the end.
    const at = Math.min(Math.max((offsetX - 8) / (this.#slider.clientWidth - 16), 0), 1);
    this.#hint.hidden = false;
    this.#hint.style.setProperty("--at", at.toFixed(4));
    setText(this.#hint, this.#timeOf(firstTick + at * (lastTick - firstTick)));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#actOf(event);
    if (act === undefined || (event.code === "Space" && isOperating(event) && event.target !== this.#slider))
      return;
    event.preventDefault();
    act();
  }

  #actOf({ code, key }: KeyboardEvent): (() => void) | undefined {
    const { tick, firstTick, lastTick, header } = this.#replay;
    const from = this.#wanted ?? tick;
    switch (code) {
      case "Space":
      case "KeyK":
        return () => this.toggle();
      case "ArrowLeft":
        return () => this.seek(from - SKIP_SECONDS * header.tickRate);
      case "ArrowRight":
        return () => this.seek(from + SKIP_SECONDS * header.tickRate);
      case "Comma":
        return () => this.#stepBy(-1);
      case "Period":
        return () => this.#stepBy(1);
      case "Home":
        return () => this.seek(firstTick);
      case "End":
        return () => this.seek(lastTick);
    }
    if (key === "+" || code === "ArrowUp") return () => this.#faster(1);
    if (key === "-" || code === "ArrowDown") return () => this.#faster(-1);
    return undefined;
  }

  #stepBy(ticks: number): void {
    this.#replay.pause();
    this.seek(Math.floor(this.#wanted ?? this.#replay.tick) + ticks);
  }

  #faster(by: 1 | -1): void {
    const next = SPEEDS.indexOf(this.#replay.speed as (typeof SPEEDS)[number]) + by;
    const speed = SPEEDS[next];
    if (speed !== undefined) this.#setSpeed(speed);
  }

  #setSpeed(speed: number): void {
    this.#replay.setSpeed(Math.min(Math.max(speed, SLOWEST), FASTEST));
    this.#showSpeed();
  }

  #speedButton(speed: number): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = speed < 1 ? `${{ 0.25: "¼", 0.5: "½" }[speed]}×` : `${speed}×`;
    button.ariaLabel = `${speed} times as fast`;
    button.addEventListener("click", () => this.#setSpeed(speed));
    return button;
  }

  #showSpeed(): void {
    SPEEDS.forEach((speed, index) => {
      const button = this.#speeds[index];
      if (button !== undefined) button.ariaPressed = String(speed === this.#replay.speed);
    });
  }

  #showState(): void {
    const { state } = this.#replay.state;
    this.#view.dataset.state = state;
    this.#play.ariaLabel = state === "playing" ? "Pause" : state === "ended" ? "Play again" : "Play";
  }

  /** From the beginning of the recording. */
  #timeOf(tick: number): string {
    const seconds = Math.max(0, (tick - this.#replay.firstTick) / this.#replay.header.tickRate);
    const whole = Math.floor(seconds);
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    const rest = String(whole % 60).padStart(2, "0");
    return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  }
}
