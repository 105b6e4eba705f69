import * as v from "valibot";
import { defineRoom } from "../../server/room/define-room.ts";
import { fail } from "../../server/room/outcomes.ts";
import {
  angle,
  bool,
  bytes,
  cold,
  defineGame,
  fixed,
  held,
  i16,
  i32,
  list,
  oneOf,
  optional,
  pressed,
  record,
  ref,
  table,
  text,
  tick,
  u8,
  u16,
  u32,
  visibleTo,
} from "../../shared/game.ts";

/** A game with one of everything that crosses the wire. */
export const specimen = defineGame({
  name: "specimen",
  tickRate: 20,
  join: v.object({ name: v.string() }),
  state: {
    players: table(
      {
        name: visibleTo("room", text(12)),
        x: fixed(-100, 100, 0.5),
        y: fixed(-100, 100, 0.5),
        aim: angle(),
        energy: visibleTo("owner", u8),
        team: visibleTo("room", optional(oneOf("red", "blue"))),
        plan: visibleTo("group", text(20)),
        leader: visibleTo("group", ref("players")),
      },
      { owner: "player", position: ["x", "y"], group: "team" },
    ),
    things: table({
      small: u8,
      medium: u16,
      large: u32,
      low: i16,
      lower: i32,
      at: tick(),
      on: bool,
      share: fixed(0, 1, 0.1),
      turn: angle(7),
      label: text(8),
      raw: bytes(8),
      kind: oneOf("first", "second", "third"),
      owner: ref("players"),
      maybe: optional(u8),
      maybeText: optional(text(4)),
      numbers: list(u16, 4),
      pairs: list(list(u8, 2), 3),
      people: list(ref("players"), 3),
      level: cold(list(u8, 16)),
      note: cold(text(40)),
    }),
    stones: table({ x: fixed(-100, 100, 0.5), y: fixed(-100, 100, 0.5), n: u8 }, { position: ["x", "y"] }),
    weather: record({ wind: u8, word: oneOf("calm", "wild") }),
    chests: table({ of: optional(oneOf("red", "blue")), gold: u16 }, { group: "of", visibleTo: "group" }),
  },
  input: {
    walk: held(angle(), "optional"),
    aim: held(angle()),
    fire: held(bool),
    pace: held(fixed(0, 1, 0.1)),
    jump: pressed(),
  },
  events: {
    said: { by: ref("players"), text: text(40) },
    whispered: { text: text(40) },
    gone: { what: ref("stones"), left: optional(u8) },
    cracked: { x: fixed(-100, 100, 0.5), parts: list(u8, 3) },
  },
  messages: { say: v.object({ text: v.string() }) },
  requests: {
    add: {
      input: v.object({ a: v.number(), b: v.number() }),
      reply: v.object({ sum: v.number() }),
      errors: ["too-odd", "too-much"],
    },
  },
});
export type Specimen = (typeof specimen)["spec"];

const config = {
  maxPlayers: 10,
  emptyForMs: 600_000,
  graceMs: 60_000,
} as const;

/** Nothing happens but what a scenario does, and answers. */
const hooks = {
  on: {
    say: (
      room: { broadcast(event: "said", value: never): void },
      player: { row: unknown },
      message: object,
    ) => void room.broadcast("said", { by: player.row, ...message } as never),
  },
  requests: {
    add(_room: unknown, _player: unknown, { a, b }: { a: number; b: number }) {
      if (a + b > 1_000) return fail("too-much");
      if (a + b < 0) throw new Error("an error of the game");
      return { sum: a + b };
    },
  },
};

/** Everybody sees everything but what is for owners and groups. */
export const openSpecimenRoom = defineRoom(specimen, {
  ...config,
  ...hooks,
  join: (_room, player, { name }) => void Object.assign(player.row, { name, energy: 100 }),
});

/** Players see the cells around their row. */
export const specimenRoom = defineRoom(specimen, {
  ...config,
  ...hooks,
  interest: { cellSize: 20 },
  join: (_room, player, { name }) => void Object.assign(player.row, { name, energy: 100 }),
});
