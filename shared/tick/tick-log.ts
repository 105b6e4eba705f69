/**
 * What happened in which tick, oldest first, for as long as somebody may ask. It is bounded: where it is full
 * the oldest entry goes, and {@link droppedUpTo} says so.
 */
export class TickLog<Item> {
  readonly #most: number;
  readonly #ticks: number[] = [];
  readonly #items: Item[] = [];
  /** Entries before it are gone; they are cut off once they are the larger part. */
  #head = 0;
  #droppedUpTo = Number.NEGATIVE_INFINITY;

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** The tick of the last entry that had to go before anybody had forgotten it. */
  get droppedUpTo(): number {
    return this.#droppedUpTo;
  }

  /** Ticks never fall. */
  push(tick: number, item: Item): void {
    this.#ticks.push(tick);
    this.#items.push(item);
    if (this.size <= this.#most) return;
    this.#droppedUpTo = this.#ticks[this.#head] as number;
    this.#drop(1);
  }

  /** Nobody will ask for what happened in `tick` or before. */
  forget(tick: number): void {
    let gone = 0;
    while ((this.#ticks[this.#head + gone] ?? Number.POSITIVE_INFINITY) <= tick) gone++;
    if (gone > 0) this.#drop(gone);
  }

  /** What happened after tick `base`, oldest first. */
  *since(base: number): IterableIterator<readonly [tick: number, item: Item]> {
    let start = this.#items.length;
    while (start > this.#head && (this.#ticks[start - 1] as number) > base) start--;
    for (let i = start; i < this.#items.length; i++) yield [this.#ticks[i] as number, this.#items[i] as Item];
  }

  #drop(entries: number): void {
    this.#head += entries;
    if (this.#head * 2 <= this.#items.length) return;
    this.#ticks.splice(0, this.#head);
    this.#items.splice(0, this.#head);
    this.#head = 0;
  }
}
