import type { ClientRoom } from "../../client/client-room.ts";
import { InvalidValueError, type QuantiseContext, type Wire } from "../../shared/state/field-codec.ts";
import type { GameLayout, TableLayout } from "../../shared/state/game-layout.ts";
import { type HashedTable, stateHash } from "../../shared/state/state-hash.ts";

type Row = Readonly<Record<string, unknown>> & { readonly id: number };

/** A row that is referred to may be out of sight: it is told by its id. */
const context: QuantiseContext = { outOfRange: () => {}, holds: () => true };

/**
 * The hash of a state as a room of the SDK reads: every value that it shows, quantised anew, must be what the
 * server committed. A row's fields that are out of sight read `undefined`, as an unseen row that is referred to
 * does: games with references need a shadow instead.
 */
export function roomHash(room: Pick<ClientRoom, "state">, layout: GameLayout): string {
  return stateHash(
    layout.tables.map((table): HashedTable => {
      const held = room.state[table.name] as unknown;
      const rows = table.kind === "table" ? [...(held as Iterable<Row>)] : [held as Row];
      return {
        mask: table.masks.room | table.masks.sight,
        rows: rows.map((row) => ({ id: row.id, values: wires(table, row) })),
      };
    }),
  );
}

function wires({ fields }: TableLayout, row: Row): (Wire | undefined)[] {
  return fields.map(({ name, codec }) => {
    try {
      return codec.quantise(row[name], context);
    } catch (error) {
      // No value of the field at all: it is out of sight.
      if (error instanceof InvalidValueError) return undefined;
      throw error;
    }
  });
}
