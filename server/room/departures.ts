import type { LeaveReason } from "./define-room.ts";
import type { Seat } from "./seat.ts";

/**
 * Those who left a room since it last published. They follow its streams, cells included, until the tick in
 * which they left is out: the last tick that they see is as whole as any.
 */
export class Departures {
  #left: { readonly seat: Seat; readonly reason: LeaveReason }[] = [];

  add(seat: Seat, reason: LeaveReason): void {
    this.#left.push({ seat, reason });
  }

  /** Seats with a connection that is still to hear of the tick. */
  *seats(): IterableIterator<Seat> {
    for (const { seat } of this.#left) if (seat.link.open && !seat.fresh) yield seat;
  }

  /** Everything is sent that they are to get: their sight is given up and their connections end. */
  end(): void {
    const left = this.#left;
    this.#left = [];
    for (const { seat, reason } of left) {
      seat.following.releaseAll();
      if (reason !== "connection-lost") seat.link.end(reason);
    }
  }
}
