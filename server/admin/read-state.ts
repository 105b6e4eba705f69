import type { CommittedRow } from "../../shared/state/committed-row.ts";
import type { Wire } from "../../shared/state/field-codec.ts";
import type { TableLayout } from "../../shared/state/game-layout.ts";
import type { RoomCore } from "../room/room-core.ts";
import type { DefinitionAnswer, MapAnswer, ReadableRow, ReadableValue, RowsAnswer } from "./answers.ts";
import type { Excerpt } from "./excerpt.ts";

/** Dots of one table on the map. Beyond: the map says how many there are. */
const MOST_DOTS = 5_000;

/** Bytes of a value that are shown. */
const SHOWN_BYTES = 32;

/** A room's game as plain data, from which a page reads any state. */
export function readDefinition(room: RoomCore, cellSize: number | undefined): DefinitionAnswer {
  const { tables } = room.state.layout;
  return {
    game: room.game.description,
    cellSize: cellSize ?? null,
    rows: Object.fromEntries(tables.map((table) => [table.name, room.state.size(table)])),
  };
}

/** Rows of a table as committed at the end of the last tick, whoever may see them: it is the operator who asks. */
export function readRows(room: RoomCore, table: TableLayout, { search, offset, limit }: Excerpt): RowsAnswer {
  const wanted = search.toLowerCase();
  const found: CommittedRow[] = [];
  for (const row of room.state.rows(table)) if (row.sent && matches(row, wanted)) found.push(row);
  return {
    tick: room.tick,
    total: found.length,
    rows: found.slice(offset, offset + limit).map(readRow),
  };
}

export function readRow(row: CommittedRow): ReadableRow {
  return {
    id: row.id,
    values: row.table.fields.map(({ codec }, index) =>
      readable(codec.restore(row.values[index] as Wire, (_table, id) => id)),
    ),
  };
}

/** Where everything is that has a position. */
export function readMap(room: RoomCore): MapAnswer {
  return {
    tick: room.tick,
    tables: room.state.layout.tables
      .filter(({ position }) => position !== undefined)
      .map((table) => readPositions(room, table)),
  };
}

function readPositions(room: RoomCore, table: TableLayout): MapAnswer["tables"][number] {
  const ids: number[] = [];
  const x: number[] = [];
  const y: number[] = [];
  const [atX = 0, atY = 0] = table.position ?? [];
  const number = (row: CommittedRow, at: number): number =>
    Number(table.fields[at]?.codec.restore(row.values[at] as Wire, () => undefined));
  for (const row of room.state.rows(table)) {
    if (!row.sent) continue;
    if (ids.length === MOST_DOTS) break;
    ids.push(row.id);
    x.push(shortened(number(row, atX)));
    y.push(shortened(number(row, atY)));
  }
  return { name: table.name, total: room.state.size(table), ids, x, y };
}

function matches(row: CommittedRow, wanted: string): boolean {
  if (wanted === "" || `#${row.id}` === wanted) return true;
  return row.table.fields.some(({ name }) => {
    const value = row.source[name];
    return typeof value === "string" && value.toLowerCase().includes(wanted);
  });
}

function readable(value: unknown): ReadableValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return shortened(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Uint8Array)
    return { bytes: value.length, hex: Buffer.from(value.subarray(0, SHOWN_BYTES)).toString("hex") };
  return Array.isArray(value) ? value.map(readable) : null;
}

function shortened(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
