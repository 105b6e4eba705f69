import * as v from "valibot";
import { defineRoom } from "../../server/room/define-room.ts";
import { fail } from "../../server/room/outcomes.ts";
import type { Game } from "../../shared/definition/game.ts";
import {
  defineGame,
  held,
  i16,
  pressed,
  record,
  ref,
  table,
  text,
  u8,
  u16,
  visibleTo,
} from "../../shared/game.ts";

/** A game with one of everything that the server handles. */
export const probe = defineGame({
  name: "probe",
  tickRate: 20,
  join: v.optional(v.object({ name: v.pipe(v.string(), v.maxLength(16)) }), { name: "nobody" }),
  state: {
    players: table(
      { name: text(16), x: u16, shots: u8, secret: visibleTo("owner", u8) },
      { owner: "player" },
    ),
    things: table({ n: u8 }),
    match: record({ round: u8 }),
  },
  input: { move: held(i16), fire: pressed() },
  events: { said: { by: ref("players"), text: text(64) }, gone: { what: ref("things") } },
  messages: {
    say: v.object({ text: v.pipe(v.string(), v.maxLength(64)) }),
    act: v.object({ does: v.string() }),
  },
  requests: {
    add: {
      input: v.object({ a: v.number(), b: v.number() }),
      reply: v.object({ sum: v.number() }),
      errors: ["overflow", "too-odd"],
    },
    act: { input: v.object({ does: v.string() }), reply: v.object({ done: v.string() }) },
  },
});

/** The same, where types are of no interest. */
export const probeGame: Game = probe as unknown as Game;

/** Messages, requests and events by their place on the wire. */
export const SAY = 0;
export const ACT = 1;
export const ADD = 0;
export const SAID = 0;
export const GONE = 1;

/** Handlers of {@link probe} for rooms that are about something else. */
export const quietHandlers = {
  on: { say: () => undefined, act: () => undefined },
  requests: {
    add: (_room: unknown, _player: unknown, { a, b }: { a: number; b: number }) =>
      a + b > 1_000 ? fail("overflow") : { sum: a + b },
    act: (_room: unknown, _player: unknown, { does }: { does: string }) => ({ done: does }),
  },
};

/** A room where players move, fire and talk, and nothing fails. */
export const probeRoom = defineRoom(probe, {
  ...quietHandlers,
  graceMs: 0,
  maxPlayers: 64,
  join(_room, player, { name }) {
    player.row.name = name;
    player.row.secret = player.id;
  },
  tick(room) {
    room.state.match.round = room.tick % 200;
    for (const player of room.players) {
      player.row.x = Math.min(60_000, Math.max(0, player.row.x + player.input.move));
      if (player.input.fire) player.row.shots = (player.row.shots + 1) % 256;
    }
  },
  on: {
    say(room, player, { text }) {
      room.broadcast("said", { by: player.row, text });
    },
    act() {},
  },
});
