import type { CommittedRow } from "../../../shared/state/committed-row.ts";
import type { Look } from "./moment.ts";
import type { NumberField } from "./number-fields.ts";
import type { TableSnapshot } from "./table-snapshot.ts";

/** Where the numbers of one row come from. */
export interface PastRowParts {
  readonly look: Look;
  readonly row: CommittedRow;
  /** The row's snapshot before the moment; `undefined`: the present alone. */
  readonly before: TableSnapshot | undefined;
  readonly place: number;
  /** Where the row is in the snapshot after it. `undefined`: the present, or nowhere, see `part`. */
  readonly after: TableSnapshot | undefined;
  readonly afterPlace: number;
  /** 0 where the row does not glide: nothing is after it. */
  readonly part: number;
}

/** Makes the rows of one table: a getter for each number field, which computes when it is read and not before. */
export type PastRowClass = new (parts: PastRowParts) => { readonly id: number };

/** @param place names the table in errors */
export function pastRowClass(place: string, fields: readonly NumberField[]): PastRowClass {
  class PastRow {
    readonly id: number;
    readonly #parts: PastRowParts;

    constructor(parts: PastRowParts) {
      this.id = parts.row.id;
      this.#parts = parts;
    }

    static read(row: PastRow, field: number): number {
      return numberOf(row.#parts, fields, field, place);
    }
  }
  for (const [field, { name }] of fields.entries())
    Object.defineProperty(PastRow.prototype, name, {
      enumerable: true,
      get(this: PastRow) {
        return PastRow.read(this, field);
      },
    });
  return PastRow;
}

function numberOf(parts: PastRowParts, fields: readonly NumberField[], index: number, table: string): number {
  if (!parts.look.isOpen)
    throw new Error(`a past row of ${table} is read after room.rewind returned: return numbers, not the row`);
  if (parts.before === undefined) return laterNumber(parts, fields, index);
  const from = earlierNumber(parts, index);
  if (parts.part === 0) return from;
  const field = fields[index] as NumberField;
  if (!field.glides) return from;
  return field.moved(from, field.change(from, laterNumber(parts, fields, index)), parts.part);
}

/** A number of the row at the moment before. */
export function earlierNumber({ before, place }: PastRowParts, index: number): number {
  return before?.value(place, index) ?? Number.NaN;
}

/** A number of the row at the moment after, or at present. */
export function laterNumber(
  { after, afterPlace, row }: PastRowParts,
  fields: readonly NumberField[],
  index: number,
): number {
  if (after !== undefined) return after.value(afterPlace, index);
  return row.source[(fields[index] as NumberField).name] as number;
}
