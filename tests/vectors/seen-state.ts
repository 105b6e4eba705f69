import type { RoomCore } from "../../server/room/room-core.ts";
import type { Seat } from "../../server/room/seat.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import { type HashedTable, stateHash } from "../../shared/state/state-hash.ts";
import { type PlainState, plain } from "./vector-format.ts";

type Values = readonly (Wire | undefined)[];

/**
 * What a player is to see of a room, by what the room committed: the vectors' truth, in whose making no client
 * had a part.
 */
export function seenState(core: RoomCore, seat: Seat): { readonly state: PlainState; readonly hash: string } {
  const held = new Set(seat.following.held);
  const rows = core.state.layout.tables.map((layout) => {
    const seen = new Map<number, Values>();
    for (const row of core.state.rows(layout)) {
      const { masks } = layout;
      const inSight = row.cells.some((cell) => cell !== undefined && held.has(cell));
      const mask =
        masks.room |
        (inSight ? masks.sight : 0) |
        (row.source === seat.row ? masks.owner : 0) |
        (row.group !== undefined && held.has(row.group) ? masks.group : 0);
      if (mask === 0) continue;
      seen.set(
        row.id,
        row.values.map((wire, field) => ((mask & (1 << field)) === 0 ? undefined : wire)),
      );
    }
    return seen;
  });
  const lookup = (table: string, id: number) => {
    const index = core.state.layout.tableByName.get(table)?.index ?? -1;
    return rows[index]?.has(id) ? { row: id } : undefined;
  };
  const state = core.state.layout.tables.map(({ name, kind, index, fields }) => {
    const told = [...(rows[index] ?? [])].map(([id, values]): [string, Record<string, unknown>] => [
      `${id}`,
      Object.fromEntries(
        fields.flatMap(({ name, codec }, field) => {
          const wire = values[field];
          return wire === undefined ? [] : [[name, plain(codec.restore(wire, lookup))]];
        }),
      ),
    ]);
    told.sort(([a], [b]) => Number(a) - Number(b));
    return [name, kind === "record" ? (told[0]?.[1] ?? {}) : Object.fromEntries(told)];
  });
  const hash = stateHash(
    core.state.layout.tables.map(
      ({ index, masks }): HashedTable => ({
        mask: masks.room | masks.sight,
        rows: [...(rows[index] ?? [])].map(([id, values]) => ({ id, values })),
      }),
    ),
  );
  return { state: Object.fromEntries(state) as PlainState, hash };
}
