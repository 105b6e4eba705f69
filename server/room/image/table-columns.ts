import type { GameDescription } from "../../../shared/definition/description.ts";
import type { FieldDescription } from "../../../shared/definition/field.ts";
import type { SourceRow } from "../../../shared/state/committed-row.ts";
import type { CommittedState } from "../../../shared/state/committed-state.ts";
import type { RowLookup, Wire } from "../../../shared/state/field-codec.ts";
import type { TableLayout } from "../../../shared/state/game-layout.ts";
import type { TableColumns } from "./room-image.ts";

/** Takes the rows of a table as of the last commit. A column at a time: each loop reads one property of every row. */
export function takeColumns(
  state: CommittedState,
  table: TableLayout,
  description: GameDescription,
): TableColumns {
  const rows = [...state.rows(table)];
  const columns = table.fields.map(({ name }, field) => {
    if (!holdsNumbers(description.tables[table.index]?.fields[field]?.field))
      return rows.map(({ values }) => values[field] as Wire);
    const column = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const value = (rows[i] as { source: SourceRow }).source[name];
      column[i] = value === undefined ? Number.NaN : (value as number);
    }
    return column;
  });
  return { ids: rows.map(({ id }) => id), columns };
}

/** Writes columns back into rows that are there, in the order of their ids. References are looked up by `rows`. */
export function writeColumns(
  sources: readonly SourceRow[],
  table: TableLayout,
  { columns }: TableColumns,
  rows: RowLookup,
): void {
  table.fields.forEach(({ name, codec }, field) => {
    const column = columns[field];
    if (column === undefined) return;
    sources.forEach((source, i) => {
      const value = column[i];
      if (column instanceof Float64Array) source[name] = Number.isNaN(value) ? undefined : value;
      else source[name] = codec.restore(value as Wire, rows);
    });
  });
}

/** Whether columns can be a table's: as many fields, each of the kind that it is saved as, with a value for every row. */
export function fitsTable(
  { ids, columns }: TableColumns,
  table: TableLayout,
  description: GameDescription,
): boolean {
  return (
    columns.length === table.fields.length &&
    columns.every((column, field) => {
      const isNumbers = holdsNumbers(description.tables[table.index]?.fields[field]?.field);
      if (column.length !== ids.length || column instanceof Float64Array !== isNumbers) return false;
      return (
        column instanceof Float64Array || column.every((wire) => table.fields[field]?.codec.accepts(wire))
      );
    })
  );
}

function holdsNumbers(field: FieldDescription | undefined): boolean {
  switch (field?.type) {
    case "u8":
    case "u16":
    case "u32":
    case "i16":
    case "i32":
    case "tick":
    case "fixed":
    case "angle":
      return true;
    case "optional":
      return holdsNumbers(field.of);
    default:
      return false;
  }
}
