import type { Seat } from "./seat.ts";

/**
 * Which seats have something to do with the tick that publishes next. A room of thousands visits those alone:
 * their objects are spread over memory, and merely looking at each would be a good part of what a tick costs.
 */
export class Agenda {
  #next = new Set<Seat>();
  readonly #later = new Map<number, Seat[]>();

  /** Something about the seat is new: it is visited with the next tick that publishes. */
  next(seat: Seat): void {
    this.#next.add(seat);
  }

  /** The seat is visited in tick `tick`, which is to come, or in the next one after it that publishes. */
  at(tick: number, seat: Seat): void {
    const seats = this.#later.get(tick);
    if (seats === undefined) this.#later.set(tick, [seat]);
    else seats.push(seat);
  }

  /** The seats to be visited in tick `tick`, each once. Those added meanwhile are for the next. */
  take(tick: number): Iterable<Seat> {
    const seats = this.#next;
    this.#next = new Set();
    // A room that runs late publishes only the last of its steps.
    for (const [due, waiting] of this.#later) {
      if (due > tick) continue;
      for (const seat of waiting) seats.add(seat);
      this.#later.delete(due);
    }
    return seats;
  }
}
