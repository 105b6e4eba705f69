import { type Random, seededRandom } from "../../shared/random/seeded-random.ts";

/** Everything in a simulation that could be otherwise is drawn from one of these. */
export class Dice {
  readonly random: Random;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** True in so many of all cases. */
  chance(share: number): boolean {
    return this.random() < share;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.int(0, from.length - 1)] as T;
  }

  /** One of some, or nothing where there are none. */
  any<T>(from: Iterable<T> & ({ readonly size: number } | { readonly length: number })): T | undefined {
    const count = "size" in from ? from.size : from.length;
    if (count === 0) return undefined;
    let before = this.int(0, count - 1);
    for (const each of from) if (before-- === 0) return each;
    throw new Error(`there are fewer than ${count}`);
  }

  /** Dice of one's own, so that what others throw does not change what one gets. */
  fork(): Dice {
    return new Dice(Math.floor(this.random() * 2 ** 32));
  }
}
