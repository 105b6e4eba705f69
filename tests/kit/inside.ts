import type { GameServer } from "../../server/game-server.ts";
import type { RoomCore } from "../../server/room/room-core.ts";
import type { MemoryTransport } from "../../server/transport/memory/memory-transport.ts";

/** What a test server is made of. Not for authors of games: it may change with every version. */
interface Inside {
  readonly game: GameServer;
  readonly transport: MemoryTransport;
}

const insides = new WeakMap<object, Inside>();

export function keepInside(server: object, inside: Inside): void {
  insides.set(server, inside);
}

export function insideOf(server: object): Inside {
  const inside = insides.get(server);
  if (inside === undefined) throw new Error("a test server that was never started");
  return inside;
}

/** The server's side of a room, as Tickcast's own tests look at it. */
export function coreOf(server: object, { id }: { readonly id: string }): RoomCore {
  const room = insideOf(server).game.matchmaker.rooms.get(id);
  if (room === undefined) throw new Error(`there is no room "${id}" (any more)`);
  return room;
}
