import type { EventPart } from "../../shared/protocol/frames.ts";
import type { GroupName } from "../../shared/state/groups.ts";
import type { Arrival } from "./arrivals.ts";
import type { RoomDefinition } from "./define-room.ts";
import type { RoomCore } from "./room-core.ts";
import type { Seat } from "./seat.ts";

/** Whom an event is told. */
export type ToldTo =
  | { readonly to: "room" }
  | { readonly to: "near"; readonly x: number; readonly y: number }
  | { readonly to: "group"; readonly name: GroupName }
  | { readonly to: "player"; readonly player: number };

/** Listens in on a room, for recordings: what the bus does not tell, in the order in which it acts. */
export interface RoomTap {
  /** A step begins; `arrivals` act in it, in this order. What they hold must be copied now. */
  began(tick: number, dueAt: number, latenessMs: number, arrivals: readonly Arrival[]): void;
  /** An input was taken, in between steps. The values are not changed afterwards. */
  input(seat: Seat, tick: number, viewTick: number, values: readonly unknown[]): void;
  /** An event was sent; `values` are in wire form. */
  told(to: ToldTo, event: number, values: EventPart): void;
}

/** What a room is made from. */
export interface RoomOrigin {
  readonly definition: RoomDefinition;
  readonly options: unknown;
  readonly loaded: unknown;
  readonly seed: number;
}

/** Asked about each new room, before its game has seen what `load` returned; listens to the room that it is given. */
export type WatchNewRoom = (origin: RoomOrigin) => ((room: RoomCore) => void) | undefined;
