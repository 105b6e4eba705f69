/**
 * The last values of a series, at hand both in order of arrival and in ascending order. Each arrival moves what is
 * above its place by one, where sorting anew would compare everything.
 */
export class SortedWindow {
  readonly #most: number;
  readonly #values: number[] = [];
  /** The first {@link #size} of them count. */
  readonly #sorted: Float64Array;
  #size = 0;

  /** @param most the most values that are kept: the oldest makes room */
  constructor(most: number) {
    this.#most = most;
    this.#sorted = new Float64Array(most);
  }

  /** The values in order of arrival, the newest last. */
  get values(): readonly number[] {
    return this.#values;
  }

  /** The same in ascending order; a view that holds until the next change. */
  get ascending(): Float64Array {
    return this.#sorted.subarray(0, this.#size);
  }

  push(value: number): void {
    if (this.#size === this.#most) this.forget(1);
    const at = this.#placeOf(value);
    this.#sorted.copyWithin(at + 1, at, this.#size);
    this.#sorted[at] = value;
    this.#size += 1;
    this.#values.push(value);
  }

  /** Forgets the oldest `count` values. */
  forget(count: number): void {
    for (const value of this.#values.splice(0, count)) {
      const at = this.#placeOf(value);
      this.#sorted.copyWithin(at, at + 1, this.#size);
      this.#size -= 1;
    }
  }

  /** Where the first of the sorted values is that is not below `value`. */
  #placeOf(value: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
