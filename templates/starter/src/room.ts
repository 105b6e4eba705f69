import { defineRoom } from "tickcast/server";
import { meadow } from "./game.ts";
import { HEIGHT, step, WIDTH } from "./step.ts";

/** What the server does. Rows are plain objects: assign to them, and players see it. */
export const meadowRoom = defineRoom(meadow, {
  maxPlayers: 50,

  join(room, { row }, { name }) {
    row.name = name;
    row.hue = Math.floor(room.random() * 360);
    row.x = WIDTH * (0.25 + room.random() / 2);
    row.y = HEIGHT * (0.25 + room.random() / 2);
  },

  /** Twenty times a second. */
  tick(room, dt) {
    for (const { row, input } of room.players) step(row, input, dt);
  },
});
