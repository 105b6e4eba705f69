import { angle, defineGame, fixed, held, pressed, table, text, u8, visibleTo } from "tickcast/game";
import { defineRoom, fail } from "tickcast/server";
import * as v from "valibot";

export const tag = defineGame({
  name: "tag",
  tickRate: 20,
  join: v.object({ name: v.string() }),
  state: {
    players: table(
      { name: text(16), x: fixed(0, 100, 0.1), jumps: u8, secret: visibleTo("owner", text(16)) },
      { owner: "player" },
    ),
  },
  input: { run: held(angle(), "optional"), jump: pressed() },
  events: { shout: { words: text(64) } },
  messages: { shout: v.object({ words: v.string() }) },
  requests: {
    hide: { input: v.object({}), reply: v.object({ at: v.number() }), errors: ["too-tired"] },
  },
});

export const tagRoom = defineRoom(tag, {
  graceMs: 10_000,
  join(_room, player, { name }) {
    player.row.name = name;
    player.row.secret = `${name}'s`;
  },
  tick(room, dt) {
    for (const { input, row } of room.players) {
      if (input.jump) row.jumps += 1;
      if (input.run !== undefined) row.x += Math.cos(input.run) * 10 * dt;
    }
  },
  on: {
    shout(room, _player, { words }) {
      room.broadcast("shout", { words });
    },
  },
  requests: {
    hide(room, { row }) {
      if (row.jumps > 0) return fail("too-tired");
      row.x = Math.floor(room.random() * 100);
      return { at: row.x };
    },
  },
});
