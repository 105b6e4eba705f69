import type { CloseName } from "../../shared/protocol/close-codes.ts";
import type { Clock, MonotonicMs } from "../../shared/tick/clock.ts";
import type { Bus } from "../bus.ts";
import type { SuspendOrder, SuspendOutcome } from "../checkpoint/checkpoint-writer.ts";
import type { LivingRoom } from "../checkpoint/later-life.ts";
import type { EventUplink } from "../events/event-hub.ts";
import type { ServerLimits } from "../limits.ts";
import type { Matchmaker, NoRoom } from "../matchmaking/matchmaker.ts";
import type { RoomDefinition } from "../room/define-room.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { Tickets } from "../tickets/tickets.ts";
import type { RestoreRoom } from "./failover/room-opener.ts";
import type { NodeStateName } from "./node/node-state.ts";
import type { PlacedSeat, SeatSearch } from "./placement/placement.ts";
import type { ListedRoom, ListPage, ListQuery } from "./placement/room-list.ts";

/** What a server says of its place in a cluster, by HTTP. */
export interface ClusterSummary {
  readonly node: string;
  readonly epoch: number;
  readonly state: NodeStateName;
  readonly directory: "available" | "unavailable" | "closed";
}

/** What a server asks of the cluster that it is a part of. */
export interface ClusterPart {
  readonly summary: ClusterSummary;
  /** What carries events to other servers, and this one's name there. */
  readonly uplink: { readonly uplink: EventUplink; readonly id: string };
  /** Registers; resolves when the directory has answered once. */
  join(url: string): Promise<void>;
  /** Nobody new comes to this node. */
  drain(): void;
  /** Asked before each tick is published. */
  readonly mayPublish: () => boolean;
  /** Moves rooms to other nodes, as far as any takes them; see `Migration`. */
  move(rooms: readonly RoomCore[], until: MonotonicMs): Promise<void>;
  /** A room was handed over: its record stays, for whoever goes on with it. */
  leaveBehind(roomId: string): void;
  /** The rooms have closed: they are forgotten, and the lease is given back. */
  leave(): Promise<void>;
  /** A seat in a room of any node. */
  place(search: SeatSearch): Promise<PlacedSeat | NoRoom>;
  /** Where a room is, for somebody who has a seat there. */
  find(game: string, roomId: string, unreachable?: string): Promise<PlacedSeat | NoRoom>;
  /** Why a room is not here: it is elsewhere, comes back, or is not at all. */
  whyNotHere(game: string, roomId: string): Promise<CloseName>;
  /** Listed rooms of all nodes; `undefined` where the directory does not answer. */
  rooms(query: ListQuery): Promise<ListPage | undefined>;
  room(id: string): Promise<ListedRoom | undefined>;
}

/** What a server lends to it. */
export interface ClusterHost {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly limits: ServerLimits;
  readonly matchmaker: Matchmaker;
  readonly definitions: readonly RoomDefinition[];
  readonly tickets: Tickets | undefined;
  /** A new room's id, or a hold's. */
  readonly roomId: () => string;
  /** Opens a room from its checkpoint. */
  readonly restore: RestoreRoom;
  /** Stops a room behind its next tick and saves it. Absent where rooms are saved nowhere. */
  readonly suspend:
    | ((room: RoomCore, order: SuspendOrder) => Promise<SuspendOutcome> | undefined)
    | undefined;
  /** Whether the store knows of a life of the room behind the one that runs here. */
  readonly hasLaterLife: (room: LivingRoom) => Promise<boolean>;
}

export type MakeClusterPart = (host: ClusterHost) => ClusterPart;
