import type { Visibility } from "../definition/field.ts";
import { TickLog } from "../tick/tick-log.ts";
import type { CommittedRow } from "./committed-row.ts";
import type { Wire } from "./field-codec.ts";

/**
 * Rows on the wire, flat: `[table, rows, table, rows, …]` where `rows` is
 * `[id, header, value, …, id, header, value, …]` and a header is `fieldMask × 2 + entered`, followed by one
 * value for each bit of the mask, lowest first.
 */
export type RowParts = readonly (number | readonly Wire[])[];

/** `to` of a row that is gone for good; otherwise it is 1 + the id of the stream that has the row now, … */
export const LEFT_FOR_GOOD = 0;
/** … or this, where the row is there, but in no stream of the kind: it belongs to no group now. */
export const LEFT_TO_NONE = -1;

/** Leaves on the wire, flat: `[table, id, to, …]`. */
export type LeaveParts = readonly number[];

const NO_ROWS: RowParts = [];
const NO_LEAVES: LeaveParts = [];

interface Leave {
  readonly row: CommittedRow;
  readonly to: number;
}

export interface StreamDelta {
  readonly rows: RowParts;
  readonly leaves: LeaveParts;
}

/**
 * A sequence of deltas that every subscriber receives alike: the whole room, a cell, or what one player alone
 * may know. It knows its rows and since when, and remembers who left, so beside the delta of a tick it can
 * write a keyframe and the delta since any tick within the horizon.
 */
export class RowStream {
  readonly id: number;
  readonly audience: Visibility;
  readonly #horizonTicks: number;
  /** Each row with the tick in which it entered. */
  readonly #rows = new Map<CommittedRow, number>();
  readonly #leaves = new TickLog<Leave>();
  #onDirty: ((stream: RowStream) => void) | undefined;
  /** This tick's rows by table index, flat as on the wire; taken by {@link takeDelta}. */
  readonly #pending: (Wire[] | undefined)[] = [];
  /** This tick's leaves; a row may be back when they are taken. */
  #pendingLeaves: Leave[] = [];
  #dirty = false;
  #collecting = true;

  /** @param onDirty told once a tick, when the stream has something to send */
  constructor(id: number, audience: Visibility, horizonTicks: number, onDirty?: (stream: RowStream) => void) {
    this.id = id;
    this.audience = audience;
    this.#horizonTicks = horizonTicks;
    this.#onDirty = onDirty;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** For who made the stream before there was anybody to tell. */
  tell(onDirty: (stream: RowStream) => void): void {
    this.#onDirty = onDirty;
  }

  has(row: CommittedRow): boolean {
    return this.#rows.has(row);
  }

  /**
   * `held`: somebody follows the stream and needs its deltas. Otherwise only who is in it and who left is
   * kept; whoever comes begins with a keyframe. Streams are held at first.
   */
  follow(followed: "held" | "unheld"): void {
    this.#collecting = followed === "held";
  }

  /** The row stands in this stream from tick `tick` on; every field of it that this audience sees goes out. */
  enter(row: CommittedRow, tick: number): void {
    this.#rows.set(row, tick);
    if (!this.#collecting) return;
    this.#markDirty();
    appendRow(this.#pendingRows(row), row, this.#seenOf(row), true);
  }

  /** Some fields of a row in this stream changed; `mask` may hold bits that this audience does not see. */
  change(row: CommittedRow, mask: number): void {
    const seen = mask & this.#seenOf(row);
    if (seen === 0 || !this.#collecting) return;
    this.#markDirty();
    appendRow(this.#pendingRows(row), row, seen, false);
  }

  /** The row leaves: `to` is {@link LEFT_FOR_GOOD}, {@link LEFT_TO_NONE}, or 1 + the id of the stream that has it now. */
  leave(row: CommittedRow, tick: number, to: number): void {
    if (!this.#rows.delete(row)) return;
    this.#leaves.push(tick, { row, to });
    // Here, since a stream that nobody follows is never asked for a delta.
    this.#leaves.forget(tick - this.#horizonTicks);
    if (!this.#collecting) return;
    this.#markDirty();
    this.#pendingLeaves.push({ row, to });
  }

  /** Whether this tick has changed nothing: a thousand quiet streams then cost no delta each. */
  get quiet(): boolean {
    return !this.#dirty;
  }

  /** What this tick changed, once. */
  takeDelta(tick: number): StreamDelta {
    this.#dirty = false;
    this.#leaves.forget(tick - this.#horizonTicks);
    return { rows: this.#takeRows(), leaves: this.#takeLeaves() };
  }

  /** As a rule the rows are of one table: no array is then made to grow. */
  #takeRows(): RowParts {
    let rows: (number | Wire[])[] | undefined;
    for (let table = 0; table < this.#pending.length; table++) {
      const flat = this.#pending[table];
      if (flat === undefined) continue;
      this.#pending[table] = undefined;
      if (rows === undefined) rows = [table, flat];
      else rows.push(table, flat);
    }
    return rows ?? NO_ROWS;
  }

  #takeLeaves(): LeaveParts {
    if (this.#pendingLeaves.length === 0) return NO_LEAVES;
    const leaves: number[] = [];
    for (const { row, to } of this.#pendingLeaves)
      if (!this.#rows.has(row)) leaves.push(row.table.index, row.id, to);
    this.#pendingLeaves = [];
    return leaves;
  }

  /** Whether {@link deltaSince} can be asked for `base` when the last closed tick is `tick`. */
  reaches(base: number, tick: number): boolean {
    return base >= tick - this.#horizonTicks;
  }

  /** Everything that changed after tick `base`, as of the last commit. Values are absolute. */
  deltaSince(base: number): StreamDelta {
    const tables: Wire[][] = [];
    for (const [row, enteredAt] of this.#rows) {
      const entered = enteredAt > base;
      const seen = this.#seenOf(row);
      const mask = entered ? seen : seen & changedSince(row, base);
      if (mask !== 0) appendRow(rowsOf(tables, row.table.index), row, mask, entered);
    }
    return { rows: parts(tables), leaves: this.leavesSince(base) };
  }

  /** Who left after tick `base` and is not back; who is gone by now is said to be gone, wherever it went first. */
  leavesSince(base: number): LeaveParts {
    const leaves: number[] = [];
    for (const [, { row, to }] of this.#leaves.since(base))
      if (!this.#rows.has(row)) leaves.push(row.table.index, row.id, row.removed ? LEFT_FOR_GOOD : to);
    return leaves;
  }

  /** Of those only who is gone for good: for one who does not follow the stream any more. */
  goneSince(base: number): LeaveParts {
    const gone: number[] = [];
    for (const [, { row }] of this.#leaves.since(base))
      if (row.removed) gone.push(row.table.index, row.id, LEFT_FOR_GOOD);
    return gone;
  }

  /** The whole stream as of the last commit. */
  keyframe(): RowParts {
    const tables: Wire[][] = [];
    for (const row of this.#rows.keys())
      appendRow(rowsOf(tables, row.table.index), row, this.#seenOf(row), true);
    return parts(tables);
  }

  /** Written out: a look-up by name, of three in the same place, costs more than the rest of a change. */
  #seenOf({ table: { masks } }: CommittedRow): number {
    switch (this.audience) {
      case "sight":
        return masks.sight;
      case "owner":
        return masks.owner;
      default:
        return masks[this.audience];
    }
  }

  #markDirty(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#onDirty?.(this);
  }

  #pendingRows(row: CommittedRow): Wire[] {
    return rowsOf(this.#pending, row.table.index);
  }
}

function rowsOf(tables: (Wire[] | undefined)[], index: number): Wire[] {
  let rows = tables[index];
  if (rows === undefined) {
    rows = [];
    // Tables before this one stay holes' explicit equals, so that the array keeps its fast form.
    while (tables.length <= index) tables.push(undefined);
    tables[index] = rows;
  }
  return rows;
}

function parts(tables: readonly (Wire[] | undefined)[]): RowParts {
  return tables.flatMap((rows, table) => (rows === undefined ? [] : [table, rows]));
}

function changedSince(row: CommittedRow, base: number): number {
  let mask = 0;
  for (let field = 0; field < row.changedAt.length; field++)
    if ((row.changedAt[field] as number) > base) mask |= 1 << field;
  return mask;
}

function appendRow(to: Wire[], row: CommittedRow, mask: number, entered: boolean): void {
  to.push(row.id, mask * 2 + (entered ? 1 : 0));
  for (let field = 0, rest = mask; rest !== 0; field++, rest >>>= 1)
    if ((rest & 1) === 1) to.push(row.values[field] as Wire);
}
