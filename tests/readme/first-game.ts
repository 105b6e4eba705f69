import { connect } from "tickcast/client";
import { angle, defineGame, fixed, held, table } from "tickcast/game";
import { defineRoom, serve } from "tickcast/server";

// What server, page and bots share: all types follow from it.
const meadow = defineGame({
  name: "meadow",
  tickRate: 20,
  state: { players: table({ x: fixed(0, 100, 0.1), y: fixed(0, 100, 0.1) }, { owner: "player" }) },
  input: { walk: held(angle(), "optional") },
});

// What the server does with it, twenty times a second. Rows are plain objects: assign, and players see it.
const meadowRoom = defineRoom(meadow, {
  tick(room, dt) {
    for (const { input, row } of room.players) {
      if (input.walk === undefined) continue;
      row.x += 10 * Math.cos(input.walk) * dt;
      row.y += 10 * Math.sin(input.walk) * dt;
    }
  },
});

export const server = await serve({ rooms: [meadowRoom], port: 0 });

// What a page or a bot does: the state is a live, typed, read-only mirror.
export const room = await connect(meadow, `${server.url}/meadow`);
room.state.players.onChange((row) => console.log(`tick ${room.tick}: x = ${row.x}`));
room.input({ walk: 0 });
