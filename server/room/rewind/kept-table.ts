import type { TableDescription } from "../../../shared/definition/description.ts";
import type { Fields } from "../../../shared/definition/table.ts";
import type { CommittedRow } from "../../../shared/state/committed-row.ts";
import type { TableLayout } from "../../../shared/state/game-layout.ts";
import type { Look, PresentRows } from "./moment.ts";
import { type NumberField, numberFields } from "./number-fields.ts";
import {
  earlierNumber,
  laterNumber,
  type PastRowClass,
  type PastRowParts,
  pastRowClass,
} from "./past-row.ts";
import type { PastTable } from "./past-world.ts";
import { TableSnapshot } from "./table-snapshot.ts";

type PastRow = InstanceType<PastRowClass>;

/** A table whose past is kept: which of its fields, and what a row of then is made of. */
export class KeptTable {
  readonly name: string;
  readonly #index: number;
  readonly #fields: readonly NumberField[];
  readonly #row: PastRowClass;
  readonly #present: PresentRows;
  /** Of those that glide, the ones that can change by more than a movement: their places among the fields. */
  readonly #bounded: readonly number[];

  constructor(
    /** Its place among the kept tables. */
    index: number,
    layout: TableLayout,
    description: TableDescription,
    definition: Fields,
    present: PresentRows,
  ) {
    this.name = layout.name;
    this.#index = index;
    this.#fields = numberFields(layout, description, definition);
    this.#row = pastRowClass(layout.name, this.#fields);
    this.#present = present;
    this.#bounded = this.#fields.flatMap(({ glides, teleport }, index) =>
      glides && teleport < Number.POSITIVE_INFINITY ? [index] : [],
    );
  }

  snapshot(): TableSnapshot {
    return new TableSnapshot(this.#fields);
  }

  record(into: TableSnapshot): void {
    into.record(this.#present, this.#present.size);
  }

  /** The table as it was. */
  at(look: Look): PastTable<PastRow> {
    return new TableAt(this, look);
  }

  sizeAt(look: Look): number {
    return this.#before(look)?.size ?? this.#present.size;
  }

  find(look: Look, id: number): PastRow | undefined {
    const before = this.#before(look);
    if (before === undefined) {
      const row = this.#present.find(id);
      return row && this.#presentRow(look, row);
    }
    const place = before.placeOf(id);
    return place < 0 ? undefined : this.#pastRow(look, before, place);
  }

  *rowsAt(look: Look): IterableIterator<PastRow> {
    const before = this.#before(look);
    if (before === undefined) for (const row of this.#present) yield this.#presentRow(look, row);
    else for (let place = 0; place < before.size; place++) yield this.#pastRow(look, before, place);
  }

  #before(look: Look): TableSnapshot | undefined {
    return look.before?.tables[this.#index];
  }

  #presentRow(look: Look, row: CommittedRow): PastRow {
    return new this.#row({
      look,
      row,
      before: undefined,
      place: -1,
      after: undefined,
      afterPlace: -1,
      part: 0,
    });
  }

  #pastRow(look: Look, before: TableSnapshot, place: number): PastRow {
    const row = before.rows[place] as CommittedRow;
    const after = look.after?.tables[this.#index];
    const afterPlace = after?.placeOfRow(row) ?? -1;
    // A row that is removed later stays as it was until then.
    const goesOn = after === undefined ? this.#present.find(row.id) === row : afterPlace >= 0;
    const parts = { look, row, before, place, after, afterPlace, part: goesOn ? look.part : 0 };
    if (parts.part !== 0 && this.#isTeleport(parts)) parts.part = 0;
    return new this.#row(parts);
  }

  /** Whether the row was put elsewhere between the two moments: then none of its fields moves. */
  #isTeleport(parts: PastRowParts): boolean {
    for (const index of this.#bounded) {
      const { change, teleport } = this.#fields[index] as NumberField;
      const by = change(earlierNumber(parts, index), laterNumber(parts, this.#fields, index));
      if (Math.abs(by) > teleport * parts.look.ticks) return true;
    }
    return false;
  }
}

/** A kept table as one look sees it. */
class TableAt implements PastTable<PastRow> {
  readonly #table: KeptTable;
  readonly #look: Look;

  constructor(table: KeptTable, look: Look) {
    this.#table = table;
    this.#look = look;
  }

  get size(): number {
    return this.#table.sizeAt(this.#look);
  }

  get(id: number): PastRow | undefined {
    return this.#table.find(this.#look, id);
  }

  [Symbol.iterator](): IterableIterator<PastRow> {
    return this.#table.rowsAt(this.#look);
  }
}
