import type { EventPart, ReplyPart } from "../../../shared/protocol/frames.ts";
import type { RandomState } from "../../../shared/random/seeded-random.ts";
import type { Wire } from "../../../shared/state/field-codec.ts";
import type { GroupName } from "../../../shared/state/groups.ts";
import type { Focus } from "../interest.ts";
import type { Ancestor } from "../lineage.ts";
import type { RoomMetadata } from "../room.ts";

/**
 * `exact`: the room stopped behind this image, so whoever comes back goes on where they were. `running`: it went on,
 * so players may have seen ticks that the image knows nothing of.
 */
export type ImageKind = "exact" | "running";

/**
 * The rows of one table by columns, in order. A field of numbers is a column of them at full precision, where NaN
 * stands for `undefined`; any other is a column of what was committed.
 */
export interface TableColumns {
  readonly ids: readonly number[];
  /** By field. */
  readonly columns: readonly (Float64Array | readonly Wire[])[];
}

/** What one tick told a player who has not acknowledged it. */
export type ToldTick = readonly [tick: number, events: readonly EventPart[], replies: readonly ReplyPart[]];

export interface SeatImage {
  readonly id: number;
  /** Of the secret, which itself is nowhere but with the player. */
  readonly digest: string;
  readonly voice: number;
  readonly attempt: number;
  /** The last message or request that was processed. */
  readonly sequence: number;
  /** Numbers of calls may jump once: what lies between was undone by a rollback. */
  readonly mayJump: boolean;
  readonly stream: number;
  /** The id of the player's own row; 0: none. */
  readonly row: number;
  readonly groups: readonly GroupName[];
  readonly focus: Focus;
  readonly data: unknown;
  readonly away: boolean;
  /** What was told after this tick is known: as `told` says, and else by the room's own events. */
  readonly knownSince: number;
  readonly told: readonly ToldTick[];
  /** Replies that may not have arrived. */
  readonly replies: readonly ReplyPart[];
}

/** Everything of a room that outlives its process, as of the end of tick `tick`. Plain values, none of them shared. */
export interface RoomImage {
  readonly kind: ImageKind;
  readonly tick: number;
  readonly timeline: number;
  readonly ancestors: readonly Ancestor[];
  readonly options: unknown;
  readonly metadata: RoomMetadata;
  readonly locked: boolean;
  readonly visibility: "public" | "private";
  /** Of a room with `queue` that waits for players. */
  readonly waits?: true;
  /** Whether anybody ever took a seat. */
  readonly everEntered: boolean;
  readonly random: RandomState;
  /** Above every id that was given so far. */
  readonly nextIds: {
    readonly rows: readonly number[];
    readonly players: number;
    readonly streams: number;
  };
  readonly nextEvent: number;
  /** By table, records included. */
  readonly tables: readonly TableColumns[];
  readonly seats: readonly SeatImage[];
  /** Events to everybody that somebody may not have heard, with their ticks. */
  readonly events: readonly (readonly [tick: number, part: EventPart])[];
  /** What the game's `save` returned. */
  readonly saved: unknown;
}

/** How a room begins that was saved. */
export interface RoomPast {
  readonly image: RoomImage;
  /** Of the new life: above every one before. */
  readonly timeline: number;
  /** Above every tick that could have been published. */
  readonly firstTick: number;
}
