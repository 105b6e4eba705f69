/** Measures the way there and back of numbered messages, in milliseconds. */
export class RoundTrips {
  readonly #sentAt = new Map<number, number>();
  #number = 0;
  #count = 0;
  #sum = 0;
  fastest = Number.POSITIVE_INFINITY;

  /** The number to send with a message that leaves now. */
  leave(now: number): number {
    this.#number += 1;
    this.#sentAt.set(this.#number, now);
    return this.#number;
  }

  /** `undefined` for a number that is not on its way. */
  returned(number: number, now: number): number | undefined {
    const sentAt = this.#sentAt.get(number);
    if (sentAt === undefined) return undefined;
    this.#sentAt.delete(number);
    const took = now - sentAt;
    this.#count += 1;
    this.#sum += took;
    this.fastest = Math.min(this.fastest, took);
    return took;
  }

  get mean(): number {
    return this.#sum / this.#count;
  }
}
