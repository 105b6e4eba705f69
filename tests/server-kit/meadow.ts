import { defineRoom } from "../../server/room/define-room.ts";
import {
  defineGame,
  fixed,
  oneOf,
  optional,
  record,
  ref,
  table,
  text,
  u8,
  u16,
  visibleTo,
} from "../../shared/game.ts";

/** A game of places and groups: rows for those in sight, with fields for the room, the owner and a group beside. */
export const meadow = defineGame({
  name: "meadow",
  tickRate: 20,
  state: {
    hares: table(
      {
        name: visibleTo("room", text(8)),
        x: fixed(-100, 100, 0.5),
        y: fixed(-100, 100, 0.5),
        fear: u8,
        den: visibleTo("owner", u8),
        clan: visibleTo("room", optional(oneOf("grey", "brown", "white"))),
        plan: visibleTo("group", u8),
        heir: visibleTo("group", ref("hares")),
      },
      { owner: "player", position: ["x", "y"], group: "clan" },
    ),
    seeds: table(
      { x: fixed(-100, 100, 0.5), y: fixed(-100, 100, 0.5), n: u16, by: ref("hares") },
      { position: ["x", "y"] },
    ),
    scores: table({ n: u16 }),
    weather: record({ wind: u8 }),
    // Seen by their group alone, and by those in sight; a number is another group than a word.
    burrows: table({ of: optional(u8), n: u16 }, { group: "of", visibleTo: "group" }),
    nests: table(
      { x: fixed(-100, 100, 0.5), y: fixed(-100, 100, 0.5), of: text(5), eggs: visibleTo("group", u8) },
      { position: ["x", "y"], group: "of" },
    ),
  },
  events: { rustle: { n: u16, from: ref("seeds") } },
});

export const MEADOW_CELL = 20;

/** Nothing happens but what a test does. */
export const meadowRoom = defineRoom(meadow, {
  graceMs: 0,
  maxPlayers: 200,
  emptyForMs: Number.POSITIVE_INFINITY,
  interest: { cellSize: MEADOW_CELL },
});

/** The same without interest: everybody sees everything. */
export const openMeadowRoom = defineRoom(meadow, {
  graceMs: 0,
  maxPlayers: 200,
  emptyForMs: Number.POSITIVE_INFINITY,
});
