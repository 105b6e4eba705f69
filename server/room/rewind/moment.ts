import type { CommittedRow } from "../../../shared/state/committed-row.ts";
import type { TableSnapshot } from "./table-snapshot.ts";

/** What was committed at the end of a tick. */
export interface Moment {
  tick: number;
  /** By kept table. */
  readonly tables: readonly TableSnapshot[];
}

/** One look into the past. */
export interface Look {
  /** The last moment that is not after it. `undefined`: it goes to the present itself. */
  readonly before: Moment | undefined;
  /** The first moment after it. `undefined`: the present, which is in the rows as their author has them. */
  readonly after: Moment | undefined;
  /** How far it is from the one to the other, 0 to 1. */
  readonly part: number;
  /** How many ticks they are apart. */
  readonly ticks: number;
  /** Until its callback returns. The moments are used again, so what is read later would be of another time. */
  isOpen: boolean;
}

/** The present rows of a table. */
export interface PresentRows extends Iterable<CommittedRow> {
  readonly size: number;
  find(id: number): CommittedRow | undefined;
}
