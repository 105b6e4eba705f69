import type { Clock, Release } from "../../../shared/tick/clock.ts";

/** Who takes things out at the end of a {@link Pipe}. */
export interface PipeEnd<Item> {
  arrived(item: Item): void;
  /** Called when the last item has left after some had to wait for a pause to end. */
  drained(): void;
}

/**
 * One direction of a connection: what goes in comes out in order, each item in a `soon` task of its own, so
 * never within the call that put it in.
 */
export class Pipe<Item> {
  readonly #clock: Clock;
  readonly #end: PipeEnd<Item>;
  readonly #items: { readonly item: Item; readonly bytes: number }[] = [];
  #bytes = 0;
  #paused = false;
  #backlog = false;
  #next: Release | undefined;

  constructor(clock: Clock, end: PipeEnd<Item>) {
    this.#clock = clock;
    this.#end = end;
  }

  /** Bytes that wait for a pause to end. What is merely on its way does not count, as on a real socket. */
  get waitingBytes(): number {
    return this.#paused ? this.#bytes : 0;
  }

  push(item: Item, bytes: number): void {
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    if (this.#paused) this.#backlog = true;
    this.#schedule();
  }

  pause(): void {
    this.#paused = true;
    this.#backlog ||= this.#items.length > 0;
    this.#next?.();
    this.#next = undefined;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  /** Forgets what has not arrived. */
  discard(): void {
    this.#items.length = 0;
    this.#bytes = 0;
  }

  #schedule(): void {
    if (this.#paused || this.#next !== undefined || this.#items.length === 0) return;
    this.#next = this.#clock.soon(this.#deliverNext);
  }

  readonly #deliverNext = (): void => {
    this.#next = undefined;
    this.#deliver();
    this.#schedule();
  };

  #deliver(): void {
    const first = this.#items.shift();
    if (first === undefined) return;
    this.#bytes -= first.bytes;
    this.#end.arrived(first.item);
    if (this.#items.length > 0 || this.#paused || !this.#backlog) return;
    this.#backlog = false;
    this.#end.drained();
  }
}
