import * as v from "valibot";
import { defineRoom, type RoomDefinition } from "../../../server/room/define-room.ts";
import { defineGame, record, table, u32 } from "../../../shared/game.ts";

/** Few seats, so that a handful of players needs several rooms. */
export const FERRY_SEATS = 4;

/** A room whose state tells whether anything was counted twice, or left out. */
export const ferry = defineGame({
  name: "ferry",
  tickRate: 20,
  join: v.object({ number: v.number() }),
  state: {
    sailors: table({ number: u32, calls: u32, last: u32 }, { owner: "player" }),
    bell: record({ strokes: u32 }),
  },
  events: { stroke: { n: u32 } },
  messages: { call: v.object({ n: v.number() }) },
});

/** What the ferries write down. */
export interface FerryBooks {
  /** Call `n` of that player arrived behind call `last`. */
  called(number: number, n: number, last: number): void;
}

export function ferryRoom(books: FerryBooks, { seats = FERRY_SEATS, graceMs = 8_000 } = {}): RoomDefinition {
  return defineRoom(ferry, {
    maxPlayers: seats,
    graceMs,
    emptyForMs: 2_000,
    join(_room, player, { number }) {
      player.row.number = number;
    },
    tick(room) {
      if (room.tick % 4 !== 0) return;
      room.state.bell.strokes += 1;
      room.broadcast("stroke", { n: room.state.bell.strokes });
    },
    on: {
      call(_room, { row }, { n }) {
        books.called(row.number, n, row.last);
        row.calls += 1;
        row.last = n;
      },
    },
  });
}
