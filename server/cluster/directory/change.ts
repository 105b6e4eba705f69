import type { NodeRecord } from "./node-record.ts";
import type { RoomRecord } from "./room-record.ts";

/**
 * What is told to those who watch.
 *
 * - `resync`: what was known may be wrong: read what is needed anew. Told first of all, and after every gap; all that
 *   happens from then on is told. What is read may have a change already that is told behind it.
 * - `room-added`, `room-changed`: a room as it is by now, so that of many changes some are told at once. After a gap
 *   of nothing but this handle's own delay a room may be changed that was never added: take it as added.
 * - `room-removed`: also for rooms that were never told of.
 * - `node-down`: an incarnation's lease is over; its rooms can be claimed.
 */
export type DirectoryChange =
  | { readonly kind: "resync" }
  | { readonly kind: "room-added" | "room-changed"; readonly room: RoomRecord }
  | { readonly kind: "room-removed"; readonly game: string; readonly id: string }
  | { readonly kind: "node-up" | "node-changed"; readonly node: NodeRecord }
  | { readonly kind: "node-down"; readonly id: string; readonly epoch: number };

/** How far somebody has read. `birth` is another one wherever the directory has lost everything. */
export interface ChangePosition {
  readonly birth: string;
  readonly sequence: number;
}

/** What happened since a position; `gap`: not all of that is known any more, or no position was given. */
export interface ChangePage {
  readonly gap: boolean;
  readonly changes: readonly Exclude<DirectoryChange, { kind: "resync" }>[];
  readonly position: ChangePosition;
}
