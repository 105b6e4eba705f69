import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../server/room/define-room.ts";
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

/** What goes wrong in a room on purpose. */
export const misdeeds = ["nothing", "throws", "throws-in-handlers", "rejects", "loops"] as const;
export type Misdeed = (typeof misdeeds)[number];

const HZ = 20;
/** Rooms that throw or loop in their tick do so in this one, when everybody is there. */
const GOES_WRONG_WHEN = "now";

/** A game with one of everything that a client can send. */
export const drillGame = defineGame({
  name: "drill",
  tickRate: HZ,
  join: v.optional(v.object({ name: v.pipe(v.string(), v.maxLength(16)) }), { name: "nobody" }),
  state: {
    players: table(
      { name: text(16), x: u16, shots: u8, secret: visibleTo("owner", u8) },
      { owner: "player" },
    ),
    match: record({ round: u8 }),
  },
  input: { move: held(i16), fire: pressed() },
  events: { said: { by: ref("players"), text: text(64) } },
  messages: {
    say: v.object({ text: v.pipe(v.string(), v.maxLength(64)) }),
    act: v.object({ does: v.string() }),
  },
  requests: {
    add: { input: v.object({ a: v.number(), b: v.number() }), reply: v.object({ sum: v.number() }) },
    act: { input: v.object({ does: v.string() }), reply: v.object({ done: v.string() }) },
  },
});

/** The same, where types are of no interest. */
export const anyDrillGame = drillGame as unknown as Game;

/** Where many wait who are told little: a tick twice a second. */
export const lobbyGame = defineGame({
  name: "lobby",
  tickRate: 2,
  state: { players: table({ seen: u8 }, { owner: "player" }), match: record({ round: u8 }) },
});

/** Milliseconds from tick to tick of {@link drillGame}. */
export const DRILL_PERIOD_MS = 1000 / HZ;

export interface RoomTimes {
  /** How long those whose connection is lost keep their seat. */
  readonly graceMs: number;
  readonly emptyForMs: number;
}

/** Players who move, shoot and talk, and a room that does what it was made for, when it is told to. */
export function drillRoom({ graceMs, emptyForMs }: RoomTimes): RoomDefinition {
  return defineRoom(drillGame, {
    maxPlayers: 200,
    graceMs,
    emptyForMs,
    options: v.object({
      does: v.optional(v.picklist(misdeeds), "nothing"),
      /** Rooms of another series are others: whoever asks for a new one gets it. */
      series: v.optional(v.pipe(v.string(), v.maxLength(16)), ""),
    }),
    data: () => ({ goesWrong: false }),
    join(_room, player, { name }) {
      player.row.name = name;
      player.row.secret = player.id % 256;
    },
    tick(room) {
      room.state.match.round = room.tick % 200;
      for (const player of room.players) {
        player.row.x = Math.min(60_000, Math.max(0, player.row.x + player.input.move));
        if (player.input.fire) player.row.shots = (player.row.shots + 1) % 256;
      }
      if (!room.data.goesWrong) return;
      const { does } = room.options;
      if (does === "throws") throw new Error("thrown on purpose");
      if (does === "loops") for (;;);
    },
    on: {
      say(room, player, { text: said }) {
        if (room.options.does === "throws-in-handlers") throw new Error("thrown on purpose");
        room.broadcast("said", { by: player.row, text: said });
      },
      act(room, _player, { does }) {
        if (does === GOES_WRONG_WHEN) room.data.goesWrong = true;
      },
    },
    requests: {
      add: (_room, _player, { a, b }) => ({ sum: a + b }),
      act: async (room, _player, { does }) => {
        if (room.options.does === "rejects") throw new Error("rejected on purpose");
        return { done: does };
      },
    },
  });
}

export function lobbyRoom({ emptyForMs }: Pick<RoomTimes, "emptyForMs">): RoomDefinition {
  return defineRoom(lobbyGame, {
    maxPlayers: 100,
    emptyForMs,
    tick(room) {
      room.state.match.round = room.tick % 200;
    },
  });
}
