import { isDeepStrictEqual } from "node:util";
import type { ClientRoom } from "../../client/client-room.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";
import type { Replica } from "../../shared/state/replica.ts";

type ReadRoom = Pick<ClientRoom, "state" | "tick">;

interface ReadableTable {
  readonly size: number;
  get(id: number): unknown;
}

/** What of a room of the SDK reads otherwise than the same frames say, row by row; as sentences. */
export function differences(room: ReadRoom, replica: Replica): string[] {
  return replica.layout.tables.flatMap((table) => {
    const rows = replica.rows(table);
    const held = room.state[table.name] as unknown as ReadableTable;
    const ofRows = [...rows].flatMap(([id, { values }]) =>
      rowDifferences(table, id, values, table.kind === "table" ? held.get(id) : held),
    );
    const ofSize =
      table.kind === "table" && held.size !== rows.size
        ? [`${table.name} has ${held.size} rows, not ${rows.size}`]
        : [];
    return [...ofSize, ...ofRows].map((sentence) => `in tick ${room.tick}: ${sentence}`);
  });
}

function rowDifferences(
  { name: table, fields }: TableLayout,
  id: number,
  values: readonly (Wire | undefined)[],
  held: unknown,
): string[] {
  return fields.flatMap(({ name, codec, refers }, field) => {
    const wire = values[field];
    // What a reference reads depends on other rows, which are compared themselves.
    if (wire === undefined || refers) return [];
    const shown = (held as Readonly<Record<string, unknown>> | undefined)?.[name];
    const meant = codec.restore(wire, () => undefined);
    return isDeepStrictEqual(shown, meant)
      ? []
      : [`${table}.${name} of row ${id} is ${String(shown)}, not ${String(meant)}`];
  });
}
