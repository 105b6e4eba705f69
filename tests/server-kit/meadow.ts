import { defineRoom } from "../../server/room/define-room.ts";
import { defineGame, fixed, record, ref, table, text, u8, u16, visibleTo } from "../../shared/game.ts";

/** A game of places: rows for those in sight, with fields for the room and for the owner beside. */
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
      },
      { owner: "player", position: ["x", "y"] },
    ),
    seeds: table(
      { x: fixed(-100, 100, 0.5), y: fixed(-100, 100, 0.5), n: u16, by: ref("hares") },
      { position: ["x", "y"] },
    ),
    scores: table({ n: u16 }),
    weather: record({ wind: u8 }),
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
