import type { MirrorRow, WireValues } from "./mirror-row.ts";

/** Follows the rows of one table or record, before its listeners are told and without a cost where nobody does. */
export interface RowWatch {
  entered(row: MirrorRow, values: WireValues): void;
  /** The row has its new values already, or does not know them any more. */
  changed(row: MirrorRow, values: WireValues, mask: number): void;
  left(row: MirrorRow): void;
}
