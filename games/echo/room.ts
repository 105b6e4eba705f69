import { defineRoom } from "tickcast/server";
import { echo } from "./echo.ts";

/** How an echo room behaves: connections share the room, but none hears another. */
export const echoRoom = defineRoom(echo, {
  maxPlayers: 1_000,
  emptyForMs: 5_000,

  tick(room) {
    room.state.traffic.connections = room.players.size;
  },

  on: {
    say(room, player, { text, number }) {
      player.send("echo", { text, number });
      room.state.traffic.echoes += 1;
    },
  },

  requests: {
    ping(room, _player, { number }) {
      return { number, tick: room.tick };
    },
  },
});
