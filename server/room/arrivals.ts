import type { TickTiming } from "../tick/tick-scheduler.ts";
import type { Call, CallDispatcher } from "./calls.ts";
import type { LeaveReason } from "./define-room.ts";
import type { RoomCore } from "./room-core.ts";
import type { Seat } from "./seat.ts";
import type { SeatLink } from "./seat-link.ts";

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
  /** The player's connection is gone, or another is there. */
  | { readonly kind: "away" | "back"; readonly seat: Seat }
  | { readonly kind: "leave"; readonly seat: Seat; readonly reason: LeaveReason }
  | { readonly kind: "call"; readonly seat: Seat; readonly call: Call }
  | { readonly kind: "run"; readonly job: () => void; readonly hook?: OperationHook };

/** A hook of the game, not the game's own doing, that whoever runs the server caused, rather than a player or the game. */
export type OperationHook =
  | { readonly hook: "drain"; readonly secondsLeft: number }
  | { readonly hook: "announce"; readonly text: string };

/** Where arrivals wait; a game that is run again has them from its recording. */
export type Arrivals = Pick<ArrivalQueue, "push" | "take" | "takeAll" | "links">;

/** Deals with everything that a tick takes, in order. True where there was something. */
export function takeArrivals(
  room: RoomCore,
  queue: Arrivals,
  calls: CallDispatcher,
  { tick, dueAt, latenessMs }: { readonly tick: number } & Pick<TickTiming, "dueAt" | "latenessMs">,
): boolean {
  const arrivals = queue.take();
  room.tap?.began(tick, dueAt, latenessMs, arrivals);
  for (const arrival of arrivals) {
    switch (arrival.kind) {
      case "join":
        room.attendance.join(arrival);
        break;
      case "away":
      case "back":
        room.attendance.awayOrBack(arrival.kind, arrival.seat);
        break;
      case "leave":
        room.attendance.leave(arrival.seat, arrival.reason);
        break;
      case "call":
        arrival.seat.waitingCalls -= 1;
        if (room.seats.has(arrival.seat) && !arrival.seat.dismissed)
          calls.dispatch(room.facade, arrival.seat, arrival.call);
        break;
      case "run":
        arrival.job();
        break;
    }
  }
  room.attendance.beginIfDue(room);
  return arrivals.length > 0;
}

/** Holds arrivals until a tick takes them. Joins that are too many for one tick wait for the next. */
export class ArrivalQueue {
  readonly #joinsPerTick: number;
  #waiting: Arrival[] = [];

  constructor(joinsPerTick: number) {
    this.#joinsPerTick = joinsPerTick;
  }

  push(arrival: Arrival): void {
    this.#waiting.push(arrival);
  }

  /** What a tick takes: everything but the joins beyond its share. */
  take(): readonly Arrival[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    let joins = 0;
    return waiting.filter((arrival) => {
      if (arrival.kind !== "join" || joins++ < this.#joinsPerTick) return true;
      this.#waiting.push(arrival);
      return false;
    });
  }

  /** Of those who wait to join. */
  links(): readonly SeatLink[] {
    return this.#waiting.flatMap((arrival) => (arrival.kind === "join" ? [arrival.link] : []));
  }

  /** Everything that waits: there is no tick any more. */
  takeAll(): readonly Arrival[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
