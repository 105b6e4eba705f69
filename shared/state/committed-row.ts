import type { Wire } from "./field-codec.ts";
import type { TableLayout } from "./game-layout.ts";
import type { Group } from "./groups.ts";
import type { RowStream } from "./row-stream.ts";
import type { Cell } from "./sight-grid.ts";

/** The author's row: plain fields at full precision. */
export type SourceRow = { readonly id: number } & { [field: string]: unknown };

/** A row as it was at the end of the last tick, quantised, with the tick in which each field last changed. */
export interface CommittedRow {
  readonly id: number;
  readonly table: TableLayout;
  readonly source: SourceRow;
  /** By field; sent as they are. */
  readonly values: Wire[];
  /** By field: the tick of the last change. */
  readonly changedAt: number[];
  /** By field, of cold ones alone: the author's value that was quantised. */
  readonly quantised: unknown[];
  /** Whether it stands in its streams: from its first commit on. */
  sent: boolean;
  /** The author removed it, and a commit said so. */
  removed: boolean;
  /** Carries the fields for the owner, if the row has one. Let go with the row: who left is remembered, a seat is not. */
  ownerStream: RowStream | undefined;
  /** By level of the grid: the cells that carry the fields for those in sight. Empty without interest. */
  readonly cells: (Cell | undefined)[];
  /** The group that its committed group field names: its stream carries the fields for members. */
  group: Group | undefined;
}
