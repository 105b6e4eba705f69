import type { LeaveReason } from "./define-room.ts";
import type { Seat } from "./seat.ts";
import type { SeatLink } from "./seat-link.ts";

interface Departure {
  readonly seat: Seat;
  readonly reason: LeaveReason;
  /** The connection that the seat had. */
  readonly link: SeatLink | undefined;
  /** Whether it had every frame so far. */
  readonly isCurrent: boolean;
}

/**
 * Those who left a room since it last published. They follow its streams, cells included, until the tick in
 * which they left is out: the last tick that they see is as whole as any.
 */
export class Departures {
  #left: Departure[] = [];

  add(seat: Seat, reason: LeaveReason): void {
    const { state } = seat.presence.now;
    this.#left.push({ seat, reason, link: seat.presence.link, isCurrent: state === "following" });
    seat.presence.become({ state: "gone" });
  }

  /** Seats with a connection that is still to hear of the tick. */
  *seats(): IterableIterator<Seat> {
    for (const { seat, link, isCurrent } of this.#left) if (link?.open && isCurrent) yield seat;
  }

  /** Everything is sent that they are to get: their sight is given up and their connections end. */
  end(): void {
    const left = this.#left;
    this.#left = [];
    for (const { seat, reason, link } of left) {
      seat.following.releaseAll();
      const { farewell } = seat;
      if (reason !== "connection-lost")
        link?.end(reason, farewell?.reason === reason ? farewell.message : undefined);
    }
  }
}
