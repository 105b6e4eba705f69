import type { RowLookup } from "../shared/state/field-codec.ts";
import type { TableLayout } from "../shared/state/game-layout.ts";
import type { ReplicaRow } from "../shared/state/replica.ts";
import type { Release } from "../shared/tick/clock.ts";
import type { MirrorTable } from "./client-room.ts";
import { Listeners, type ReportError } from "./listeners.ts";
import { fieldNames, MirrorRow, type WireValues } from "./mirror-row.ts";
import type { RowWatch } from "./row-watch.ts";

type ChangeListener = (row: MirrorRow, changed: ReadonlySet<never>) => void;

/**
 * The rows of one table in sight. The mirror changes it in steps, so that listeners meet the whole tick: first
 * all tables take their rows over, then additions are told, then changes, at the end removals.
 */
export class LiveTable implements MirrorTable<MirrorRow> {
  readonly #layout: TableLayout;
  readonly #lookup: RowLookup;
  readonly #rows = new Map<number, MirrorRow>();
  readonly #onAdd: Listeners<[row: MirrorRow]>;
  readonly #onChange: Listeners<[row: MirrorRow, changed: ReadonlySet<string>]>;
  readonly #onLeaveSight: Listeners<[row: MirrorRow]>;
  readonly #onRemove: Listeners<[row: MirrorRow]>;
  /** In the table, but not told yet. */
  readonly #unannounced = new Set<MirrorRow>();
  readonly #changes: { readonly row: MirrorRow; readonly mask: number }[] = [];
  /** Gone from the table, but not told yet: references still lead here. */
  readonly #leaving = new Map<
    number,
    { readonly row: MirrorRow; readonly how: "removed" | "out-of-sight" }
  >();
  /** Out of sight, but still told of by another stream. */
  #faded: { readonly row: MirrorRow; readonly values: WireValues; readonly mask: number }[] = [];

  #watch: RowWatch | undefined;

  constructor(layout: TableLayout, lookup: RowLookup, report: ReportError) {
    this.#layout = layout;
    this.#lookup = lookup;
    this.#onAdd = new Listeners(report);
    this.#onChange = new Listeners(report);
    this.#onLeaveSight = new Listeners(report);
    this.#onRemove = new Listeners(report);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: number): MirrorRow | undefined {
    return this.#rows.get(id);
  }

  [Symbol.iterator](): IterableIterator<MirrorRow> {
    return this.#rows.values();
  }

  onAdd(listener: (row: MirrorRow) => void): Release {
    const here = [...this.#rows.values()].filter((row) => !this.#unannounced.has(row));
    return this.#onAdd.addAndReplay(
      here.map((row): [MirrorRow] => [row]),
      listener,
    );
  }

  onChange(listener: ChangeListener): Release {
    return this.#onChange.add(listener as (row: MirrorRow, changed: ReadonlySet<string>) => void);
  }

  onLeaveSight(listener: (row: MirrorRow) => void): Release {
    return this.#onLeaveSight.add(listener);
  }

  onRemove(listener: (row: MirrorRow) => void): Release {
    return this.#onRemove.add(listener);
  }

  watchedBy(watch: RowWatch): void {
    this.#watch = watch;
    for (const row of this.#rows.values()) watch.entered(row, MirrorRow.valuesOf(row));
  }

  /** Where a reference leads: also to rows whose removal is just being told. */
  resolve(id: number): MirrorRow | undefined {
    return this.#rows.get(id) ?? this.#leaving.get(id)?.row;
  }

  entered({ id, values }: ReplicaRow): void {
    const row = MirrorRow.create(this.#layout, id, values, this.#lookup);
    this.#rows.set(id, row);
    this.#unannounced.add(row);
    this.#watch?.entered(row, values);
  }

  changed({ id, values }: ReplicaRow, mask: number): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    MirrorRow.update(row, this.#layout, values, mask);
    this.#watch?.changed(row, values, mask);
    if (this.#onChange.any) this.#changes.push({ row, mask });
  }

  left({ id }: ReplicaRow, how: "removed" | "out-of-sight"): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#rows.delete(id);
    this.#leaving.set(id, { row, how });
    this.#watch?.left(row);
  }

  faded({ id, values }: ReplicaRow, mask: number): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#faded.push({ row, values, mask });
  }

  announceAdditions(): void {
    for (const row of this.#unannounced) {
      // First, so that one who begins to listen now hears of this row by the replay, and once.
      this.#unannounced.delete(row);
      this.#onAdd.notify(row);
    }
  }

  announceChanges(): void {
    if (this.#changes.length === 0) return;
    for (const { row, mask } of this.#changes.splice(0))
      this.#onChange.notify(row, fieldNames(this.#layout, mask));
  }

  announceRemovals(): void {
    for (const { row } of this.#faded) this.#onLeaveSight.notify(row);
    for (const { row, how } of this.#leaving.values())
      (how === "removed" ? this.#onRemove : this.#onLeaveSight).notify(row);
  }

  /** All tables have told: now references lead to what left no more, and what faded is unknown. */
  forgetRemovals(): void {
    this.#leaving.clear();
    for (const { row, values, mask } of this.#faded) {
      MirrorRow.update(row, this.#layout, values, mask);
      this.#watch?.changed(row, values, mask);
    }
    this.#faded = [];
  }
}
