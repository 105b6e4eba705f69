import type { Call } from "./calls.ts";
import type { LeaveReason } from "./define-room.ts";
import type { Seat, SeatLink } from "./seat.ts";

/** A place taken in a room: the way from a session to its seat. */
export interface Membership {
  /** `undefined` until the tick in which the player joins. */
  seat: Seat | undefined;
  /** The connection went before the player had joined. */
  withdrawn: boolean;
}

/** What waits for the start of a room's next tick, in order of arrival. */
export type Arrival =
  | {
      readonly kind: "join";
      readonly membership: Membership;
      readonly link: SeatLink;
      readonly join: unknown;
      readonly data: unknown;
      /** Gives back the seat that is kept until the tick. */
      readonly release: () => void;
    }
  | { readonly kind: "leave"; readonly seat: Seat; readonly reason: LeaveReason }
  | { readonly kind: "call"; readonly seat: Seat; readonly call: Call }
  | { readonly kind: "run"; readonly job: () => void };
