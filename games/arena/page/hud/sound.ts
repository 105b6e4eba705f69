import { isTyping } from "../controls/keyboard.ts";
import { element } from "../element.ts";

interface Blip {
  readonly wave: OscillatorType;
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  readonly volume: number;
}

const BLIPS = {
  shot: { wave: "square", from: 620, to: 170, seconds: 0.09, volume: 0.05 },
  hit: { wave: "triangle", from: 300, to: 140, seconds: 0.08, volume: 0.12 },
  hurt: { wave: "sawtooth", from: 190, to: 70, seconds: 0.14, volume: 0.11 },
  boom: { wave: "sawtooth", from: 140, to: 30, seconds: 0.42, volume: 0.15 },
  pickup: { wave: "sine", from: 520, to: 1040, seconds: 0.16, volume: 0.13 },
  round: { wave: "sine", from: 440, to: 660, seconds: 0.5, volume: 0.14 },
} as const satisfies Readonly<Record<string, Blip>>;

/** More in one moment would only be noise. */
const MOST_AT_ONCE = 8;

/** Small synthetic sounds. Browsers allow them only after a click, and joining is one. */
export class Sound {
  readonly #button = element("sound-button", HTMLButtonElement);
  #context: AudioContext | undefined;
  #on: boolean;
  #playing = 0;

  constructor(on: boolean, changed: (on: boolean) => void) {
    this.#on = on;
    this.#button.ariaPressed = String(on);
    const toggle = (): void => {
      this.#on = !this.#on;
      this.#button.ariaPressed = String(this.#on);
      changed(this.#on);
    };
    this.#button.addEventListener("click", toggle);
    addEventListener("keydown", (event) => {
      if (event.code === "KeyM" && !isTyping(event) && !event.repeat) toggle();
    });
  }

  unlock(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  /** `nearness` from 0, out of hearing, to 1. */
  play(name: keyof typeof BLIPS, nearness = 1): void {
    const context = this.#context;
    if (!this.#on || context === undefined || nearness <= 0.02 || this.#playing >= MOST_AT_ONCE) return;
    const { wave, from, to, seconds, volume } = BLIPS[name];
    const start = context.currentTime;
    const tone = new OscillatorNode(context, { type: wave, frequency: from });
    const gain = new GainNode(context, { gain: volume * nearness * nearness });
    tone.frequency.exponentialRampToValueAtTime(to, start + seconds);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
    tone.connect(gain).connect(context.destination);
    this.#playing += 1;
    tone.addEventListener("ended", () => {
      this.#playing -= 1;
    });
    tone.start(start);
    tone.stop(start + seconds);
  }
}
