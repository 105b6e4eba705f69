import type { GameDescription } from "../definition/description.ts";
import type { Wire } from "../state/field-codec.ts";
import type { GroupName } from "../state/groups.ts";
import type { LeaveParts, RowParts } from "../state/row-stream.ts";

/**
 * What a recording is made of; `docs/recordings.md` has the bytes. A file is a head, then blocks; a block holds
 * records, each one MessagePack array whose first value is its type.
 */
export const RECORDING_VERSION = 1;

/** How files of recordings end. */
export const RECORDING_EXTENSION = ".tickrec";

export const RecordType = { step: 0, tick: 1, keyframe: 2 } as const;

/** Kinds of what arrived at the start of a tick, in order. */
export const ArrivalType = {
  join: 0,
  leave: 1,
  away: 2,
  back: 3,
  message: 4,
  request: 5,
  /** A change that the game made by `room.run`. */
  run: 6,
  drain: 7,
  announce: 8,
} as const;

/** A value that is plain data, as `[value]`; `[]` stands for undefined, nil for what could not be kept. */
export type Kept = readonly [] | readonly [value: unknown] | null;

export type ArrivalRecord =
  /** `player` is 0 for one whose `join` failed; `row` is their own, or 0. */
  | readonly [type: typeof ArrivalType.join, player: number, row: number, join: Kept, data: Kept]
  | readonly [type: typeof ArrivalType.leave, player: number, reason: string]
  | readonly [type: typeof ArrivalType.away | typeof ArrivalType.back, player: number]
  | readonly [
      type: typeof ArrivalType.message | typeof ArrivalType.request,
      player: number,
      index: number,
      payload: Kept,
    ]
  | readonly [type: typeof ArrivalType.run]
  | readonly [type: typeof ArrivalType.drain, secondsLeft: number]
  | readonly [type: typeof ArrivalType.announce, text: string];

/** `[player, tick, viewTick, value, …]`, as it came since the step before. */
export type InputRecord = readonly [player: number, tick: number, viewTick: number, ...values: Wire[]];

/** Whom an event was told. */
export const EventAudience = { room: 0, near: 1, group: 2, player: 3 } as const;

/** `where` is nil, `[x, y]`, the group's name or the player's id. */
export type EventRecord = readonly [
  audience: (typeof EventAudience)[keyof typeof EventAudience],
  where: null | readonly [x: number, y: number] | GroupName,
  event: number,
  ...values: Wire[],
];

/** A step that was not published: the room caught up. */
export type StepRecord = readonly [
  type: typeof RecordType.step,
  tick: number,
  latenessUs: number,
  arrivals: readonly ArrivalRecord[],
  inputs: readonly InputRecord[],
];

/** A published tick. Rows are all that changed since tick `base`, whoever may see it. */
export type TickRecord = readonly [
  type: typeof RecordType.tick,
  tick: number,
  latenessUs: number,
  arrivals: readonly ArrivalRecord[],
  inputs: readonly InputRecord[],
  digest: number,
  base: number,
  rows: RowParts,
  leaves: LeaveParts,
  events: readonly EventRecord[],
];

/** The whole state as of tick `tick`; the first record of each block. */
export type KeyframeRecord = readonly [
  type: typeof RecordType.keyframe,
  tick: number,
  digest: number,
  rows: RowParts,
];

export type AnyRecord = StepRecord | TickRecord | KeyframeRecord;

/** Somebody who was in the room when the recording began. */
export interface RecordedSeat {
  readonly player: number;
  readonly row: number;
}

/** The first block of a file. */
export interface RecordingHeader {
  readonly game: string;
  readonly hash: string;
  readonly description: GameDescription;
  readonly room: string;
  readonly options: Kept;
  /** What `load` returned. */
  readonly loaded: Kept;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly visibility: string;
  /** `room`: the recording begins with the room, so the game can be run again; `present`: it begins in mid-game. */
  readonly from: "room" | "present";
  /** Of the room's chance. 0 where the recording begins in mid-game. */
  readonly seed: number;
  readonly timeline: number;
  /** Of the room's first step, on the server's monotonic clock, in milliseconds. */
  readonly epoch: number;
  readonly tickRate: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The server's limits: some of them decide what a room does. */
  readonly limits: Readonly<Record<string, number | string>>;
  /** Who was there already. */
  readonly seats: readonly RecordedSeat[];
  /** What recorded it. */
  readonly writer: string;
}

/** Why a recording ended. */
export type RecordingEnd =
  | "room-closed"
  | "stopped"
  /** A bound of the recording was hit. */
  | "max-bytes"
  | "max-seconds"
  /** The disk did not keep up. */
  | "disk-too-slow"
  | "disk-failed";

/** The last block of a file that was ended in order. */
export interface RecordingEpilogue {
  readonly end: RecordingEnd;
  readonly ticks: number;
}
