import type { RoomCore } from "../room/room-core.ts";
import type { PlayersByState, RoomSummary } from "./answers.ts";
import type { RoomTicks } from "./room-ticks.ts";

/** A room as the list shows it. */
export function describeRoom(room: RoomCore, ticks: RoomTicks | undefined): RoomSummary {
  const { tickRate } = room.game.spec;
  return {
    ...room.name,
    players: { total: room.seats.size, ...playersByState([room]) },
    maxPlayers: room.maxPlayers,
    locked: room.locked,
    visibility: room.visibility,
    tick: room.tick,
    tickRate,
    load: ticks?.loadSince(room.tick - tickRate, 1) ?? null,
  };
}

export function playersByState(rooms: Iterable<RoomCore>): PlayersByState {
  const counts = { entering: 0, following: 0, stalled: 0, returning: 0, away: 0, gone: 0 };
  for (const room of rooms) for (const seat of room.seats) counts[seat.presence.now.state] += 1;
  const { gone: _, ...present } = counts;
  return present;
}
