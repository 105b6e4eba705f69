import type { MonotonicMs } from "../shared/tick/clock.ts";

/** So much faster or slower than time itself a value may move: nobody notices five percent. */
const MAX_RATE = 0.05;

/**
 * A time that follows an estimate without jumps: by at most 5 % of the time that passes. What is so far away that
 * this would take long is taken over at once.
 */
export class Slewed {
  readonly #snapBeyondMs: number;
  #value: number | undefined;
  #at: MonotonicMs = 0;

  /** @param snapBeyondMs further from its target than this the value jumps to it */
  constructor(snapBeyondMs: number) {
    this.#snapBeyondMs = snapBeyondMs;
  }

  /** The value as of `now`, on its way to `target`. */
  towards(target: number, now: MonotonicMs): number {
    const value = this.#value;
    if (value === undefined || Math.abs(target - value) > this.#snapBeyondMs) return this.snap(target, now);
    const most = Math.max(0, now - this.#at) * MAX_RATE;
    this.#at = now;
    this.#value = value + Math.min(Math.max(target - value, -most), most);
    return this.#value;
  }

  /** Goes to `target` at once. */
  snap(target: number, now: MonotonicMs): number {
    this.#at = now;
    this.#value = target;
    return target;
  }
}
