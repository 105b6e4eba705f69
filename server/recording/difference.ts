import type { RecordedState } from "../../shared/recording/recorded-state.ts";
import type { CommittedState } from "../../shared/state/committed-state.ts";
import type { FieldCodec, Wire } from "../../shared/state/field-codec.ts";

/** Where two states first differ. */
export interface Difference {
  readonly table: string;
  readonly row: number;
  /** Absent where one of the two does not have the row. */
  readonly field?: string;
  readonly recorded: unknown;
  readonly now: unknown;
}

/** The first place, in the order of tables, row ids and fields, in which a state is not what was recorded. */
export function firstDifference(recorded: RecordedState, state: CommittedState): Difference | undefined {
  for (const table of state.layout.tables) {
    const before = recorded.rows(table.index);
    const now = new Map([...state.rows(table)].filter(({ sent }) => sent).map((row) => [row.id, row.values]));
    for (const row of [...new Set([...before.keys(), ...now.keys()])].sort((a, b) => a - b)) {
      const [values, others] = [before.get(row), now.get(row)];
      if (values === undefined || others === undefined)
        return { table: table.name, row, recorded: presence(values), now: presence(others) };
      for (const [index, { name, codec }] of table.fields.entries()) {
        const [wire, other] = [values[index] as Wire, others[index] as Wire];
        if (wire === other || (typeof wire === "object" && wire !== null && codec.same(wire, other)))
          continue;
        return {
          table: table.name,
          row,
          field: name,
          recorded: readable(codec, wire),
          now: readable(codec, other),
        };
      }
    }
  }
  return undefined;
}

/** The difference in words, without its tick. */
export function differenceInWords({ table, row, field, recorded, now }: Difference): string {
  if (field === undefined) return `row ${row} of "${table}" ${recorded} in the recording and ${now} now`;
  return `${table}.${field} of row ${row} was ${text(recorded)} in the recording and is ${text(now)} now`;
}

function presence(values: readonly Wire[] | undefined): string {
  return values === undefined ? "is not there" : "is there";
}

function readable(codec: FieldCodec, wire: Wire): unknown {
  return codec.restore(wire, (_table, id) => id);
}

function text(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value instanceof Uint8Array)
    return `${value.length} bytes ${Buffer.from(value.subarray(0, 16)).toString("hex")}`;
  return JSON.stringify(value);
}
