import type { RowLookup, Wire } from "../../shared/state/field-codec.ts";
import type { InputLayout } from "../../shared/state/game-layout.ts";

interface Sample {
  tick: number;
  readonly values: Wire[];
  /** The tick from which on the server let its held part stand: its own, unless it came late. */
  actsIn: number;
  /** By input: a press of it that acted in another tick. */
  readonly moved: boolean[];
}

/** Inputs hold no rows: the definition refuses it. */
const noRows: RowLookup = () => undefined;

/**
 * What this player's input was, is and, as the server told, came to be in each tick. It follows the rules by which
 * the server's queue goes: held parts stand until the next sample, presses act in one tick alone, silence
 * neutralises, and what came too late acts where the server says, each press in a tick of its own.
 */
export class InputHistory {
  readonly #inputs: readonly InputLayout[];
  readonly #silenceTicks: number;
  readonly #samples: readonly Sample[];
  readonly #neutral: readonly unknown[];
  /** Presses that came late, by the tick in which they act. */
  readonly #latePresses = new Map<number, boolean[]>();
  /** One object for all ticks. */
  readonly #acting: Record<string, unknown> = {};
  #newest = Number.NEGATIVE_INFINITY;
  /** The newest sample that is known to have come late. */
  #newestLate = Number.NEGATIVE_INFINITY;

  /** @param capacity samples that are kept; the oldest give way */
  constructor(inputs: readonly InputLayout[], silenceTicks: number, capacity: number) {
    this.#inputs = inputs;
    this.#silenceTicks = silenceTicks;
    this.#neutral = inputs.map(({ codec }) => codec.initial());
    this.#samples = Array.from({ length: capacity }, () => ({
      tick: Number.NEGATIVE_INFINITY,
      values: inputs.map(() => null),
      actsIn: Number.NEGATIVE_INFINITY,
      moved: inputs.map(() => false),
    }));
  }

  /** The tick of the last sample. */
  get newest(): number {
    return this.#newest;
  }

  /** Samples come in order, until {@link restart}; one that does not is ignored, as the server would. */
  sampled(tick: number, values: readonly Wire[]): void {
    if (tick <= this.#newest) return;
    this.#newest = tick;
    const sample = this.#slot(tick);
    sample.tick = tick;
    sample.actsIn = tick;
    for (let i = 0; i < values.length; i++) {
      sample.values[i] = values[i] as Wire;
      sample.moved[i] = false;
    }
  }

  /**
   * Something of the input for `inputTick` came late and acted in `appliedTick`: its held part, if no newer one had
   * come yet, and of its presses what had not acted. Told in order, the older input of a tick first.
   */
  tookEffect(inputTick: number, appliedTick: number): void {
    if (inputTick > this.#newestLate) {
      this.#newestLate = inputTick;
      // Until then what stood before it stands. What is for a tick behind it is the same, or still on its way: it
      // will be told of when it is there.
      for (const sample of this.#samples)
        if (sample.tick >= inputTick && sample.tick < appliedTick) sample.actsIn = appliedTick;
    }
    const { tick, values, moved } = this.#slot(inputTick);
    if (tick !== inputTick) return;
    for (let i = 0; i < this.#inputs.length; i++) {
      if (this.#inputs[i]?.kind !== "pressed" || values[i] !== true || moved[i] === true) continue;
      // Two presses are never one: where another acts, this one waits, and is told of again.
      if (this.#isPressedIn(appliedTick, i)) continue;
      moved[i] = true;
      const presses = this.#latePresses.get(appliedTick) ?? this.#inputs.map(() => false);
      presses[i] = true;
      this.#latePresses.set(appliedTick, presses);
    }
  }

  /** The room was restored: its ticks may be lower ones, and it knows no input. */
  restart(): void {
    this.#newest = Number.NEGATIVE_INFINITY;
    this.#newestLate = Number.NEGATIVE_INFINITY;
    this.#latePresses.clear();
    for (const sample of this.#samples) sample.tick = Number.NEGATIVE_INFINITY;
  }

  /** What is told of ticks up to this one changes nothing any more. */
  settled(tick: number): void {
    for (const appliedTick of this.#latePresses.keys())
      if (appliedTick <= tick) this.#latePresses.delete(appliedTick);
  }

  /** The input that acts in a tick, as the server has it: restored, by name. The object is used again. */
  actingIn(tick: number): Readonly<Record<string, unknown>> {
    const sample = this.#standingIn(tick);
    for (let i = 0; i < this.#inputs.length; i++) {
      const { name, kind, codec } = this.#inputs[i] as InputLayout;
      if (kind === "pressed") this.#acting[name] = this.#isPressedIn(tick, i);
      else
        this.#acting[name] =
          sample === undefined ? this.#neutral[i] : codec.restore(sample.values[i] as Wire, noRows);
    }
    return this.#acting;
  }

  #isPressedIn(tick: number, input: number): boolean {
    if (this.#latePresses.get(tick)?.[input] === true) return true;
    const { tick: own, values, actsIn, moved } = this.#slot(tick);
    return own === tick && actsIn === tick && values[input] === true && moved[input] !== true;
  }

  /** The newest sample that has acted by then, unless it is too long ago. */
  #standingIn(tick: number): Sample | undefined {
    const newest = Math.min(tick, this.#newest);
    for (let at = newest; at >= 0 && at > newest - this.#samples.length; at--) {
      const sample = this.#slot(at);
      if (sample.tick !== at || sample.actsIn > tick) continue;
      return tick - sample.actsIn < this.#silenceTicks ? sample : undefined;
    }
    return undefined;
  }

  #slot(tick: number): Sample {
    return this.#samples[tick % this.#samples.length] as Sample;
  }
}
