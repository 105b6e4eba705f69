import type { Wire } from "./field-codec.ts";
import type { TableLayout } from "./game-layout.ts";
import type { RowStream } from "./row-stream.ts";

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
  /** By field: the author's value that was quantised. */
  readonly quantised: unknown[];
  /** Carries the fields for the room. `undefined` until the first commit. */
  stream: RowStream | undefined;
  /** The tick in which it entered that stream. */
  enteredAt: number;
  /** Carries the fields for the owner, if the row has one. */
  readonly ownerStream: RowStream | undefined;
  /** The tick in which it entered the owner's stream. */
  ownerEnteredAt: number;
}
