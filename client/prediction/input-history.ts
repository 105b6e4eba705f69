import type { RowLookup, Wire } from "../../shared/state/field-codec.ts";
import type { InputLayout } from "../../shared/state/game-layout.ts";

interface Sample {
  tick: number;
  readonly values: Wire[];
  /** The tick in which the server let it act: its own, unless it came late. */
  actsIn: number;
  /** The server's row of its tick was another: it may not have acted there. */
  refuted: boolean;
}

/** Inputs hold no rows: the definition refuses it. */
const noRows: RowLookup = () => undefined;

/**
 * What this player's input was, is and, as the server told, came to be in each tick. It follows the rules by which
 * the server's queue goes: held parts stand until the next sample, presses act in one tick alone, silence
 * neutralises, and what came too late acts where the server says.
 */
export class InputHistory {
  readonly #inputs: readonly InputLayout[];
  readonly #silenceTicks: number;
  readonly #samples: readonly Sample[];
  readonly #neutral: readonly unknown[];
  /** Presses that came late, by the tick in which they act. */
  readonly #latePresses = new Map<number, readonly boolean[]>();
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
      refuted: false,
    }));
  }

  /** The tick of the last sample. */
  get newest(): number {
    return this.#newest;
  }

  /** Samples come in order; one that does not is ignored, as the server would. */
  sampled(tick: number, values: readonly Wire[]): void {
    if (tick <= this.#newest) return;
    this.#newest = tick;
    const sample = this.#slot(tick);
    sample.tick = tick;
    sample.actsIn = tick;
    sample.refuted = false;
    for (let i = 0; i < values.length; i++) sample.values[i] = values[i] as Wire;
  }

  /**
   * The server let everything up to `inputTick` that it had not seen before act in `appliedTick`: until then the
   * input before it stood. Samples between the two were either the same, or are told of later.
   */
  tookEffect(inputTick: number, appliedTick: number): void {
    const presses = this.#inputs.map(() => false);
    for (const sample of this.#samples) {
      const { tick, values, actsIn } = sample;
      const isLate = tick >= inputTick && tick < appliedTick;
      // What came in the same moment as it, but was for an earlier tick, is not told of by itself.
      const cameAlong = tick < inputTick && tick > this.#newestLate && sample.refuted && actsIn === tick;
      if (!isLate && !cameAlong) continue;
      sample.actsIn = appliedTick;
      // What is for a tick behind it is still on its way: it will be told of when it is there.
      if (tick <= inputTick) for (let i = 0; i < presses.length; i++) presses[i] ||= values[i] === true;
    }
    this.#newestLate = Math.max(this.#newestLate, inputTick);
    if (presses.includes(true)) this.#latePresses.set(appliedTick, presses);
  }

  /** The server's row of this tick was not what the sample led to. */
  refute(tick: number): void {
    const sample = this.#slot(tick);
    if (sample.tick === tick) sample.refuted = true;
  }

  /** What is told of ticks up to this one changes nothing any more. */
  settled(tick: number): void {
    for (const appliedTick of this.#latePresses.keys())
      if (appliedTick <= tick) this.#latePresses.delete(appliedTick);
  }

  /** The input that acts in a tick, as the server has it: restored, by name. The object is used again. */
  actingIn(tick: number): Readonly<Record<string, unknown>> {
    const sample = this.#standingIn(tick);
    const late = this.#latePresses.get(tick);
    for (let i = 0; i < this.#inputs.length; i++) {
      const { name, kind, codec } = this.#inputs[i] as InputLayout;
      if (kind === "pressed")
        this.#acting[name] = late?.[i] === true || (sample?.actsIn === tick && sample.values[i] === true);
      else
        this.#acting[name] =
          sample === undefined ? this.#neutral[i] : codec.restore(sample.values[i] as Wire, noRows);
    }
    return this.#acting;
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
