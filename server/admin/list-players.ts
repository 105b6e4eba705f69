import type { RoomCore } from "../room/room-core.ts";
import type { Seat } from "../room/seat.ts";
import type { PlayerLine, PlayersAnswer } from "./answers.ts";
import type { Excerpt } from "./excerpt.ts";

/** Who has a seat, and how each keeps up. In order of joining, so that nobody moves while one reads. */
export function listPlayers(room: RoomCore, { search, offset, limit }: Excerpt): PlayersAnswer {
  const wanted = search.toLowerCase();
  const found = [...room.seats].filter(
    (seat) =>
      wanted === "" ||
      `#${seat.id}` === wanted ||
      seat.presence.now.state === wanted ||
      (nameOf(room, seat) ?? "").toLowerCase().includes(wanted),
  );
  return {
    total: found.length,
    players: found.slice(offset, offset + limit).map((seat) => describe(room, seat)),
  };
}

function describe(room: RoomCore, seat: Seat): PlayerLine {
  const { now } = seat.presence;
  const { acknowledgedTick } = seat.acks;
  return {
    id: seat.id,
    name: nameOf(room, seat),
    row: seat.row?.id ?? null,
    state: now.state,
    why: "cause" in now ? now.cause : "reason" in now ? now.reason : null,
    behind: acknowledgedTick >= 0 ? Math.max(0, room.tick - acknowledgedTick) : null,
    bufferedBytes: seat.presence.link?.bufferedBytes() ?? 0,
    streams: seat.following.held.length,
    waitingCalls: seat.waitingCalls,
    keptTicks: now.state === "away" ? Math.max(0, now.until - room.tick) : null,
  };
}

/** Most games have a name in the player's own row, and as its first text. */
function nameOf(room: RoomCore, seat: Seat): string | null {
  const { ownerTable } = room.state.layout;
  const described = room.game.description.tables[ownerTable?.index ?? -1];
  const field = described?.fields.find(({ field: { type } }) => type === "text");
  const name = field && seat.row?.[field.name];
  return typeof name === "string" ? name : null;
}
