import { RECORD_ROW } from "../shared/definition/description.ts";
import type { QuantiseContext, RowLookup } from "../shared/state/field-codec.ts";
import type { TableLayout } from "../shared/state/game-layout.ts";
import type { ReplicaRow } from "../shared/state/replica.ts";
import type { Release } from "../shared/tick/clock.ts";
import { Listeners, type ReportError } from "./listeners.ts";
import { fieldNames, MirrorRow } from "./mirror-row.ts";
import type { RowWatch } from "./row-watch.ts";

/** Initial values are in range and refer to nobody. */
const initialContext: QuantiseContext = { outOfRange: () => {}, holds: () => false };

/** The one row of a record: the same object from the first tick to the last. */
export class LiveRecord {
  readonly row: MirrorRow;
  readonly #layout: TableLayout;
  readonly #onChange: Listeners<[row: MirrorRow, changed: ReadonlySet<string>]>;
  #changed = 0;
  #watch: RowWatch | undefined;

  constructor(layout: TableLayout, lookup: RowLookup, report: ReportError) {
    this.#layout = layout;
    const initial = layout.fields.map(({ codec }) => codec.quantise(codec.initial(), initialContext));
    this.row = MirrorRow.create(layout, RECORD_ROW, initial, lookup);
    this.#onChange = new Listeners(report);
  }

  onChange(listener: (row: MirrorRow, changed: ReadonlySet<string>) => void): Release {
    return this.#onChange.add(listener);
  }

  watchedBy(watch: RowWatch): void {
    this.#watch = watch;
    watch.entered(this.row, MirrorRow.valuesOf(this.row));
  }

  /** The server's row came into sight: it takes the place of the initial values, in the same object. */
  entered({ values }: ReplicaRow): void {
    const all = allFields(this.#layout);
    MirrorRow.update(this.row, this.#layout, values, all);
    this.#watch?.changed(this.row, values, all);
  }

  changed({ values }: ReplicaRow, mask: number): void {
    MirrorRow.update(this.row, this.#layout, values, mask);
    this.#watch?.changed(this.row, values, mask);
    this.#changed = mask;
  }

  announceChanges(): void {
    const mask = this.#changed;
    if (mask === 0) return;
    this.#changed = 0;
    this.#onChange.notify(this.row, fieldNames(this.#layout, mask));
  }
}

function allFields(layout: TableLayout): number {
  return 2 ** layout.fields.length - 1;
}
