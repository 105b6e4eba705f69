import type { Followed } from "../../server/room/following.ts";
import type { Seat } from "../../server/room/seat.ts";
import type { CommittedRow } from "../../shared/state/committed-row.ts";
import type { CommittedState } from "../../shared/state/committed-state.ts";
import { type HashedTable, stateHash } from "../../shared/state/state-hash.ts";

type HashedRow = HashedTable["rows"][number];

/**
 * What each of these players sees after the last tick, as hashes by player: equal to those of their replicas.
 * Nothing of it is how frames are made: it asks in which cells rows are committed and which the players follow.
 */
export function sightHashes(state: CommittedState, seats: readonly Seat[]): Map<number, string> {
  const wanted = new Set(seats.flatMap(({ following }) => following.held));
  const byCell = state.layout.tables.map((table) => {
    const rows = new Map<Followed, CommittedRow[]>();
    for (const row of state.rows(table))
      for (const cell of row.cells) {
        if (cell === undefined || !wanted.has(cell)) continue;
        const there = rows.get(cell);
        if (there === undefined) rows.set(cell, [row]);
        else there.push(row);
      }
    return rows;
  });
  return new Map(
    seats.map((seat) => {
      const tables = state.layout.tables.map((table, index): HashedTable => {
        const { room, sight } = table.masks;
        const near = seat.following.held.flatMap((cell) => byCell[index]?.get(cell) ?? []);
        const seen = new Set(near);
        const rows: HashedRow[] = near.map((row) => masked(row, room | sight));
        if (room !== 0) for (const row of state.rows(table)) if (!seen.has(row)) rows.push(masked(row, room));
        return { mask: room | sight, rows };
      });
      return [seat.id, stateHash(tables)];
    }),
  );
}

function masked({ id, values }: CommittedRow, mask: number): HashedRow {
  return { id, values: values.map((value, field) => ((mask & (1 << field)) === 0 ? undefined : value)) };
}
