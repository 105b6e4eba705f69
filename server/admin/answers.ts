import type { GameDescription } from "../../shared/definition/description.ts";
import type { PresenceName } from "../room/presence.ts";
import type { SampleColumn } from "./server-series.ts";
import type { TickColumn } from "./tick-ring.ts";

/** What the dashboard's API answers: the page is compiled against these. Times of day are Unix milliseconds. */

export interface OverviewAnswer {
  readonly now: number;
  readonly server: {
    readonly mode: "development" | "production";
    readonly node: string;
    readonly uptimeSeconds: number;
    readonly connections: number;
    /** Whether bots can be added. */
    readonly bots: boolean;
  };
  /** Over all rooms. */
  readonly players: PlayersByState;
  readonly rooms: readonly RoomSummary[];
  /** One entry a second, after the time that was asked for. */
  readonly series: SeriesAnswer;
}

export type PlayersByState = Readonly<Record<Exclude<PresenceName, "gone">, number>>;

export type SeriesAnswer = { readonly at: readonly number[] } & {
  readonly [Column in SampleColumn]: readonly number[];
};

export interface RoomSummary {
  readonly id: string;
  readonly game: string;
  readonly players: PlayersByState & { readonly total: number };
  readonly maxPlayers: number;
  readonly locked: boolean;
  readonly visibility: "public" | "private";
  readonly tick: number;
  readonly tickRate: number;
  /** Of the last second; `null` until somebody has looked for so long. */
  readonly load: RoomLoad | null;
}

export interface RoomLoad {
  readonly meanMs: number;
  readonly worstMs: number;
  readonly worstLatenessMs: number;
  /** Encoded, before the transport's fan-out. */
  readonly bytesPerSecond: number;
}

export interface RoomAnswer {
  readonly now: number;
  readonly room: RoomSummary;
  readonly options: unknown;
  readonly metadata: unknown;
  /** Whether the game takes announcements. */
  readonly announces: boolean;
  readonly bots: boolean;
  /** After the tick that was asked for, oldest first. */
  readonly ticks: TicksAnswer;
  /** What happened in these ticks. */
  readonly notes: readonly TickNote[];
}

/** By column, one entry a tick. Durations are microseconds. */
export type TicksAnswer = { readonly tick: readonly number[] } & {
  readonly [Column in TickColumn]: readonly number[];
};

export type TickNoteKind = "joined" | "left" | "stalled" | "away" | "resynced" | "slipped" | "failed";

export interface TickNote {
  readonly tick: number;
  readonly kind: TickNoteKind;
  /** Of a slip or a fault there is none. */
  readonly player: number | null;
  readonly why: string;
}

export interface DefinitionAnswer {
  readonly game: GameDescription;
  /** The side of a cell, in rooms with interest. */
  readonly cellSize: number | null;
  readonly rows: Readonly<Record<string, number>>;
}

export interface PlayersAnswer {
  /** Of those who were asked for. */
  readonly total: number;
  readonly players: readonly PlayerLine[];
}

export interface PlayerLine {
  readonly id: number;
  /** The first text of the player's own row. */
  readonly name: string | null;
  /** Id of the own row. */
  readonly row: number | null;
  readonly state: PresenceName;
  readonly why: string | null;
  /** Ticks since the last that the client acknowledged; `null` before the first. */
  readonly behind: number | null;
  /** Bytes that wait in this process. */
  readonly bufferedBytes: number;
  /** Streams beside the room's and their own. */
  readonly streams: number;
  readonly waitingCalls: number;
  /** While away: ticks until the seat is given up. */
  readonly keptTicks: number | null;
}

/** A committed value as JSON: a reference is the id of its row, bytes are their number and beginning. */
export type ReadableValue =
  | number
  | string
  | boolean
  | null
  | { readonly bytes: number; readonly hex: string }
  | readonly ReadableValue[];

export interface ReadableRow {
  readonly id: number;
  /** In the order of the definition's fields. */
  readonly values: readonly ReadableValue[];
}

export interface RowsAnswer {
  readonly tick: number;
  /** Of those who were asked for. */
  readonly total: number;
  readonly rows: readonly ReadableRow[];
}

export interface RowAnswer {
  /** `null` for one that is not there any more. */
  readonly row: ReadableRow | null;
}

export interface MapAnswer {
  readonly tick: number;
  readonly tables: readonly {
    readonly name: string;
    readonly total: number;
    readonly ids: readonly number[];
    readonly x: readonly number[];
    readonly y: readonly number[];
  }[];
}

export type FeedLevel = "info" | "warning" | "error";

export interface FeedEvent {
  /** Rises by one an event: the cursor. */
  readonly sequence: number;
  readonly at: number;
  /** The event's name on the bus. */
  readonly name: string;
  readonly level: FeedLevel;
  readonly text: string;
  readonly detail: string | null;
  readonly room: { readonly id: string; readonly game: string } | null;
  /** The room's tick at that time. */
  readonly tick: number | null;
}

export interface EventsAnswer {
  readonly now: number;
  readonly events: readonly FeedEvent[];
}

export interface ProblemAnswer {
  readonly error: { readonly code: string; readonly message: string };
}
