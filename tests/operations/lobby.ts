import { defineGame, oneOf, record, table, text, u8, u16 } from "tickcast/game";
import { defineClusterEvents, defineRoom } from "tickcast/server";

/** What rooms of all servers tell the lobbies of all servers. */
export const lobbyNews = defineClusterEvents("lobby", {
  room: { id: text(32), players: u16, seats: u16, is: oneOf("open", "playing", "over") },
  announcement: { text: text(200) },
});

export const duel = defineGame({ name: "duel", tickRate: 20, state: { match: record({ round: u8 }) } });

export const duelRoom = defineRoom(duel, {
  queue: { players: 2, withinMs: 20_000 },
  create(room) {
    // Said again and again: who missed it, or has just begun to listen, knows two seconds later.
    const tell = (): undefined => {
      const is = room.hasBegun ? "playing" : "open";
      room.publish(lobbyNews, "room", { id: room.id, players: room.players.size, seats: 2, is });
      room.after(2, tell);
    };
    tell();
  },
  leave(room) {
    // The one who leaves is still there.
    if (room.players.size === 1)
      room.publish(lobbyNews, "room", { id: room.id, players: 0, seats: 2, is: "over" });
  },
});

export const lobby = defineGame({
  name: "lobby",
  tickRate: 10,
  state: {
    rooms: table({ room: text(32), players: u16, seats: u16, is: oneOf("open", "playing", "over") }),
  },
  events: { announcement: { text: text(200) } },
});

/** A room that is not heard of for so long has ended, or its server has. */
const FORGET_TICKS = 50;

export const lobbyRoom = defineRoom(lobby, {
  maxPlayers: 500,
  data: () => ({ heard: new Map<string, number>() }),
  create(room) {
    room.listen(lobbyNews, "room", ({ id, ...news }) => {
      const known = [...room.state.rooms].find((row) => row.room === id);
      if (news.is === "over") {
        if (known !== undefined) room.state.rooms.remove(known);
        return;
      }
      room.data.heard.set(id, room.tick);
      Object.assign(known ?? room.state.rooms.add({ room: id }), news);
    });
    room.listen(lobbyNews, "announcement", (news) => {
      room.broadcast("announcement", news);
    });
  },
  tick(room) {
    for (const row of [...room.state.rooms]) {
      if (room.tick - (room.data.heard.get(row.room) ?? 0) < FORGET_TICKS) continue;
      room.data.heard.delete(row.room);
      room.state.rooms.remove(row);
    }
  },
});
