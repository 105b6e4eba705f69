import type { CommittedRow } from "../../../shared/state/committed-row.ts";
import type { NumberField } from "./number-fields.ts";

/**
 * The number fields of a table's rows at the end of one tick, as they were committed. Used again for another tick
 * once this one is too old: after the first ticks of a room recording allocates nothing.
 */
export class TableSnapshot {
  /** In the table's order; those from `size` on are left from fuller ticks. */
  readonly rows: (CommittedRow | undefined)[] = [];
  size = 0;
  readonly #fields: readonly NumberField[];
  #values = new Float64Array(0);
  /** By row id. Entries of other ticks stay: one is right where the row at that place has that id. */
  #places = new Int32Array(0);

  constructor(fields: readonly NumberField[]) {
    this.#fields = fields;
  }

  record(rows: Iterable<CommittedRow>, count: number): void {
    const fields = this.#fields;
    const before = this.size;
    if (count * fields.length > this.#values.length)
      this.#values = new Float64Array(2 * count * fields.length);
    const values = this.#values;
    let place = 0;
    let at = 0;
    for (const row of rows) {
      this.rows[place] = row;
      if (row.id >= this.#places.length) this.#widen(row.id);
      this.#places[row.id] = place;
      for (let field = 0; field < fields.length; field++)
        values[at++] = row.values[(fields[field] as NumberField).place] as number;
      place += 1;
    }
    this.size = place;
    // Rows that are gone are not to be kept alive.
    if (before > place) this.rows.fill(undefined, place, before);
  }

  /** The place of the row with that id at that tick, or −1. */
  placeOf(id: number): number {
    const place = this.#places[id] ?? -1;
    return place >= 0 && place < this.size && this.rows[place]?.id === id ? place : -1;
  }

  /** The place of this very row, whoever else has had its id, or −1. */
  placeOfRow(row: CommittedRow): number {
    const place = this.placeOf(row.id);
    return this.rows[place] === row ? place : -1;
  }

  /** What a number field was, by its place among them. */
  value(place: number, field: number): number {
    const fields = this.#fields;
    return (fields[field] as NumberField).restore(this.#values[place * fields.length + field] as number);
  }

  #widen(id: number): void {
    const wider = new Int32Array(2 * (id + 1));
    wider.set(this.#places);
    this.#places = wider;
  }
}
