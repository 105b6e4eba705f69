import type { RoomMetadata } from "../../room/room.ts";
import type { NodeIncarnation, NodeRecord } from "./node-record.ts";

/** JSON, as rooms' options are. */
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * - `creating`: claimed for a node that is to make it; players may be sent there, where they wait. Not listed, and gone
 *   when the claim's time is over.
 * - `open`: it runs, and players are sent there unless it is locked, unlisted or full.
 * - `restoring`: taken over from another owner, not running yet; listed, but nobody is sent there.
 */
export type RoomState = "creating" | "open" | "restoring";

/** A room as the directory knows it. The owner alone decides about seats: what stands here are hints. */
export interface RoomRecord {
  /** Unique over all games. 1 to 64 letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly game: string;
  /** The hash of the game's definition. */
  readonly build: string;
  readonly options: Json;
  readonly metadata: RoomMetadata;
  readonly owner: NodeIncarnation;
  /** Rises with each change of owner. */
  readonly epoch: number;
  /** Rises with each claim of an orphan, which may have lost ticks that were published; not with a transfer. */
  readonly timeline: number;
  readonly state: RoomState;
  /** Private rooms are not: they are neither listed nor found, only known by id. */
  readonly listed: boolean;
  readonly locked: boolean;
  readonly seats: number;
  readonly maxSeats: number;
  /** By the directory's clock, in milliseconds; for people and for sorting. */
  readonly createdAt: number;
}

/** What names a room as its owner writes it: a write of any other epoch is refused. */
export type RoomKey = Pick<RoomRecord, "id" | "epoch">;

/** A room that its owner makes, or makes known again after the directory lost everything. */
export interface NewRoom
  extends Pick<RoomRecord, "id" | "game" | "build" | "options" | "maxSeats">,
    Partial<Pick<RoomRecord, "metadata" | "listed" | "locked" | "seats" | "timeline">> {
  /** The epoch that it had, where it is made known again. */
  readonly formerEpoch?: number;
}

/** What an owner may change. What is left out stays. */
export interface RoomChanges
  extends Partial<Pick<RoomRecord, "metadata" | "listed" | "locked" | "seats" | "maxSeats" | "timeline">> {
  /** It runs now. */
  readonly state?: "open";
  /** Holds whose players came or will not come: `seats` counts those who came. */
  readonly settled?: readonly string[];
}

/** Who looks for a seat. */
export interface RoomSearch extends Pick<RoomRecord, "game" | "build" | "options"> {
  /** Names the seat that is held for `holdMs`, until the owner settles it: unique, such as a ticket's id. */
  readonly hold: string;
  /** Rooms that have just refused this player, 16 at most. */
  readonly except?: readonly string[];
  /** What is made where there is no room. */
  readonly create: RoomPlan;
}

/** A room that a node is to make. */
export interface RoomPlan extends Pick<RoomRecord, "id" | "maxSeats"> {
  readonly metadata?: RoomMetadata;
  /** Default true. */
  readonly listed?: boolean;
}

/** A room and where it is. */
export interface PlacedRoom {
  /**
   * - `found`: it is there, or somebody else had it made a moment ago (then its state is `creating`).
   * - `create`: this call claimed its creation: `node` is to make it, and open it within `claimMs`.
   */
  readonly outcome: "found" | "create";
  readonly room: RoomRecord;
  readonly node: NodeRecord;
}

/** A room by its id; `node` is absent where its owner is gone and nobody has claimed it yet. */
export interface KnownRoom {
  readonly room: RoomRecord;
  readonly node: NodeRecord | undefined;
}

/** Which listed rooms. What is left out does not matter. */
export interface RoomQuery {
  readonly game: string;
  readonly options?: Json;
  /** Each of these, equal; strings beyond 128 characters count by their first 128. */
  readonly metadata?: RoomMetadata;
  /** Only those that somebody would be sent to. */
  readonly joinable?: boolean;
  /** Rooms of a page, at most 500. Default 50. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

/**
 * Part of a list, in the order of ids. Rooms that neither come nor go between pages are on exactly one of them. A page may
 * be shorter than its limit, or empty, and not the last: that one has no `next`.
 */
export interface RoomPage {
  readonly rooms: readonly RoomRecord[];
  readonly next: string | undefined;
}
