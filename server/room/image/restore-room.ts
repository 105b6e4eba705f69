import type { SourceRow } from "../../../shared/state/committed-row.ts";
import { newSource } from "../../../shared/state/committed-state.ts";
import { RowStream } from "../../../shared/state/row-stream.ts";
import type { RoomCore } from "../room-core.ts";
import type { KeptParts } from "./kept-parts.ts";
import type { RoomImage, RoomPast, SeatImage } from "./room-image.ts";
import { writeColumns } from "./table-columns.ts";

/**
 * Ids that may have been given between an image and the end of a process that was not prepared for it. Nobody can
 * know, but more new ones than this would be more rows at a time than the room ever had.
 */
const UNSAVED_IDS = 1_000;

/** The ids that a restored room gives next: above every one that was given before, whether it was saved or not. */
export function nextIdsOf({ kind, nextIds: { rows, players, streams } }: RoomImage): RoomImage["nextIds"] {
  const unsaved = kind === "exact" ? 0 : UNSAVED_IDS;
  return {
    rows: rows.map((next) => next + unsaved),
    players: players + unsaved,
    streams: streams + unsaved,
  };
}

/** Fills a room that was just made with what it was. All of its players are away. */
export function restoreRoom(room: RoomCore, { image, firstTick }: RoomPast, parts: KeptParts): void {
  const { publisher, streamIds } = parts;
  const { state, seats } = room;
  const nextIds = nextIdsOf(image);
  room.metadata = image.metadata;
  room.locked = image.locked;
  room.visibility = image.visibility;
  state.goOn(firstTick - 1, nextIds.rows);
  streamIds.beginAt(nextIds.streams);
  seats.beginAt(nextIds.players);
  publisher.goOn(image.nextEvent, image.events);

  const streams = new Map(
    image.seats.map(({ id, stream }) => [id, new RowStream(stream, "owner", parts.horizonTicks)]),
  );
  const owners = new Map(image.seats.map((seat) => [seat.row, seat]));
  const { ownerTable } = state.layout;
  const ownRows = new Map<SeatImage, SourceRow>();
  const written = state.layout.tables.map((table) => {
    const columns = image.tables[table.index] ?? { ids: [], columns: [] };
    const sources = columns.ids.map((id) => {
      const owner = table === ownerTable ? owners.get(id) : undefined;
      const source = state.addAgain(table, id, owner && streams.get(owner.id));
      if (owner !== undefined) ownRows.set(owner, source);
      return source;
    });
    return { table, columns, sources };
  });
  // Behind all rows, which they may refer to.
  for (const { table, columns, sources } of written)
    writeColumns(sources, table, columns, (name, id) => state.find(name, id));

  for (const saved of image.seats) {
    const stream = streams.get(saved.id) as RowStream;
    // A game may have removed a player's row: the player still holds it.
    const row = ownerTable && (ownRows.get(saved) ?? newSource(ownerTable, saved.row, {}));
    const seat = seats.occupyAgain(saved, { stream, row, until: room.attendance.awayUntil }, firstTick - 1);
    room.attendance.keep(seat, saved.away);
  }
  room.attendance.match?.goOn(image);
  if (image.everEntered) room.attendance.somebodyEntered();
}
