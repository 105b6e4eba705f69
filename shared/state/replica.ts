import type { Visibility } from "../definition/field.ts";
import { StreamAudience } from "../protocol/frames.ts";
import type { Wire } from "./field-codec.ts";
import type { GameLayout, TableLayout } from "./game-layout.ts";
import { LEFT_FOR_GOOD, type LeaveParts, type RowParts } from "./row-stream.ts";
import { type HashedTable, stateHash } from "./state-hash.ts";

/** A row as a client holds it: quantised values, and the streams that have it. */
export interface ReplicaRow {
  readonly id: number;
  readonly table: TableLayout;
  /** By field; `undefined` where this client does not see the field. */
  values: (Wire | undefined)[];
  /** A handful at most: a cell, the room, one's own. */
  readonly streams: number[];
  /** A stream said that it left for good, not to where this client does not look. */
  removed: boolean;
  /** Fields changed in the tick being closed. */
  changed: number;
  /** Whether it was there when the tick began to close. */
  known: boolean;
}

/** Told what a closed tick did, row by row, when the whole tick is applied. */
export interface ReplicaSink {
  entered(row: ReplicaRow): void;
  changed(row: ReplicaRow, mask: number): void;
  /** No held stream has it. Called after everything else of the tick, see {@link Replica.sweep}. */
  left(row: ReplicaRow, how: "removed" | "out-of-sight"): void;
  /** It is out of sight, though other streams still tell of it: the fields of `mask` are not known any more. */
  faded(row: ReplicaRow, mask: number): void;
}

/** The server sent what cannot be: the mirror is not to be trusted any more. */
export class ReplicaError extends Error {
  override readonly name = "ReplicaError";
}

type Staged =
  | {
      readonly kind: "keyframe";
      readonly stream: number;
      readonly rows: RowParts;
      readonly audience: number | undefined;
    }
  | { readonly kind: "delta"; readonly stream: number; readonly rows: RowParts; readonly leaves: LeaveParts };

/**
 * A client's copy of the state in its sight. Frames are staged as they arrive and applied when the tick
 * closes: a whole tick or none of it.
 */
export class Replica {
  readonly layout: GameLayout;
  readonly #tables: readonly Map<number, ReplicaRow>[];
  readonly #otherAudience: (stream: number) => Visibility;
  readonly #held = new Set<number>();
  /** Those of them that are groups', as their keyframes said. */
  readonly #groups = new Set<number>();
  #staged: Staged[] = [];
  /** What has no keyframe in the tick being staged is followed no more. */
  #resetting = false;
  /** Streams that are followed no more once the tick has closed. */
  #releasing = new Set<number>();
  #touched: ReplicaRow[] = [];
  #orphans: ReplicaRow[] = [];
  /** Sets, since a row may be let go by several cells or groups in one tick. */
  #fading = new Set<ReplicaRow>();
  #leftGroup = new Set<ReplicaRow>();

  /** @param otherAudience whom a stream is for that is no group's: it says which fields are lost with it */
  constructor(layout: GameLayout, otherAudience: (stream: number) => Visibility = () => "room") {
    this.layout = layout;
    this.#otherAudience = otherAudience;
    this.#tables = layout.tables.map(() => new Map());
  }

  rows(table: TableLayout): ReadonlyMap<number, ReplicaRow> {
    return this.#tables[table.index] as Map<number, ReplicaRow>;
  }

  /** Whom a stream is for. */
  audienceOf(stream: number): Visibility {
    return this.#groups.has(stream) ? "group" : this.#otherAudience(stream);
  }

  /** Whether a stream is followed, as of the last closed tick. */
  holds(stream: number): boolean {
    return this.#held.has(stream);
  }

  /** The rows that each stream tells of. */
  rowsByStream(): ReadonlyMap<number, readonly ReplicaRow[]> {
    const byStream = new Map<number, ReplicaRow[]>();
    for (const table of this.#tables)
      for (const row of table.values())
        for (const stream of row.streams) {
          const rows = byStream.get(stream);
          if (rows === undefined) byStream.set(stream, [row]);
          else rows.push(row);
        }
    return byStream;
  }

  /** @param audience a {@link StreamAudience}, where the keyframe names one */
  stageKeyframe(stream: number, rows: RowParts, audience?: number): void {
    this.#staged.push({ kind: "keyframe", stream, rows, audience });
  }

  stageDelta(stream: number, rows: RowParts, leaves: LeaveParts): void {
    this.#staged.push({ kind: "delta", stream, rows, leaves });
  }

  /**
   * The stream is not followed any more. What it still says in this tick does not show, but for who is gone for
   * good: a row that came into a cell as it was let go never was in sight.
   */
  stageRelease(stream: number): void {
    this.#releasing.add(stream);
  }

  /** Whatever is held is followed no more, but for streams whose keyframe is staged in the same tick. */
  stageReset(): void {
    this.#resetting = true;
  }

  /** Forgets what was staged for a tick that will not close. */
  discard(): void {
    this.#staged = [];
    this.#releasing.clear();
    this.#resetting = false;
  }

  /**
   * Applies everything staged, in order of arrival, and tells which rows entered and changed. Rows that no
   * held stream has any more stay readable until {@link sweep}.
   *
   * @throws ReplicaError
   */
  close(sink: ReplicaSink): void {
    const staged = this.#staged;
    this.#staged = [];
    if (this.#resetting) this.#releaseAllBut(staged);
    for (const part of staged) {
      if (part.kind === "keyframe") this.#begin(part.stream, part.audience);
      this.#held.add(part.stream);
      if (!this.#releasing.has(part.stream)) this.#applyRows(part.stream, part.rows);
      if (part.kind === "delta") this.#applyLeaves(part.stream, part.leaves);
    }
    for (const stream of this.#releasing) {
      this.#releaseStream(stream, false);
      this.#groups.delete(stream);
    }
    this.#releasing.clear();
    this.#forgetGroups();
    const touched = this.#touched;
    this.#touched = [];
    for (const row of touched) {
      const { changed, known } = row;
      row.changed = 0;
      row.known = true;
      if (!known) sink.entered(row);
      else if (changed !== 0) sink.changed(row, changed);
    }
  }

  /** Ends the tick: drops the rows that no held stream has, and tells of each. */
  sweep(sink: ReplicaSink): void {
    const orphans = this.#orphans;
    this.#orphans = [];
    for (const row of orphans) {
      if (row.streams.length > 0) continue;
      if ((this.#tables[row.table.index] as Map<number, ReplicaRow>).delete(row.id))
        sink.left(row, row.removed ? "removed" : "out-of-sight");
    }
    const fading = this.#fading;
    this.#fading = new Set();
    for (const row of fading)
      if (row.streams.length > 0 && !this.#isSeenBy("sight", row)) this.#fade(row, sink);
  }

  /** Equal to the server's hash of the same tick, for one who sees all but what is for owners and groups alone. */
  hash(): string {
    return stateHash(
      this.layout.tables.map(
        (table): HashedTable => ({
          mask: table.masks.room | table.masks.sight,
          rows: [...this.rows(table).values()],
        }),
      ),
    );
  }

  #releaseAllBut(staged: readonly Staged[]): void {
    this.#resetting = false;
    const renewed = new Set(staged.filter(({ kind }) => kind === "keyframe").map(({ stream }) => stream));
    for (const stream of this.#held) if (!renewed.has(stream)) this.#releasing.add(stream);
  }

  /** A keyframe says the whole stream: what it does not name is no longer in it. */
  #begin(stream: number, audience: number | undefined): void {
    // What the room's does not name is gone for good; a cell or a group may have lost it to another.
    const before = this.audienceOf(stream);
    this.#releaseStream(stream, before === "room" || before === "owner");
    if (audience === StreamAudience.group) this.#groups.add(stream);
    else this.#groups.delete(stream);
  }

  #releaseStream(stream: number, forGood: boolean): void {
    if (!this.#held.delete(stream)) return;
    for (const table of this.#tables)
      for (const row of table.values()) if (this.#release(row, stream) && forGood) row.removed = true;
  }

  /** False where the stream does not have the row. */
  #release(row: ReplicaRow, stream: number): boolean {
    const at = row.streams.indexOf(stream);
    if (at === -1) return false;
    row.streams.splice(at, 1);
    if (row.streams.length === 0) this.#orphans.push(row);
    // Also where no stream has it now: another may, before the tick has closed.
    const audience = this.audienceOf(stream);
    if (audience === "sight") this.#fading.add(row);
    else if (audience === "group") this.#leftGroup.add(row);
    return true;
  }

  #isSeenBy(audience: Visibility, row: ReplicaRow): boolean {
    return row.streams.some((stream) => this.audienceOf(stream) === audience);
  }

  /** Of rows that are in no followed group any more, though other streams still tell of them: a change as any. */
  #forgetGroups(): void {
    for (const row of this.#leftGroup) {
      if (row.streams.length === 0 || this.#isSeenBy("group", row)) continue;
      const { group } = row.table.masks;
      if (row.known && row.changed === 0) this.#touched.push(row);
      row.values.forEach((value, field) => {
        if ((group & (1 << field)) === 0 || value === undefined) return;
        row.values[field] = undefined;
        row.changed |= 1 << field;
      });
    }
    this.#leftGroup.clear();
  }

  #fade(row: ReplicaRow, sink: ReplicaSink): void {
    const { sight } = row.table.masks;
    // A copy: whoever holds the values as they were can still read them while this is told.
    row.values = row.values.map((value, field) => ((sight & (1 << field)) === 0 ? value : undefined));
    sink.faded(row, sight);
  }

  #applyRows(stream: number, parts: RowParts): void {
    for (let part = 0; part + 1 < parts.length; part += 2) {
      const table = this.layout.tables[parts[part] as number];
      if (table === undefined) throw new ReplicaError(`there is no table ${String(parts[part])}`);
      this.#applyTable(stream, table, parts[part + 1] as readonly Wire[]);
    }
  }

  #applyTable(stream: number, table: TableLayout, flat: readonly Wire[]): void {
    const rows = this.#tables[table.index] as Map<number, ReplicaRow>;
    let at = 0;
    while (at < flat.length) {
      const id = flat[at++] as number;
      if (at >= flat.length) throw new ReplicaError(`row ${id} of "${table.name}" is cut short`);
      const header = flat[at++] as number;
      let row = rows.get(id);
      if ((header & 1) === 1) {
        if (row === undefined) {
          row = { id, table, values: [], streams: [], removed: false, changed: 0, known: false };
          rows.set(id, row);
          this.#touched.push(row);
        }
        if (!row.streams.includes(stream)) row.streams.push(stream);
        row.removed = false;
      } else if (row === undefined)
        throw new ReplicaError(`row ${id} of "${table.name}" changed, but never entered`);
      if (row.known && row.changed === 0) this.#touched.push(row);
      for (let field = 0, rest = header >>> 1; rest !== 0; field++, rest >>>= 1) {
        if ((rest & 1) === 0) continue;
        if (at >= flat.length) throw new ReplicaError(`row ${id} of "${table.name}" is cut short`);
        const wire = flat[at++] as Wire;
        const held = row.values[field];
        // A keyframe and a delta since an older tick repeat what is held already: that is no change.
        if (held !== undefined && table.fields[field]?.codec.same(wire, held)) continue;
        row.values[field] = wire;
        row.changed |= 1 << field;
      }
    }
  }

  #applyLeaves(stream: number, leaves: LeaveParts): void {
    for (let at = 0; at + 2 < leaves.length; at += 3) {
      const row = this.#tables[leaves[at] as number]?.get(leaves[at + 1] as number);
      // One who entered the stream in this very tick got a keyframe without the row.
      if (row === undefined) continue;
      if (leaves[at + 2] === LEFT_FOR_GOOD) row.removed = true;
      this.#release(row, stream);
    }
  }
}
