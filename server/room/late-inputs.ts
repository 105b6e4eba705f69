import type { Wire } from "../../shared/state/field-codec.ts";
import type { InputLayout } from "../../shared/state/game-layout.ts";

/** A late input some of whose presses have not acted yet. */
interface LatePresses {
  readonly inputTick: number;
  readonly pressed: boolean[];
}

/**
 * One player's inputs that missed their tick. The newest one's held part is what counts; each press acts once, in a
 * tick of its own: those of a stall come all at once, and would be one press otherwise.
 */
export class LateInputs {
  readonly #inputs: readonly InputLayout[];
  readonly #latePresses: "apply" | "drop";
  /** Of the inputs that came since the last tick. Beyond: further ones are ignored. */
  readonly #most: number;
  readonly #arrived = new Set<number>();
  #newest: { readonly tick: number; readonly values: readonly Wire[] } | undefined;
  /** Oldest first. Beyond {@link #most}: the newest presses act together. */
  #waiting: LatePresses[] = [];

  constructor(inputs: readonly InputLayout[], latePresses: "apply" | "drop", most: number) {
    this.#inputs = inputs;
    this.#latePresses = latePresses;
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#newest === undefined && this.#waiting.length === 0;
  }

  /** Presses wait that the running tick had no room for. */
  get hasPresses(): boolean {
    return this.#waiting.length > 0;
  }

  add(tick: number, values: readonly Wire[]): "late" | "repeated" {
    if (this.#arrived.has(tick) || this.#arrived.size >= this.#most) return "repeated";
    this.#arrived.add(tick);
    if (this.#newest === undefined || tick > this.#newest.tick) this.#newest = { tick, values };
    if (this.#latePresses === "apply") this.#keepPresses(tick, values);
    return "late";
  }

  /** The newest of those that came since the last tick, whose held part counts from now on. */
  takeNewest(): { readonly tick: number; readonly values: readonly Wire[] } | undefined {
    const newest = this.#newest;
    if (newest === undefined) return undefined;
    this.#newest = undefined;
    this.#arrived.clear();
    return newest;
  }

  /** Takes the oldest press of input `index` that waits; says for which tick it was. */
  takePress(index: number): number | undefined {
    const oldest = this.#waiting.find(({ pressed }) => pressed[index]);
    if (oldest === undefined) return undefined;
    oldest.pressed[index] = false;
    if (!oldest.pressed.includes(true)) this.#waiting = this.#waiting.filter((other) => other !== oldest);
    return oldest.inputTick;
  }

  #keepPresses(inputTick: number, values: readonly Wire[]): void {
    const pressed = this.#inputs.map(({ kind }, i) => kind === "pressed" && values[i] === true);
    if (!pressed.includes(true)) return;
    const last = this.#waiting.at(-1);
    if (last === undefined || this.#waiting.length < this.#most) this.#waiting.push({ inputTick, pressed });
    else for (let i = 0; i < pressed.length; i++) last.pressed[i] ||= pressed[i] === true;
  }
}
