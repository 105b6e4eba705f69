/**
 * Small integers for rows, players and streams. A freed id rests for `restTicks`, the longest time for which
 * anybody may still mean its former holder by it, and is then used again, so that ids stay short on the wire.
 */
export class RestingIds {
  readonly #restTicks: number;
  readonly #resting: { readonly id: number; readonly freeAt: number }[] = [];
  #head = 0;
  #next = 1;

  constructor(restTicks: number) {
    this.#restTicks = restTicks;
  }

  /** Above every id that was given so far. */
  get next(): number {
    return this.#next;
  }

  /** From here on: ids below were given before, by whomever, and are not given again. */
  beginAt(next: number): void {
    this.#next = Math.max(this.#next, next);
  }

  take(tick: number): number {
    const oldest = this.#resting[this.#head];
    if (oldest === undefined || oldest.freeAt > tick) return this.#next++;
    this.#head++;
    // The array is a queue: its used front is dropped once it is the larger half.
    if (this.#head * 2 > this.#resting.length) {
      this.#resting.splice(0, this.#head);
      this.#head = 0;
    }
    return oldest.id;
  }

  free(id: number, tick: number): void {
    this.#resting.push({ id, freeAt: tick + this.#restTicks });
  }
}
