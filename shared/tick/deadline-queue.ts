import type { MonotonicMs } from "./clock.ts";

/** What a {@link DeadlineQueue} orders. Only `dueAt` is the owner's, and only while it is not in a queue. */
export interface Deadline {
  dueAt: MonotonicMs;
  /** The queue's own: which of two deadlines that fall together came first. */
  arrival: number;
  /** The queue's own: where in the heap it stands, {@link NOT_QUEUED} outside. */
  position: number;
}

/** The `position` of a deadline that is in no queue. */
export const NOT_QUEUED = -1;

/**
 * Deadlines, earliest first; those that fall together in the order in which they were added. A binary heap
 * whose items know their place, so that removing any of thousands costs O(log n) and allocates nothing.
 */
export class DeadlineQueue<Item extends Deadline> {
  readonly #heap: Item[] = [];
  #arrivals = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** @throws RangeError where `dueAt` is no finite number, Error where the item is queued already. */
  add(item: Item): void {
    if (!Number.isFinite(item.dueAt)) throw new RangeError(`a deadline must be finite, not ${item.dueAt}`);
    if (item.position !== NOT_QUEUED) throw new Error("this deadline is queued already");
    item.arrival = this.#arrivals++;
    this.#rise(item, this.#heap.length);
  }

  first(): Item | undefined {
    return this.#heap[0];
  }

  /** Says whether the item was queued. */
  remove(item: Item): boolean {
    const hole = item.position;
    if (hole === NOT_QUEUED) return false;
    item.position = NOT_QUEUED;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return true;
    const parent = this.#heap[(hole - 1) >> 1];
    if (hole > 0 && parent !== undefined && isBefore(last, parent)) this.#rise(last, hole);
    else this.#sink(last, hole);
    return true;
  }

  #rise(item: Item, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || !isBefore(item, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
  }

  #sink(item: Item, from: number): void {
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      let child = this.#heap[below];
      const sibling = this.#heap[below + 1];
      if (child !== undefined && sibling !== undefined && isBefore(sibling, child)) {
        child = sibling;
        below += 1;
      }
      if (child === undefined || !isBefore(child, item)) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(item, place);
  }

  #put(item: Item, place: number): void {
    this.#heap[place] = item;
    item.position = place;
  }
}

function isBefore(a: Deadline, b: Deadline): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.arrival < b.arrival);
}
