import type { FieldCodec, RowLookup, Wire } from "../shared/state/field-codec.ts";
import type { TableLayout } from "../shared/state/game-layout.ts";

/** Quantised values by field; `undefined` where this client does not see the field. */
export type WireValues = readonly (Wire | undefined)[];

type RowClass = new (table: TableLayout, id: number, values: WireValues, lookup: RowLookup) => MirrorRow;

/** By layout, so that a thousand clients of a game in one process share the classes of its rows. */
const classes = new WeakMap<TableLayout, RowClass>();

/**
 * A row as the game sees it. Plain fields are its own properties, so that it logs and spreads as data. Fields
 * that refer to rows are getters of its class: a reference is looked up when it is read, and reads as undefined
 * while the other row is not in sight. So does every field that this client does not see.
 *
 * Whatever is done to a row is a static method: its own names all belong to the game.
 */
export class MirrorRow {
  readonly id: number;
  readonly #lookup: RowLookup;
  #values: WireValues;

  constructor(table: TableLayout, id: number, values: WireValues, lookup: RowLookup) {
    this.id = id;
    this.#lookup = lookup;
    this.#values = values;
    // All fields at once and in order, so that the rows of a table share one hidden class.
    for (let field = 0; field < table.fields.length; field++) this.#restore(table, field);
  }

  /** Makes a row of the table's class. */
  static create(table: TableLayout, id: number, values: WireValues, lookup: RowLookup): MirrorRow {
    let rowClass = classes.get(table);
    if (rowClass === undefined) {
      rowClass = makeRowClass(table);
      classes.set(table, rowClass);
    }
    return new rowClass(table, id, values, lookup);
  }

  /** Takes over the fields in `mask` from the replica's values. */
  static update(row: MirrorRow, table: TableLayout, values: WireValues, mask: number): void {
    row.#values = values;
    for (let field = 0, rest = mask; rest !== 0; field++, rest >>>= 1)
      if ((rest & 1) === 1) row.#restore(table, field);
  }

  static valuesOf(row: MirrorRow): WireValues {
    return row.#values;
  }

  static reference(row: MirrorRow, field: number, codec: FieldCodec): unknown {
    const wire = row.#values[field];
    return wire === undefined ? undefined : codec.restore(wire, row.#lookup);
  }

  #restore(table: TableLayout, field: number): void {
    const layout = table.fields[field];
    if (layout === undefined || layout.refers) return;
    const wire = this.#values[field];
    const value = wire === undefined ? undefined : layout.codec.restore(wire, this.#lookup);
    (this as unknown as Record<string, unknown>)[layout.name] = value;
  }
}

function makeRowClass(table: TableLayout): RowClass {
  const rowClass = class extends MirrorRow {};
  // What consoles show in front of a row.
  Object.defineProperty(rowClass, "name", { value: table.name });
  table.fields.forEach(({ name, codec, refers }, field) => {
    if (!refers) return;
    Object.defineProperty(rowClass.prototype, name, {
      enumerable: true,
      get(this: MirrorRow) {
        return MirrorRow.reference(this, field, codec);
      },
    });
  });
  return rowClass;
}

/** The names of the fields in a mask. */
export function fieldNames(table: TableLayout, mask: number): ReadonlySet<string> {
  return new Set(table.fields.filter((_, field) => ((mask >>> field) & 1) === 1).map(({ name }) => name));
}
